// SPDX-License-Identifier: MIT
#include <insula/marshal/multi_qi.hpp>

#include "probe.hpp"

#include <insula/marshal/disconnect.hpp>

#include <vector>

namespace insula::test {
namespace {

using enter = trivial_exporter::enter;

class MultiQi : public marshal_test {
 protected:
  MultiQi() : proxy_(carry<IUnknown>(*home_, object_->unknown(), *away_)) {}

  void TearDown() override {
    proxy_.reset();
    home_.finish();
    away_.finish();
    object_.reset();
    marshal_test::TearDown();
  }

  com_ptr<IMultiQI> multi() { return query_in<IMultiQI>(*away_, proxy_.get()); }

  HRESULT ask(std::vector<MULTI_QI>& entries) {
    const auto asked = multi();
    const enter inside(*away_);
    return asked->QueryMultipleInterfaces(static_cast<ULONG>(entries.size()), entries.data());
  }

  static void release(std::vector<MULTI_QI>& entries) {
    for (MULTI_QI& entry : entries)
      if (entry.pItf != nullptr) entry.pItf->Release();
  }

  trivial_exporter_ptr home_{"home"};
  trivial_exporter_ptr away_{"away"};
  com_ptr<probe> object_ = make<probe>();
  com_ptr<IUnknown> proxy_;
};

TEST_F(MultiQi, EveryProxyHasIt) { EXPECT_NE(multi(), nullptr); }

TEST_F(MultiQi, AsksForAllMissingInterfacesInOneCall) {
  std::vector<MULTI_QI> entries{{&iid_of<IAdder>(), nullptr, E_FAIL},
                                {&iid_of<IScaler>(), nullptr, E_FAIL},
                                {&IID_IUnknown, nullptr, E_FAIL}};
  const int before = home_->calls();

  EXPECT_EQ(ask(entries), S_OK);

  EXPECT_EQ(home_->calls(), before + 1);
  for (const MULTI_QI& entry : entries) {
    EXPECT_EQ(entry.hr, S_OK);
    EXPECT_NE(entry.pItf, nullptr);
  }
  EXPECT_EQ(entries[2].pItf, proxy_.get());
  release(entries);
}

TEST_F(MultiQi, WhatIsAlreadyHereCostsNoCall) {
  const auto adder = query_in<IAdder>(*away_, proxy_.get());
  std::vector<MULTI_QI> entries{{&iid_of<IAdder>(), nullptr, E_FAIL},
                                {&IID_IUnknown, nullptr, E_FAIL}};
  const int before = home_->calls();

  EXPECT_EQ(ask(entries), S_OK);

  EXPECT_EQ(home_->calls(), before);
  EXPECT_EQ(entries[0].pItf, adder.get());
  release(entries);
}

TEST_F(MultiQi, FoundInPartIsSFalse) {
  std::vector<MULTI_QI> entries{{&iid_of<IAdder>(), nullptr, E_FAIL},
                                {&iid_of<ILost>(), nullptr, S_OK}};

  EXPECT_EQ(ask(entries), S_FALSE);

  EXPECT_EQ(entries[0].hr, S_OK);
  EXPECT_EQ(entries[1].hr, E_NOINTERFACE);
  EXPECT_EQ(entries[1].pItf, nullptr);
  release(entries);
}

TEST_F(MultiQi, FoundNothingIsNoInterface) {
  std::vector<MULTI_QI> entries{{&iid_of<ILost>(), nullptr, S_OK},
                                {&iid_of<IUndescribed>(), nullptr, S_OK}};

  EXPECT_EQ(ask(entries), E_NOINTERFACE);

  for (const MULTI_QI& entry : entries) {
    EXPECT_EQ(entry.hr, E_NOINTERFACE);
    EXPECT_EQ(entry.pItf, nullptr);
  }
}

TEST_F(MultiQi, AFilledEntryIsLeftAlone) {
  std::vector<MULTI_QI> entries{{&iid_of<ILost>(), proxy_.get(), E_ABORT},
                                {&iid_of<IAdder>(), nullptr, E_FAIL}};

  EXPECT_EQ(ask(entries), S_OK);

  EXPECT_EQ(entries[0].pItf, proxy_.get());
  EXPECT_EQ(entries[0].hr, E_ABORT);
  EXPECT_EQ(entries[1].hr, S_OK);
  entries[0].pItf = nullptr;
  release(entries);
}

TEST_F(MultiQi, TheSameInterfaceTwiceIsOneInterface) {
  std::vector<MULTI_QI> entries{{&iid_of<IAdder>(), nullptr, E_FAIL},
                                {&iid_of<IAdder>(), nullptr, E_FAIL}};

  EXPECT_EQ(ask(entries), S_OK);

  EXPECT_EQ(entries[0].pItf, entries[1].pItf);
  EXPECT_NE(entries[0].pItf, nullptr);
  release(entries);
}

TEST_F(MultiQi, AnObjectThatCannotBeAskedIsTheReason) {
  const auto asked = multi();
  {
    const enter inside(*home_);
    ASSERT_EQ(CoDisconnectObject(object_->unknown(), 0), S_OK);
  }
  std::vector<MULTI_QI> entries{{&iid_of<IAdder>(), nullptr, S_OK}};
  const enter inside(*away_);

  EXPECT_EQ(asked->QueryMultipleInterfaces(1, entries.data()), RPC_E_DISCONNECTED);
  EXPECT_EQ(entries[0].hr, RPC_E_DISCONNECTED);
}

TEST_F(MultiQi, BelongsToTheApartmentOfTheProxy) {
  const auto asked = multi();
  std::vector<MULTI_QI> entries{{&IID_IUnknown, nullptr, S_OK}};
  const enter inside(*home_);

  EXPECT_EQ(asked->QueryMultipleInterfaces(1, entries.data()), RPC_E_WRONG_THREAD);
  EXPECT_EQ(entries[0].pItf, nullptr);
}

TEST_F(MultiQi, RefusesAnEmptyList) {
  const auto asked = multi();
  MULTI_QI nameless{nullptr, nullptr, S_OK};
  const enter inside(*away_);

  EXPECT_EQ(asked->QueryMultipleInterfaces(0, &nameless), E_INVALIDARG);
  EXPECT_EQ(asked->QueryMultipleInterfaces(1, nullptr), E_INVALIDARG);
  EXPECT_EQ(asked->QueryMultipleInterfaces(1, &nameless), E_INVALIDARG);
}

}  // namespace
}  // namespace insula::test
