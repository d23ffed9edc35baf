// SPDX-License-Identifier: MIT
#include <insula/marshal/external_connection.hpp>

#include "probe.hpp"

#include <insula/core/error_info.hpp>
#include <insula/marshal/disconnect.hpp>

#include <string>

namespace insula::test {
namespace {

using enter = trivial_exporter::enter;

class ExternalConnection : public marshal_test {
 protected:
  connection_log log_;
};

class LockObject : public ExternalConnection {};
class DisconnectObject : public ExternalConnection {};

TEST_F(ExternalConnection, BeginsWithThePacketAndEndsWithTheProxy) {
  trivial_exporter_ptr home("home"), away("away");
  auto object = make<connected_probe>(log_);
  EXPECT_EQ(log_.added, 0);
  const auto stream = marshal_in<IAdder>(*home, object->unknown());
  EXPECT_EQ(log_.connections, 1);

  auto proxy = unmarshal_in<IAdder>(*away, stream);
  EXPECT_EQ(log_.connections, 1);
  EXPECT_EQ(log_.added, 1);

  proxy.reset();
  EXPECT_EQ(log_.connections, 0);
  EXPECT_EQ(log_.released, 1);
  EXPECT_EQ(log_.last_release_closes, 1);
  EXPECT_EQ(references(object), 1u);
}

TEST_F(ExternalConnection, OfAReleasedPacketEndsWithClosing) {
  trivial_exporter_ptr home("home");
  auto object = make<connected_probe>(log_);
  const auto stream = marshal_in<IAdder>(*home, object->unknown());

  const enter inside(*home);
  ASSERT_EQ(CoReleaseMarshalData(stream.get()), S_OK);

  EXPECT_EQ(log_.connections, 0);
  EXPECT_EQ(log_.last_release_closes, 1);
}

TEST_F(ExternalConnection, TwoPacketsOfOneInterfaceAreOneConnection) {
  trivial_exporter_ptr home("home");
  auto object = make<connected_probe>(log_);
  const auto first = marshal_in<IAdder>(*home, object->unknown());
  const auto second = marshal_in<IAdder>(*home, object->unknown());
  EXPECT_EQ(log_.connections, 1);
  const enter inside(*home);

  ASSERT_EQ(CoReleaseMarshalData(first.get()), S_OK);
  EXPECT_EQ(log_.connections, 1);
  ASSERT_EQ(CoReleaseMarshalData(second.get()), S_OK);
  EXPECT_EQ(log_.connections, 0);
  EXPECT_EQ(log_.released, 1);
}

TEST_F(ExternalConnection, ASecondInterfaceIsASecondConnectionUntilTheProxyGoes) {
  trivial_exporter_ptr home("home"), away("away");
  auto object = make<connected_probe>(log_);
  auto adder = carry<IAdder>(*home, object->unknown(), *away);
  EXPECT_EQ(log_.connections, 1);

  auto scaler = query_in<IScaler>(*away, adder.get());
  EXPECT_EQ(log_.connections, 2);
  scaler.reset();
  EXPECT_EQ(log_.connections, 2);
  adder.reset();

  EXPECT_EQ(log_.connections, 0);
  EXPECT_EQ(log_.last_release_closes, 1);
  EXPECT_EQ(references(object), 1u);
}

TEST_F(ExternalConnection, EndsWithoutClosingWhenThePointerComesHome) {
  trivial_exporter_ptr home("home");
  auto object = make<connected_probe>(log_);
  const auto back = carry<IAdder>(*home, object->unknown(), *home);

  EXPECT_EQ(log_.connections, 0);
  EXPECT_EQ(log_.last_release_closes, 0);
}

TEST_F(ExternalConnection, EndsWithoutClosingWhenAMissingInterfaceIsAskedForAtHome) {
  trivial_exporter_ptr home("home");
  auto object = make<connected_probe>(log_);
  const auto stream = marshal_in<IUnknown>(*home, object->unknown());

  EXPECT_EQ(unmarshal_in<ILost>(*home, stream, E_NOINTERFACE), nullptr);

  EXPECT_EQ(log_.connections, 0);
  EXPECT_EQ(log_.last_release_closes, 0);
  EXPECT_EQ(references(object), 1u);
}

TEST_F(ExternalConnection, EndsWithoutClosingWhenTheExporterCloses) {
  trivial_exporter_ptr home("home"), away("away");
  auto object = make<connected_probe>(log_);
  auto adder = carry<IAdder>(*home, object->unknown(), *away);
  auto scaler = query_in<IScaler>(*away, adder.get());
  EXPECT_EQ(log_.connections, 2);

  home->close();

  EXPECT_EQ(log_.connections, 0);
  EXPECT_EQ(log_.last_release_closes, 0);
  EXPECT_EQ(references(object), 1u);
  scaler.reset();
  adder.reset();
  EXPECT_EQ(log_.released, 2);
}

TEST_F(ExternalConnection, EndsWithClosingWhenTheImporterCloses) {
  trivial_exporter_ptr home("home"), away("away");
  auto object = make<connected_probe>(log_);
  const auto proxy = carry<IAdder>(*home, object->unknown(), *away);

  away->close();

  EXPECT_EQ(log_.connections, 0);
  EXPECT_EQ(log_.last_release_closes, 1);
  EXPECT_EQ(references(object), 1u);
}

TEST_F(ExternalConnection, IsHeardOfInsideTheExporterOnly) {
  trivial_exporter_ptr home("home"), away("away");
  auto object = make<connected_probe>(log_);
  object_exporter* where = nullptr;
  object->on_release = [&] { where = current_exporter(); };
  auto proxy = carry<IAdder>(*home, object->unknown(), *away);
  home->hold_posts();

  proxy.reset();
  EXPECT_EQ(log_.connections, 1);
  EXPECT_EQ(home->run_posts(), 1);

  EXPECT_EQ(log_.connections, 0);
  EXPECT_EQ(where, &*home);
}

TEST_F(ExternalConnection, ComesBackWithTheInterfaceBeforeItsEndWasTold) {
  trivial_exporter_ptr home("home"), away("away"), third("third");
  auto object = make<connected_probe>(log_);
  auto adder = carry<IAdder>(*home, object->unknown(), *away);
  auto scaler = carry<IScaler>(*home, object->unknown(), *third);
  EXPECT_EQ(log_.connections, 2);
  home->hold_posts();
  adder.reset();

  const auto again = carry<IAdder>(*home, object->unknown(), *away);
  home->run_posts();

  EXPECT_EQ(log_.connections, 2);
  EXPECT_EQ(log_.added, 2);
}

TEST_F(ExternalConnection, MayEndInADisconnectOfTheObjectsOwn) {
  trivial_exporter_ptr home("home"), away("away");
  auto object = make<connected_probe>(log_);
  HRESULT disconnected = E_FAIL;
  object->on_release = [&] { disconnected = CoDisconnectObject(object->unknown(), 0); };
  auto proxy = carry<IAdder>(*home, object->unknown(), *away);

  proxy.reset();

  EXPECT_EQ(disconnected, S_OK);
  EXPECT_EQ(log_.released, 1);
  EXPECT_EQ(references(object), 1u);
}

TEST_F(LockObject, HoldsAnObjectThatWasNeverMarshaled) {
  trivial_exporter_ptr home("home");
  auto object = make<connected_probe>(log_);
  const enter inside(*home);

  ASSERT_EQ(CoLockObjectExternal(object->unknown(), 1, 1), S_OK);
  EXPECT_GT(references(object), 1u);
  EXPECT_EQ(log_.connections, 1);
  ASSERT_EQ(CoLockObjectExternal(object->unknown(), 0, 1), S_OK);

  EXPECT_EQ(references(object), 1u);
  EXPECT_EQ(log_.connections, 0);
  EXPECT_EQ(log_.last_release_closes, 1);
}

TEST_F(LockObject, IsCounted) {
  trivial_exporter_ptr home("home");
  auto object = make<connected_probe>(log_);
  const enter inside(*home);
  ASSERT_EQ(CoLockObjectExternal(object->unknown(), 1, 1), S_OK);
  ASSERT_EQ(CoLockObjectExternal(object->unknown(), 1, 1), S_OK);

  ASSERT_EQ(CoLockObjectExternal(object->unknown(), 0, 1), S_OK);
  EXPECT_GT(references(object), 1u);
  EXPECT_GT(log_.connections, 0);
  ASSERT_EQ(CoLockObjectExternal(object->unknown(), 0, 1), S_OK);

  EXPECT_EQ(references(object), 1u);
  EXPECT_EQ(log_.connections, 0);
}

TEST_F(LockObject, OutlivesThePacketAndTheProxy) {
  trivial_exporter_ptr home("home"), away("away");
  auto object = make<connected_probe>(log_);
  auto proxy = carry<IAdder>(*home, object->unknown(), *away);
  const enter inside(*home);
  ASSERT_EQ(CoLockObjectExternal(object->unknown(), 1, 1), S_OK);

  proxy.reset();
  EXPECT_GT(references(object), 1u);
  EXPECT_GT(log_.connections, 0);
  ASSERT_EQ(CoLockObjectExternal(object->unknown(), 0, 1), S_OK);

  EXPECT_EQ(references(object), 1u);
  EXPECT_EQ(log_.connections, 0);
}

TEST_F(LockObject, TellsTheObjectWhatTheLastUnlockSaid) {
  trivial_exporter_ptr home("home");
  auto object = make<connected_probe>(log_);
  const enter inside(*home);
  ASSERT_EQ(CoLockObjectExternal(object->unknown(), 1, 0), S_OK);
  ASSERT_EQ(CoLockObjectExternal(object->unknown(), 0, 0), S_OK);

  EXPECT_EQ(references(object), 1u);
  EXPECT_EQ(log_.last_release_closes, 0);
}

TEST_F(LockObject, UnlockingWhatWasNeverLockedDoesNothing) {
  trivial_exporter_ptr home("home");
  auto object = make<probe>();
  const enter inside(*home);

  EXPECT_EQ(CoLockObjectExternal(object->unknown(), 0, 1), S_OK);
  EXPECT_EQ(references(object), 1u);
  const auto stream = marshal_in<IAdder>(*home, object->unknown());
  EXPECT_EQ(CoLockObjectExternal(object->unknown(), 0, 1), S_OK);
  EXPECT_GT(references(object), 1u);
  EXPECT_EQ(CoReleaseMarshalData(stream.get()), S_OK);
  EXPECT_EQ(references(object), 1u);
}

TEST_F(LockObject, RefusesAProxyWithASentence) {
  trivial_exporter_ptr home("home"), away("away");
  auto object = make<probe>();
  const auto proxy = carry<IAdder>(*home, object->unknown(), *away);
  const enter inside(*away);

  EXPECT_EQ(CoLockObjectExternal(proxy.get(), 1, 1), CO_E_NOT_SUPPORTED);
  EXPECT_NE(error_description().find("exporter 'home'"), std::string::npos);
}

TEST_F(LockObject, NeedsAnObjectAndAnApartment) {
  trivial_exporter_ptr home("home");
  auto object = make<probe>();
  EXPECT_EQ(CoLockObjectExternal(object->unknown(), 1, 1), CO_E_NOTINITIALIZED);
  EXPECT_EQ(CoDisconnectObject(object->unknown(), 0), CO_E_NOTINITIALIZED);
  const enter inside(*home);
  EXPECT_EQ(CoLockObjectExternal(nullptr, 1, 1), E_INVALIDARG);
  EXPECT_EQ(CoDisconnectObject(nullptr, 0), E_INVALIDARG);
}

TEST_F(DisconnectObject, DropsPacketsProxiesAndLocksAtOnce) {
  trivial_exporter_ptr home("home"), away("away");
  auto object = make<connected_probe>(log_);
  const auto packet = marshal_in<IAdder>(*home, object->unknown());
  const auto proxy = carry<IScaler>(*home, object->unknown(), *away);
  const enter inside(*home);
  ASSERT_EQ(CoLockObjectExternal(object->unknown(), 1, 1), S_OK);
  EXPECT_GT(references(object), 1u);

  EXPECT_EQ(CoDisconnectObject(object->unknown(), 0), S_OK);

  EXPECT_EQ(references(object), 1u);
  EXPECT_EQ(log_.released, 0);
  EXPECT_EQ(log_.connections, 3);
}

TEST_F(DisconnectObject, LeavesAnObjectAloneThatNobodyMarshaled) {
  trivial_exporter_ptr home("home");
  auto object = make<probe>();
  const enter inside(*home);

  EXPECT_EQ(CoDisconnectObject(object->unknown(), 0), S_OK);
  EXPECT_EQ(references(object), 1u);
}

TEST_F(DisconnectObject, LaterCallsAreDisconnected) {
  trivial_exporter_ptr home("home"), away("away");
  auto object = make<probe>();
  auto proxy = carry<IAdder>(*home, object->unknown(), *away);
  {
    const enter inside(*home);
    ASSERT_EQ(CoDisconnectObject(object->unknown(), 0), S_OK);
  }
  const enter inside(*away);
  LONG total = 0;

  EXPECT_EQ(proxy->Add(1, &total), RPC_E_DISCONNECTED);
  EXPECT_EQ(query_in<IScaler>(*away, proxy.get(), RPC_E_DISCONNECTED), nullptr);
  EXPECT_NE(error_description().find("exporter 'home'"), std::string::npos);
  proxy.reset();
  EXPECT_EQ(references(object), 1u);
}

TEST_F(DisconnectObject, ALaterMarshalIsANewExport) {
  trivial_exporter_ptr home("home"), away("away");
  auto object = make<probe>();
  auto before = carry<IAdder>(*home, object->unknown(), *away);
  {
    const enter inside(*home);
    ASSERT_EQ(CoDisconnectObject(object->unknown(), 0), S_OK);
  }
  auto after = carry<IAdder>(*home, object->unknown(), *away);

  EXPECT_NE(query_in<IUnknown>(*away, before.get()), query_in<IUnknown>(*away, after.get()));
  const enter inside(*away);
  LONG total = 0;
  EXPECT_EQ(after->Add(5, &total), S_OK);
  EXPECT_EQ(before->Add(5, &total), RPC_E_DISCONNECTED);
}

TEST_F(DisconnectObject, FromInsideACallLetsTheCallFinish) {
  trivial_exporter_ptr home("home"), away("away");
  auto object = make<probe>();
  const auto proxy = carry<IAdder>(*home, object->unknown(), *away);
  HRESULT disconnected = E_FAIL;
  HRESULT second_call = S_OK;
  ULONG references_inside = 0;
  object->during_call = [&] {
    if (disconnected == S_OK) return;
    disconnected = CoDisconnectObject(object->unknown(), 0);
    references_inside = references(object);
    const enter back(*away);
    LONG total = 0;
    second_call = proxy->Add(100, &total);
  };

  const enter inside(*away);
  LONG total = 0;
  EXPECT_EQ(proxy->Add(7, &total), S_OK);

  EXPECT_EQ(total, 7);
  EXPECT_EQ(disconnected, S_OK);
  EXPECT_GT(references_inside, 1u);
  EXPECT_EQ(second_call, CO_E_OBJNOTCONNECTED);
  EXPECT_EQ(references(object), 1u);
  EXPECT_EQ(proxy->Add(7, &total), RPC_E_DISCONNECTED);
}

}  // namespace
}  // namespace insula::test
