// SPDX-License-Identifier: MIT
#include "stub_manager.hpp"

#include "counting_factory.hpp"
#include "exported_interface.hpp"
#include "marshal_tables.hpp"
#include "probe.hpp"

#include <insula/core/error_info.hpp>
#include <insula/core/log.hpp>
#include <insula/core/test_gate.hpp>
#include <insula/marshal/disconnect.hpp>
#include <insula/marshal/interface_packet.hpp>
#include <insula/marshal/objref.hpp>

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace insula::test {
namespace {

using enter = trivial_exporter::enter;

class StubManager : public marshal_test {};

using packet = std::array<std::byte, objref_standard_size>;

template <class I>
packet packet_in(trivial_exporter& exporter, IUnknown* object) {
  const enter inside(exporter);
  packet made{};
  std::size_t written = 0;
  EXPECT_EQ(write_interface_packet(iid_of<I>(), object, made, &written), S_OK);
  return made;
}

std_objref reference_in(const packet& bytes) {
  objref parsed;
  EXPECT_EQ(parse_objref(bytes, &parsed), S_OK);
  return std::get<objref_standard>(parsed.body).standard;
}

TEST_F(StubManager, IsOneForAllPacketsOfAnObject) {
  trivial_exporter_ptr home("home");
  auto object = make<probe>();
  packet adder = packet_in<IAdder>(*home, object->unknown());
  packet again = packet_in<IAdder>(*home, object->unknown());
  packet scaler = packet_in<IScaler>(*home, static_cast<IScaler*>(object.get()));

  EXPECT_EQ(live_stub_managers(), stub_managers_ + 1);
  EXPECT_EQ(reference_in(adder).oid, reference_in(again).oid);
  EXPECT_EQ(reference_in(adder).ipid, reference_in(again).ipid);
  EXPECT_EQ(reference_in(adder).oid, reference_in(scaler).oid);
  EXPECT_NE(reference_in(adder).ipid, reference_in(scaler).ipid);
}

TEST_F(StubManager, DifferentObjectsHaveDifferentOnes) {
  trivial_exporter_ptr home("home");
  auto one = make<probe>();
  auto other = make<probe>();
  const packet first = packet_in<IAdder>(*home, one->unknown());
  const packet second = packet_in<IAdder>(*home, other->unknown());

  EXPECT_NE(reference_in(first).oid, reference_in(second).oid);
  EXPECT_EQ(live_stub_managers(), stub_managers_ + 2);
}

TEST_F(StubManager, GivesTheStubTheControllingUnknown) {
  counting_factory<IScaler> factory;
  trivial_exporter_ptr home("home");
  auto object = make<probe>();
  IScaler* const pointer = object.get();
  (void)packet_in<IScaler>(*home, pointer);

  EXPECT_EQ(factory.server(), object->unknown());
  EXPECT_NE(static_cast<void*>(factory.server()), static_cast<void*>(pointer));
}

TEST_F(StubManager, MakesOneStubForEachInterface) {
  counting_factory<IAdder> factory;
  trivial_exporter_ptr home("home"), away("away"), third("third");
  auto object = make<probe>();
  const auto first = carry<IAdder>(*home, object->unknown(), *away);
  const auto second = carry<IAdder>(*home, static_cast<IScaler*>(object.get()), *third);

  EXPECT_EQ(factory.stubs(), 1);
  EXPECT_EQ(factory.proxies(), 2);
}

TEST_F(StubManager, ReleasesTheObjectWhenTheLastExternalReferenceGoes) {
  trivial_exporter_ptr home("home"), away("away"), third("third");
  auto object = make<probe>();
  auto first = carry<IAdder>(*home, object->unknown(), *away);
  auto second = carry<IAdder>(*home, object->unknown(), *third);
  EXPECT_GT(references(object), 1u);

  first.reset();
  EXPECT_GT(references(object), 1u);
  second.reset();

  EXPECT_EQ(references(object), 1u);
  EXPECT_EQ(live_stub_managers(), stub_managers_);
}

TEST_F(StubManager, ReleasesTheObjectInsideItsExporterAndLater) {
  trivial_exporter_ptr home("home"), away("away");
  auto object = make<probe>();
  std::optional<object_exporter*> ended_in;
  object->at_end = [&] { ended_in = current_exporter(); };
  auto proxy = carry<IAdder>(*home, object->unknown(), *away);
  object.reset();
  home->hold_posts();

  const enter inside(*away);
  proxy.reset();
  EXPECT_FALSE(ended_in.has_value());
  EXPECT_EQ(home->run_posts(), 1);

  ASSERT_TRUE(ended_in.has_value());
  EXPECT_EQ(*ended_in, &*home);
}

TEST_F(StubManager, ThatEndedDoesNotComeBack) {
  trivial_exporter_ptr home("home"), away("away");
  auto object = make<probe>();
  packet first = packet_in<IAdder>(*home, object->unknown());
  home->hold_posts();
  ASSERT_EQ(release_interface_packet(first), S_OK);

  packet second = packet_in<IAdder>(*home, object->unknown());
  EXPECT_EQ(live_stub_managers(), stub_managers_ + 2);
  home->run_posts();

  EXPECT_EQ(live_stub_managers(), stub_managers_ + 1);
  EXPECT_GT(references(object), 1u);
  com_ptr<IAdder> proxy;
  const enter inside(*away);
  ASSERT_EQ(read_interface_packet(second, iid_of<IAdder>(), proxy.put_void()), S_OK);
  LONG total = 0;
  EXPECT_EQ(proxy->Add(1, &total), S_OK);
}

TEST_F(StubManager, OfTwoThreadsThatExportFirstBothGetTheSame) {
  trivial_exporter_ptr home("home");
  auto object = make<probe>();
  packet winner{};
  test_gate gate("export_table.missed",
                 [&] { winner = packet_in<IAdder>(*home, object->unknown()); });

  const packet loser = packet_in<IAdder>(*home, object->unknown());

  ASSERT_TRUE(gate.reached());
  EXPECT_EQ(reference_in(loser).oid, reference_in(winner).oid);
  EXPECT_EQ(reference_in(loser).ipid, reference_in(winner).ipid);
  EXPECT_EQ(live_stub_managers(), stub_managers_ + 1);
}

TEST_F(StubManager, OfTwoThreadsThatMakeAStubOneKeepsIt) {
  counting_factory<IAdder> factory;
  trivial_exporter_ptr home("home");
  auto object = make<probe>();
  packet winner{};
  test_gate gate("stub_manager.stub_made",
                 [&] { winner = packet_in<IAdder>(*home, object->unknown()); });
  packet loser = packet_in<IAdder>(*home, object->unknown());

  ASSERT_TRUE(gate.reached());
  EXPECT_EQ(factory.stubs(), 2);
  EXPECT_EQ(reference_in(loser).ipid, reference_in(winner).ipid);
  EXPECT_EQ(release_interface_packet(loser), S_OK);
  EXPECT_GT(references(object), 1u);
  EXPECT_EQ(release_interface_packet(winner), S_OK);
  EXPECT_EQ(references(object), 1u);
}

TEST_F(StubManager, AMarshalThatMeetsTheLastReleaseIsANewExport) {
  trivial_exporter_ptr home("home");
  auto object = make<probe>();
  packet first = packet_in<IAdder>(*home, object->unknown());
  packet second{};
  test_gate gate("stub_manager.unused",
                 [&] { second = packet_in<IAdder>(*home, object->unknown()); });

  ASSERT_EQ(release_interface_packet(first), S_OK);

  ASSERT_TRUE(gate.reached());
  EXPECT_GT(references(object), 1u);
  ASSERT_EQ(release_interface_packet(second), S_OK);
  EXPECT_EQ(references(object), 1u);
}

TEST_F(StubManager, AnEndpointOfIUnknownHasNoMethodToCall) {
  trivial_exporter_ptr home("home");
  auto object = make<probe>();
  const enter inside(*home);
  com_ptr<stub_manager> manager;
  ASSERT_EQ(home->tables().exports.hold(object->unknown(), &manager), S_OK);
  com_ptr<exported_interface> endpoint;
  std::string failure;
  ASSERT_EQ(manager->export_interface(IID_IUnknown, &endpoint, &failure), S_OK);
  RPCOLEMESSAGE message;

  EXPECT_EQ(endpoint->invoke(&message, nullptr), RPC_E_INVALIDMETHOD);

  manager->drop_references(*endpoint, packet_references, true);
  EXPECT_TRUE(endpoint->connected());
  manager->drop_hold(true);
  EXPECT_FALSE(endpoint->connected());
  EXPECT_EQ(endpoint->invoke(&message, nullptr), RPC_E_DISCONNECTED);
  EXPECT_EQ(references(object), 1u);
}

TEST_F(StubManager, AFailedExportLeavesNothing) {
  trivial_exporter_ptr home("home");
  auto object = make<probe>();
  packet made{};
  std::size_t written = 0;
  const enter inside(*home);

  EXPECT_EQ(write_interface_packet(iid_of<IUndescribed>(), object->unknown(), made, &written),
            E_NOINTERFACE);

  EXPECT_EQ(live_stub_managers(), stub_managers_);
  EXPECT_EQ(references(object), 1u);
}

TEST_F(StubManager, ClosingReleasesTheObjectInside) {
  trivial_exporter_ptr home("home"), away("away");
  auto object = make<probe>();
  object_exporter* ended_in = nullptr;
  object->at_end = [&] { ended_in = current_exporter(); };
  auto proxy = carry<IAdder>(*home, object->unknown(), *away);
  object.reset();

  home->close();

  EXPECT_EQ(ended_in, &*home);
  const enter inside(*away);
  LONG total = 0;
  EXPECT_EQ(proxy->Add(1, &total), RPC_E_DISCONNECTED);
}

TEST_F(StubManager, ClosingEndsObjectsWhoseTeardownWasPosted) {
  trivial_exporter_ptr home("home"), away("away");
  auto object = make<probe>();
  auto proxy = carry<IAdder>(*home, object->unknown(), *away);
  home->hold_posts();
  proxy.reset();
  EXPECT_GT(references(object), 1u);

  home->close();

  EXPECT_EQ(references(object), 1u);
}

TEST_F(StubManager, ClosingDuringACallKeepsTheObjectUntilTheCallEnds) {
  trivial_exporter_ptr home("home"), away("away");
  auto object = make<probe>();
  auto proxy = carry<IAdder>(*home, object->unknown(), *away);
  ULONG references_inside = 0;
  object->during_call = [&] {
    home->close();
    references_inside = references(object);
  };

  const enter inside(*away);
  LONG total = 0;
  EXPECT_EQ(proxy->Add(7, &total), S_OK);

  EXPECT_EQ(total, 7);
  EXPECT_GT(references_inside, 1u);
  EXPECT_EQ(references(object), 1u);
}

TEST_F(StubManager, AnObjectMayReleaseAnotherOneWhileTheExporterCloses) {
  trivial_exporter_ptr home("home"), away("away");
  auto parent = make<probe>();
  auto child = make<probe>();
  const auto parent_packet = marshal_in<IAdder>(*home, parent->unknown());
  auto child_packet = marshal_in<IAdder>(*home, child->unknown());
  HRESULT released = E_FAIL;
  parent->at_end = [&] { released = CoDisconnectObject(child->unknown(), 0); };
  parent.reset();

  home->close();

  EXPECT_EQ(released, S_OK);
  EXPECT_EQ(references(child), 1u);
}

TEST_F(StubManager, NothingIsExportedOnceTheExporterCloses) {
  trivial_exporter_ptr home("home");
  auto object = make<probe>();
  auto dying = make<probe>();
  const auto held = marshal_in<IAdder>(*home, dying->unknown());
  HRESULT code = S_OK;
  dying->at_end = [&] {
    packet made{};
    std::size_t written = 0;
    code = write_interface_packet(iid_of<IAdder>(), object->unknown(), made, &written);
  };
  dying.reset();

  home->close();

  EXPECT_EQ(code, CO_E_SERVER_STOPPING);
  EXPECT_EQ(references(object), 1u);
}

TEST_F(StubManager, AClosingExporterNamesWhoStillHoldsWhat) {
  std::vector<std::string> lines;
  const log_level before = current_log_level();
  set_log_level(log_level::debug);
  set_log_sink([&](log_level, std::string_view line) { lines.emplace_back(line); });
  {
    trivial_exporter_ptr home("home"), away("away");
    auto object = make<probe>();
    const auto proxy = carry<IAdder>(*home, object->unknown(), *away);
    home->close();
    away->close();
  }
  set_log_sink(nullptr);
  set_log_level(before);

  ASSERT_EQ(lines.size(), 4u);
  EXPECT_EQ(lines[0], "exporter 'home' closes while clients hold 1 object of it");
  EXPECT_EQ(lines[1],
            "exporter 'home': clients hold IAdder (5 references, last unmarshaled in exporter "
            "'away')");
  EXPECT_EQ(lines[2], "exporter 'away' closes while it holds proxies of 1 object");
  EXPECT_EQ(lines[3], "exporter 'away': it holds IAdder (5 references) of exporter 'home'");
}

}  // namespace
}  // namespace insula::test
