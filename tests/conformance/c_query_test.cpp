// SPDX-License-Identifier: MIT
//
// Rows C06, C07, C13, C14, C16: asking a proxy, or a packet, for an interface.
#include "two_apartments.hpp"

#include <insula/marshal/multi_qi.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace insula::test {
namespace {

class Query : public two_apartments {};

MULTI_QI question(REFIID iid) { return {&iid, nullptr, E_UNEXPECTED}; }

void release(MULTI_QI& answer) {
  if (answer.pItf != nullptr) answer.pItf->Release();
  answer.pItf = nullptr;
}

TEST_F(Query, C06_AnInterfaceThatTheObjectLacksIsNotThere) {
  const auto proxy = counter_at_home();
  void* out = this;
  EXPECT_EQ(proxy->QueryInterface(iid_of<IAbsent>(), &out), E_NOINTERFACE);
  EXPECT_EQ(out, nullptr);
}

TEST_F(Query, C06_TheObjectItselfIsAskedInItsApartment) {
  std::vector<long> asked_on;
  const auto proxy = counter_at_home();
  home.invoke([&] {
    log.on_query = [&](REFIID iid) {
      if (iid == iid_of<IAbsent>()) asked_on.push_back(::gettid());
    };
  });

  void* out = nullptr;
  EXPECT_EQ(proxy->QueryInterface(iid_of<IAbsent>(), &out), E_NOINTERFACE);

  const long home_thread = home.invoke([] { return static_cast<long>(::gettid()); });
  EXPECT_EQ(asked_on, std::vector<long>{home_thread});
}

TEST_F(Query, C06_AnInterfaceThatIsLackedCostsNoReference) {
  const auto proxy = counter_at_home();
  const int before = log.references;
  void* out = nullptr;
  EXPECT_EQ(proxy->QueryInterface(iid_of<IAbsent>(), &out), E_NOINTERFACE);
  EXPECT_EQ(log.references, before);
}

TEST_F(Query, C07_AnInterfaceThatNobodyCanMarshalIsNotThere) {
  const auto proxy = counter_at_home();
  const int before = log.references;
  void* out = this;
  EXPECT_EQ(proxy->QueryInterface(iid_of<IHidden>(), &out), E_NOINTERFACE);
  EXPECT_EQ(out, nullptr);
  EXPECT_EQ(log.references, before);
}

TEST_F(Query, C07_AnInterfaceThatNobodyCanMarshalMakesNoPacket) {
  const auto object = make_probe<counter>(log);
  com_ptr<IStream> stream;
  EXPECT_EQ(CoMarshalInterThreadInterfaceInStream(iid_of<IHidden>(), object->unknown(),
                                                  stream.put()),
            E_NOINTERFACE);
  EXPECT_EQ(stream, nullptr);
  EXPECT_EQ(log.references, 1);
}

TEST_F(Query, C13_AllFoundIsOk) {
  const auto many = counter_at_home().as<IMultiQI>();
  MULTI_QI asked[] = {question(iid_of<INamed>()), question(iid_of<IScaledCounter>())};

  EXPECT_EQ(many->QueryMultipleInterfaces(2, asked), S_OK);
  EXPECT_EQ(asked[0].hr, S_OK);
  EXPECT_EQ(asked[1].hr, S_OK);
  const com_ptr<INamed> name(static_cast<INamed*>(asked[0].pItf), take_ownership);
  const com_ptr<IScaledCounter> scaled(static_cast<IScaledCounter*>(asked[1].pItf),
                                       take_ownership);
  ULONG length = 0;
  LONG total = 0;
  EXPECT_EQ(name->Length("three", &length), S_OK);
  EXPECT_EQ(scaled->Add(7, &total), S_OK);
  EXPECT_EQ(length, 5u);
  EXPECT_EQ(total, 7);
}

TEST_F(Query, C13_SomeFoundIsFalse) {
  const auto many = counter_at_home().as<IMultiQI>();
  MULTI_QI asked[] = {question(iid_of<IAbsent>()), question(iid_of<INamed>())};

  EXPECT_EQ(many->QueryMultipleInterfaces(2, asked), S_FALSE);
  EXPECT_EQ(asked[0].hr, E_NOINTERFACE);
  EXPECT_EQ(asked[0].pItf, nullptr);
  EXPECT_EQ(asked[1].hr, S_OK);
  EXPECT_NE(asked[1].pItf, nullptr);
  release(asked[1]);
}

TEST_F(Query, C13_NoneFoundIsNoInterface) {
  const auto many = counter_at_home().as<IMultiQI>();
  MULTI_QI asked[] = {question(iid_of<IAbsent>()), question(iid_of<IHidden>())};

  EXPECT_EQ(many->QueryMultipleInterfaces(2, asked), E_NOINTERFACE);
  for (const MULTI_QI& entry : asked) {
    EXPECT_EQ(entry.hr, E_NOINTERFACE);
    EXPECT_EQ(entry.pItf, nullptr);
  }
}

TEST_F(Query, C13_WhatTheProxyHasNeedsNoApartmentToCall) {
  const auto number = counter_at_home();
  const auto many = number.as<IMultiQI>();
  home.close();
  MULTI_QI asked[] = {question(iid_of<ICounter>()), question(IID_IUnknown)};

  EXPECT_EQ(many->QueryMultipleInterfaces(2, asked), S_OK);
  EXPECT_EQ(asked[0].pItf, static_cast<IUnknown*>(number.get()));
  EXPECT_EQ(asked[1].pItf, number.as<IUnknown>().get());
  release(asked[0]);
  release(asked[1]);
}

TEST_F(Query, C13_WhatTheProxyHasNotIsAskedInOneCall) {
  std::vector<IID> queries;
  std::vector<std::string> seen;
  const auto many = counter_at_home().as<IMultiQI>();
  // What is posted in the middle of a call runs after it and before a call that comes later.
  home.invoke([&] {
    log.on_query = [&](REFIID iid) {
      if (iid != iid_of<INamed>() && iid != iid_of<IScaledCounter>() && iid != iid_of<IAbsent>())
        return;
      if (std::ranges::find(queries, iid) != queries.end()) return;
      queries.push_back(iid);
      seen.emplace_back("query");
      home.post_system([&] { seen.emplace_back("after the call"); });
    };
  });
  MULTI_QI asked[] = {question(iid_of<INamed>()), question(iid_of<IScaledCounter>()),
                      question(iid_of<ICounter>()), question(iid_of<IAbsent>())};

  EXPECT_EQ(many->QueryMultipleInterfaces(4, asked), S_FALSE);
  for (MULTI_QI& entry : asked) release(entry);
  settle_home();
  const std::string after = "after the call";
  EXPECT_EQ(seen,
            (std::vector<std::string>{"query", "query", "query", after, after, after}));
}

TEST_F(Query, C14_AnEntryThatHasAPointerIsIgnored) {
  const auto number = counter_at_home();
  const auto many = number.as<IMultiQI>();
  MULTI_QI asked[] = {{&iid_of<IAbsent>(), number.get(), E_UNEXPECTED},
                      question(iid_of<INamed>())};

  EXPECT_EQ(many->QueryMultipleInterfaces(2, asked), S_OK);
  EXPECT_EQ(asked[0].pItf, static_cast<IUnknown*>(number.get()));
  EXPECT_EQ(asked[0].hr, E_UNEXPECTED);
  EXPECT_EQ(asked[1].hr, S_OK);
  release(asked[1]);
}

TEST_F(Query, C14_AnIgnoredEntryGetsNoReference) {
  const auto number = counter_at_home();
  const auto many = number.as<IMultiQI>();
  const ULONG before = references_of(number);
  MULTI_QI asked[] = {{&iid_of<ICounter>(), number.get(), E_UNEXPECTED},
                      question(iid_of<INamed>())};

  EXPECT_EQ(many->QueryMultipleInterfaces(2, asked), S_OK);
  release(asked[1]);
  EXPECT_EQ(references_of(number), before);
}

TEST_F(Query, C16_AtHomeAPacketAskedForALackingInterfaceIsUsedUp) {
  auto object = make_probe<counter>(log);
  const auto stream = packet_of<IUnknown>(object->unknown());
  EXPECT_GT(log.references, 1);
  EXPECT_EQ(log.connections, 1);

  EXPECT_EQ(unpacked<IAbsent>(stream, E_NOINTERFACE), nullptr);
  EXPECT_EQ(log.references, 1);
  EXPECT_EQ(log.connections, 0);
  EXPECT_EQ(log.last_release_closes, 0);

  EXPECT_EQ(stream->Seek({0}, STREAM_SEEK_SET, nullptr), S_OK);
  EXPECT_EQ(unpacked<IUnknown>(stream, CO_E_OBJNOTCONNECTED), nullptr);
  object.reset();
  EXPECT_EQ(log.instances, 0);
}

TEST_F(Query, C16_TheLastReferenceOfSuchAPacketEndsTheObject) {
  const auto stream = packet_of<IUnknown>(make_probe<counter>(log)->unknown());
  EXPECT_EQ(log.instances, 1);

  EXPECT_EQ(unpacked<IAbsent>(stream, E_NOINTERFACE), nullptr);
  EXPECT_EQ(log.instances, 0);
  EXPECT_EQ(log.last_release_closes, 0);
}

}  // namespace
}  // namespace insula::test
