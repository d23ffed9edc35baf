// SPDX-License-Identifier: MIT
//
// Rows C02 to C05, C17, C21: what an object is, seen from several apartments.
#include "two_apartments.hpp"

#include <insula/apartments/mta.hpp>
#include <insula/marshal/marshal_statistics.hpp>
#include <insula/marshal/objref.hpp>

#include <array>
#include <optional>
#include <variant>

namespace insula::test {
namespace {

class Identity : public two_apartments {
 protected:
  /// `make` runs at home and gives a packet of an object there.
  template <class F>
  com_ptr<IStream> packet_made_at_home(F&& make) {
    com_ptr<IStream> stream;
    home.invoke([&] { stream = make(); });
    return stream;
  }
};

/// What a packet names, without using the packet up.
std_objref names_in(const com_ptr<IStream>& stream) {
  std::array<std::byte, 256> bytes{};
  ULONG size = 0;
  EXPECT_EQ(stream->Read(bytes.data(), bytes.size(), &size), S_OK);
  EXPECT_EQ(stream->Seek({0}, STREAM_SEEK_SET, nullptr), S_OK);
  objref parsed;
  EXPECT_EQ(parse_objref(std::span(bytes).first(size), &parsed), S_OK);
  return std::get<objref_standard>(parsed.body).standard;
}

TEST_F(Identity, C02_TwoInterfacesOfOneProxyHaveTheSameIUnknown) {
  const auto number = counter_at_home<ICounter>();
  const auto name = number.as<INamed>();

  EXPECT_NE(static_cast<void*>(number.get()), static_cast<void*>(name.get()));
  EXPECT_EQ(number.as<IUnknown>(), name.as<IUnknown>());
}

TEST_F(Identity, C02_AnInterfaceAskedOfAnotherIsTheSamePointerEachTime) {
  const auto number = counter_at_home<ICounter>();
  const auto name = number.as<INamed>();

  EXPECT_EQ(name.as<ICounter>(), number);
  EXPECT_EQ(number.as<INamed>(), name);
}

TEST_F(Identity, C03_ASecondPacketGivesTheSameProxy) {
  com_ptr<counter> object;
  const auto packet = [&] { return packet_of<ICounter>(object->unknown()); };
  home.invoke([&] { object = make_probe<counter>(log); });
  const auto first_packet = packet_made_at_home(packet);
  const auto second_packet = packet_made_at_home(packet);
  const std::size_t managers = live_proxy_managers();

  auto first = unpacked<ICounter>(first_packet);
  auto second = unpacked<ICounter>(second_packet);
  EXPECT_EQ(first, second);
  EXPECT_EQ(live_proxy_managers(), managers + 1);

  first.reset();
  LONG total = 0;
  EXPECT_EQ(second->Add(3, &total), S_OK);
  EXPECT_EQ(total, 3);
  second.reset();
  home.invoke([&] { object.reset(); });
  EXPECT_EQ(log.instances, 0);
}

TEST_F(Identity, C03_APacketOfAnotherInterfaceGivesTheSameIdentity) {
  com_ptr<counter> object;
  home.invoke([&] { object = make_probe<counter>(log); });
  const auto one = packet_made_at_home([&] { return packet_of<ICounter>(object->unknown()); });
  const auto other = packet_made_at_home([&] { return packet_of<INamed>(object->unknown()); });
  const std::size_t managers = live_proxy_managers();

  const auto number = unpacked<ICounter>(one);
  const auto name = unpacked<INamed>(other);

  EXPECT_EQ(number.as<IUnknown>(), name.as<IUnknown>());
  EXPECT_EQ(live_proxy_managers(), managers + 1);
  home.invoke([&] { object.reset(); });
}

TEST_F(Identity, C04_APacketUnpackedAtHomeGivesTheObjectItself) {
  auto object = make_probe<counter>(log);
  EXPECT_EQ(log.references, 1);

  const auto stream = packet_of<ICounter>(object->unknown());
  EXPECT_GT(log.references, 1);
  auto back = unpacked<ICounter>(stream);
  EXPECT_EQ(back.get(), static_cast<ICounter*>(object.get()));
  EXPECT_EQ(log.references, 2);
  EXPECT_EQ(log.connections, 0);

  back.reset();
  EXPECT_EQ(log.references, 1);
}

TEST_F(Identity, C04_ASecondInterfaceUnpackedAtHomeIsThatOfTheObject) {
  const auto object = make_probe<counter>(log);
  const auto back = unpacked<INamed>(packet_of<INamed>(object->unknown()));
  EXPECT_EQ(back.get(), static_cast<INamed*>(object.get()));
}

TEST_F(Identity, C04_InTheMtaEveryThreadGetsTheObjectItself) {
  const mta_usage open;
  com_ptr<counter> object;
  open.get().invoke([&] {
    object = make_probe<counter>(log);
    const auto back = unpacked<ICounter>(packet_of<ICounter>(object->unknown()));
    EXPECT_EQ(back.get(), static_cast<ICounter*>(object.get()));
  });
  open.get().invoke([&] { object.reset(); });
  EXPECT_EQ(log.instances, 0);
}

TEST_F(Identity, C05_AProxyPassedToItsOwnApartmentArrivesAsTheObject) {
  com_ptr<counter> object;
  ICounter* arrived = nullptr;
  const auto proxy = home.create<ICounter>([&] { return object = make_probe<counter>(log); });
  auto taker = home.create<IVisitor>([&] {
    return make<visitor>([&](ICounter* given) {
      arrived = given;
      return S_OK;
    });
  });
  const int before = log.references;

  EXPECT_EQ(taker->Visit(proxy.get()), S_OK);
  EXPECT_EQ(arrived, static_cast<ICounter*>(object.get()));
  EXPECT_NE(arrived, proxy.get());
  EXPECT_EQ(log.references, before);
  home.invoke([&] { object.reset(); });
}

TEST_F(Identity, C05_AProxyPassedToAThirdApartmentArrivesAsAProxyOfTheObject) {
  std::int64_t ran_on = 0;
  std::int64_t lives_on = 0;
  const auto proxy = counter_at_home();
  sta third("third");
  const auto taker = third.create<IVisitor>(
      [&] { return make<visitor>([&](ICounter* given) { return given->Thread(&ran_on); }); });

  EXPECT_EQ(taker->Visit(proxy.get()), S_OK);
  home.invoke([&] { lives_on = ::gettid(); });
  EXPECT_EQ(ran_on, lives_on);
}

TEST_F(Identity, C17_ANullInterfaceIdGivesTheInterfaceThatThePacketNames) {
  com_ptr<counter> object;
  home.invoke([&] { object = make_probe<counter>(log); });
  const auto stream = packet_made_at_home([&] { return packet_of<INamed>(object->unknown()); });
  void* raw = nullptr;

  ASSERT_EQ(CoUnmarshalInterface(stream.get(), IID_NULL, &raw), S_OK);
  const com_ptr<INamed> name(static_cast<INamed*>(raw), take_ownership);
  EXPECT_EQ(name.as<INamed>(), name);
  ULONG length = 0;
  EXPECT_EQ(name->Length("four", &length), S_OK);
  EXPECT_EQ(length, 4u);
  home.invoke([&] { object.reset(); });
}

TEST_F(Identity, C17_ANullInterfaceIdAtHomeGivesThatInterfaceOfTheObject) {
  const auto object = make_probe<counter>(log);
  const auto stream = packet_of<INamed>(object->unknown());
  void* raw = nullptr;

  ASSERT_EQ(CoUnmarshalInterface(stream.get(), IID_NULL, &raw), S_OK);
  EXPECT_EQ(raw, static_cast<INamed*>(object.get()));
  static_cast<INamed*>(raw)->Release();
  EXPECT_EQ(log.references, 1);
}

TEST_F(Identity, C21_ClientsInTwoApartmentsShareOneExportedObject) {
  com_ptr<counter> object;
  home.invoke([&] { object = make_probe<counter>(log); });
  const std::size_t exported = live_stub_managers();
  const auto packet = [&] { return packet_of<ICounter>(object->unknown()); };
  auto here = unpacked<ICounter>(packet_made_at_home(packet));
  const auto for_other = packet_made_at_home(packet);
  sta other("other client");
  com_ptr<ICounter> there;
  other.invoke([&] { there = unpacked<ICounter>(for_other); });

  EXPECT_EQ(live_stub_managers(), exported + 1);
  EXPECT_EQ(log.connections, 1);

  other.invoke([&] { there.reset(); });
  home.invoke([&] { object.reset(); });
  EXPECT_EQ(log.instances, 1);
  here.reset();
  settle_home();
  EXPECT_EQ(log.instances, 0);
}

TEST_F(Identity, C21_TheObjectHasOneNameAndEachInterfaceOne) {
  com_ptr<counter> object;
  home.invoke([&] { object = make_probe<counter>(log); });
  std::array<com_ptr<IStream>, 3> packets;
  home.invoke([&] {
    packets = {packet_of<ICounter>(object->unknown()), packet_of<ICounter>(object->unknown()),
               packet_of<INamed>(object->unknown())};
  });
  const std_objref first = names_in(packets[0]);
  const std_objref again = names_in(packets[1]);
  const std_objref other = names_in(packets[2]);

  EXPECT_EQ(first.oxid, home.get().id());
  EXPECT_EQ(first.oid, again.oid);
  EXPECT_EQ(first.oid, other.oid);
  EXPECT_EQ(first.ipid, again.ipid);
  EXPECT_NE(first.ipid, other.ipid);
  for (const auto& packet : packets) EXPECT_EQ(CoReleaseMarshalData(packet.get()), S_OK);
  home.invoke([&] { object.reset(); });
}

TEST_F(Identity, C21_APacketMadeFromAProxyNamesTheObjectAsItsOwnPacketsDo) {
  com_ptr<counter> object;
  home.invoke([&] { object = make_probe<counter>(log); });
  const auto own = packet_made_at_home([&] { return packet_of<ICounter>(object->unknown()); });
  const std_objref expected = names_in(own);
  const auto proxy = unpacked<ICounter>(own);

  const auto handed_on = packet_of<ICounter>(proxy.get());
  const std_objref named = names_in(handed_on);
  EXPECT_EQ(named.oxid, expected.oxid);
  EXPECT_EQ(named.oid, expected.oid);
  EXPECT_EQ(named.ipid, expected.ipid);
  EXPECT_EQ(CoReleaseMarshalData(handed_on.get()), S_OK);
  home.invoke([&] { object.reset(); });
}

}  // namespace
}  // namespace insula::test
