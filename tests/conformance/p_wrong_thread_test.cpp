// SPDX-License-Identifier: MIT
//
// Rows P01 to P09: pointers that are used where they do not belong.
#include "counter.hpp"
#include "on_thread.hpp"
#include "two_apartments.hpp"

#include <insula/apartments/mta.hpp>
#include <insula/marshal/multi_qi.hpp>

namespace insula::test {
namespace {

/// `proxy` belongs to the client's STA; the object lives in another one.
class WrongThread : public two_apartments {
 protected:
  void SetUp() override { proxy = counter_at_home(); }

  HRESULT add() {
    LONG total = 0;
    return proxy->Add(1, &total);
  }
  HRESULT query(REFIID iid) {
    IUnknown* found = nullptr;
    const HRESULT code = proxy->QueryInterface(iid, reinterpret_cast<void**>(&found));
    if (SUCCEEDED(code)) found->Release();
    else EXPECT_EQ(found, nullptr);
    return code;
  }

  com_ptr<ICounter> proxy;
};

TEST_F(WrongThread, P01_ACallFromAThreadWithoutApartmentIsNotInitialized) {
  EXPECT_EQ(on_thread([&] { return add(); }), CO_E_NOTINITIALIZED);
  EXPECT_EQ(log.calls, 0);
}

TEST_F(WrongThread, P01_TheProxyWorksOnAtHomeAfterwards) {
  (void)on_thread([&] { return add(); });
  EXPECT_EQ(add(), S_OK);
  EXPECT_EQ(log.calls, 1);
}

TEST_F(WrongThread, P02_AQueryForWhatTheProxyItselfHasIsRefused) {
  EXPECT_EQ(on_thread([&] { return query(iid_of<IMultiQI>()); }), RPC_E_WRONG_THREAD);
}

TEST_F(WrongThread, P03_AQueryForWhatTheObjectLacksIsRefused) {
  EXPECT_EQ(on_thread([&] { return query(iid_of<IAbsent>()); }), RPC_E_WRONG_THREAD);
}

TEST_F(WrongThread, P03_TheObjectIsNotAsked) {
  settle_home();
  const int asked = log.queries;
  EXPECT_EQ(on_thread([&] { return query(iid_of<IAbsent>()); }), RPC_E_WRONG_THREAD);
  EXPECT_EQ(log.queries, asked);
}

TEST_F(WrongThread, P04_ACallFromAnMtaThreadIsRefused) {
  on_thread([&] {
    const mta_lease here;
    EXPECT_EQ(add(), RPC_E_WRONG_THREAD);
  });
  EXPECT_EQ(log.calls, 0);
}

TEST_F(WrongThread, P04_ACallFromAnotherStaIsRefused) {
  sta other("other");
  EXPECT_EQ(other.invoke([&] { return add(); }), RPC_E_WRONG_THREAD);
  EXPECT_EQ(log.calls, 0);
}

TEST_F(WrongThread, P04_ACallFromAThreadThatIsInTheMtaImplicitlyIsRefused) {
  const mta_usage open;
  EXPECT_EQ(on_thread([&] { return add(); }), RPC_E_WRONG_THREAD);
  EXPECT_EQ(log.calls, 0);
}

TEST_F(WrongThread, P04_ItsOutArgumentsAreZeroed) {
  sta other("other");
  LONG total = 7;
  EXPECT_EQ(other.invoke([&] { return proxy->Add(1, &total); }), RPC_E_WRONG_THREAD);
  EXPECT_EQ(total, 0);
}

TEST_F(WrongThread, P05_AnyQueryFromAnMtaThreadIsRefused) {
  on_thread([&] {
    const mta_lease here;
    for (const IID& iid : {iid_of<ICounter>(), iid_of<INamed>(), iid_of<IAbsent>(),
                           iid_of<IMultiQI>(), IID_IUnknown})
      EXPECT_EQ(query(iid), RPC_E_WRONG_THREAD) << to_string(iid);
  });
}

TEST_F(WrongThread, P06_AReleaseFromAThreadWithoutApartmentReleasesTheObject) {
  ICounter* const last = proxy.detach();
  EXPECT_EQ(log.instances, 1);
  on_thread([&] { EXPECT_EQ(last->Release(), 0u); });
  settle_home();
  EXPECT_EQ(log.instances, 0);
  EXPECT_EQ(log.connections, 0);
  EXPECT_EQ(log.last_release_closes, 1);
}

TEST_F(WrongThread, P06_AReleaseFromAnMtaThreadReleasesTheObject) {
  ICounter* const last = proxy.detach();
  on_thread([&] {
    const mta_lease here;
    EXPECT_EQ(last->Release(), 0u);
  });
  settle_home();
  EXPECT_EQ(log.instances, 0);
}

TEST_F(WrongThread, P06_TheObjectEndsOnItsOwnThread) {
  long ended_on = 0;
  const long home_thread = home.invoke([&] {
    log.on_end = [&] { ended_on = ::gettid(); };
    return static_cast<long>(::gettid());
  });
  ICounter* const last = proxy.detach();
  on_thread([&] { last->Release(); });
  settle_home();
  EXPECT_EQ(ended_on, home_thread);
}

/// `proxy` belongs to the MTA; the object lives in an STA.
class MtaProxy : public testing::Test {
 protected:
  void SetUp() override {
    home.invoke([&] { stream = packet_of<ICounter>(make_probe<counter>(log)->unknown()); });
    on_thread([&] {
      const mta_lease here;
      proxy = unpacked<ICounter>(stream);
    });
  }
  HRESULT add() {
    LONG total = 0;
    return proxy->Add(1, &total);
  }

  probe_log log;
  sta home{"home"};
  mta_usage open;
  com_ptr<IStream> stream;
  com_ptr<ICounter> proxy;
};

TEST_F(MtaProxy, P07_ACallFromAnyMtaThreadIsServed) {
  for (int i = 0; i != 2; ++i)
    on_thread([&] {
      const mta_lease here;
      EXPECT_EQ(add(), S_OK);
    });
  EXPECT_EQ(log.calls, 2);
}

TEST_F(MtaProxy, P07_ACallFromAThreadThatIsInTheMtaImplicitlyIsServed) {
  EXPECT_EQ(add(), S_OK);
  EXPECT_EQ(on_thread([&] { return add(); }), S_OK);
  EXPECT_EQ(log.calls, 2);
}

TEST_F(MtaProxy, P08_AThreadThatHasEnteredAnStaIsRefusedUntilItLeaves) {
  EXPECT_EQ(add(), S_OK);
  ASSERT_EQ(CoInitializeEx(nullptr, COINIT_APARTMENTTHREADED), S_OK);
  EXPECT_EQ(add(), RPC_E_WRONG_THREAD);
  CoUninitialize();
  EXPECT_EQ(add(), S_OK);
  EXPECT_EQ(log.calls, 2);
}

TEST_F(MtaProxy, P08_AfterLeavingTheStaTheReleaseFreesTheObject) {
  ASSERT_EQ(CoInitializeEx(nullptr, COINIT_APARTMENTTHREADED), S_OK);
  EXPECT_EQ(add(), RPC_E_WRONG_THREAD);
  CoUninitialize();
  EXPECT_EQ(log.instances, 1);

  EXPECT_EQ(proxy.detach()->Release(), 0u);
  home.invoke([] {});
  EXPECT_EQ(log.instances, 0);
  EXPECT_EQ(log.connections, 0);
}

TEST_F(WrongThread, P09_ARawPointerIsNotCheckedAndRunsWhereItIsUsed) {
  probe_log raw_log;
  const auto object = make_probe<counter>(raw_log);
  std::int64_t ran_on = 0;
  long other_thread = 0;
  on_thread([&] {
    other_thread = ::gettid();
    EXPECT_EQ(object->Thread(&ran_on), S_OK);
  });
  EXPECT_EQ(ran_on, other_thread);
}

TEST_F(WrongThread, P09_AMarshaledPointerRunsOnTheThreadOfItsApartment) {
  const auto stream = packet_of<ICounter>(make_probe<counter>(mine)->unknown());
  std::int64_t ran_on = 0;
  on_thread([&] {
    const sta_lease here("other");
    EXPECT_EQ(unpacked<ICounter>(stream)->Thread(&ran_on), S_OK);
  });
  EXPECT_EQ(ran_on, ::gettid());
}

}  // namespace
}  // namespace insula::test
