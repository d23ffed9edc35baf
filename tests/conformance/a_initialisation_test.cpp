// SPDX-License-Identifier: MIT
//
// Rows of group A about entering and leaving. The others are in a_context_test.cpp (A27 to A32) and
// a_neutral_test.cpp (A06, A36). A16 needs message filters.
#include "counter.hpp"
#include "milestone.hpp"
#include "on_thread.hpp"
#include "two_apartments.hpp"
#include "whereabouts.hpp"

#include <insula/apartments/mta.hpp>
#include <insula/apartments/pump.hpp>
#include <insula/apartments/sta.hpp>

#include <optional>
#include <thread>

namespace insula::test {
namespace {

/// Every test begins and ends in a process without apartments.
class Initialisation : public testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(on_thread(apartment_here), in_no_apartment); }
  void TearDown() override { EXPECT_EQ(on_thread(apartment_here), in_no_apartment); }
};

TEST_F(Initialisation, A01_TheFirstStaOfTheProcessIsTheMainSta) {
  on_thread([] {
    EXPECT_EQ(CoInitializeEx(nullptr, COINIT_APARTMENTTHREADED), S_OK);
    EXPECT_EQ(apartment_here(), in_main_sta);
    CoUninitialize();
    EXPECT_EQ(apartment_here(), in_no_apartment);
  });
}

TEST_F(Initialisation, A02_AThreadCanEnterTheMta) {
  on_thread([] {
    const initialised here(COINIT_MULTITHREADED);
    EXPECT_EQ(here.code(), S_OK);
    EXPECT_EQ(apartment_here(), in_mta);
  });
}

TEST_F(Initialisation, A02_FlagsOfZeroMeanTheMta) {
  on_thread([] {
    const initialised here(0);
    EXPECT_EQ(here.code(), S_OK);
    EXPECT_EQ(apartment_here(), in_mta);
  });
}

TEST_F(Initialisation, A03_TheSecondStaIsNotTheMainOne) {
  on_thread([] {
    const initialised first(COINIT_APARTMENTTHREADED);
    on_thread([] {
      const initialised second(COINIT_APARTMENTTHREADED);
      EXPECT_EQ(second.code(), S_OK);
      EXPECT_EQ(apartment_here(), in_other_sta);
    });
    EXPECT_EQ(apartment_here(), in_main_sta);
  });
}

TEST_F(Initialisation, A03_TheSecondStaIsAnApartmentOfItsOwn) {
  on_thread([] {
    const initialised first(COINIT_APARTMENTTHREADED);
    const apartment mine = apartment::current();
    on_thread([&mine] {
      const initialised second(COINIT_APARTMENTTHREADED);
      EXPECT_FALSE(apartment::current() == mine);
      EXPECT_NE(apartment::current().id(), mine.id());
    });
  });
}

TEST_F(Initialisation, A04_TheSameModelAgainIsSFalse) {
  on_thread([] {
    const initialised once(COINIT_APARTMENTTHREADED);
    const initialised twice(COINIT_APARTMENTTHREADED);
    EXPECT_EQ(twice.code(), S_FALSE);
  });
  on_thread([] {
    const initialised once(COINIT_MULTITHREADED);
    const initialised twice(COINIT_MULTITHREADED);
    EXPECT_EQ(twice.code(), S_FALSE);
  });
}

TEST_F(Initialisation, A04_EachInitialisationNeedsItsOwnBalance) {
  on_thread([] {
    ASSERT_EQ(CoInitializeEx(nullptr, COINIT_APARTMENTTHREADED), S_OK);
    ASSERT_EQ(CoInitializeEx(nullptr, COINIT_APARTMENTTHREADED), S_FALSE);
    CoUninitialize();
    EXPECT_EQ(apartment_here(), in_main_sta);
    CoUninitialize();
    EXPECT_EQ(apartment_here(), in_no_apartment);
  });
}

TEST_F(Initialisation, A05_AnMtaThreadDoesNotBecomeAnSta) {
  on_thread([] {
    const initialised here(COINIT_MULTITHREADED);
    EXPECT_EQ(CoInitializeEx(nullptr, COINIT_APARTMENTTHREADED), RPC_E_CHANGED_MODE);
    EXPECT_EQ(apartment_here(), in_mta);
  });
}

TEST_F(Initialisation, A05_AnStaThreadDoesNotEnterTheMta) {
  on_thread([] {
    const initialised here(COINIT_APARTMENTTHREADED);
    EXPECT_EQ(CoInitializeEx(nullptr, COINIT_MULTITHREADED), RPC_E_CHANGED_MODE);
    EXPECT_EQ(apartment_here(), in_main_sta);
  });
}

TEST_F(Initialisation, A05_TheRefusedCallIsNotCounted) {
  on_thread([] {
    ASSERT_EQ(CoInitializeEx(nullptr, COINIT_MULTITHREADED), S_OK);
    EXPECT_EQ(CoInitializeEx(nullptr, COINIT_APARTMENTTHREADED), RPC_E_CHANGED_MODE);
    CoUninitialize();
    EXPECT_EQ(apartment_here(), in_no_apartment);
  });
}

TEST_F(Initialisation, A12_WithoutAnyApartmentTheTypeIsCurrentAndTheCodeFails) {
  on_thread([] { EXPECT_EQ(apartment_here(), in_no_apartment); });
}

TEST_F(Initialisation, A13_AnUninitialisedThreadIsInTheMtaThatAnotherThreadKeeps) {
  on_thread([] {
    const initialised keeper(COINIT_MULTITHREADED);
    EXPECT_EQ(on_thread(apartment_here), in_mta_implicitly);
  });
}

TEST_F(Initialisation, A14_ImplicitMembershipEndsWithTheLastHolder) {
  milestone held("the MTA being held");
  milestone seen("the implicit membership being seen");
  std::thread holder([&] {
    const initialised here(COINIT_MULTITHREADED);
    held.pass();
    seen.await();
  });
  on_thread([&] {
    held.await();
    EXPECT_EQ(apartment_here(), in_mta_implicitly);
    seen.pass();
    holder.join();
    EXPECT_EQ(apartment_here(), in_no_apartment);
  });
}

TEST_F(Initialisation, A17_AnImplicitMemberMayStillBecomeTheMainSta) {
  on_thread([] {
    const initialised keeper(COINIT_MULTITHREADED);
    on_thread([] {
      ASSERT_EQ(apartment_here(), in_mta_implicitly);
      const initialised here(COINIT_APARTMENTTHREADED);
      EXPECT_EQ(here.code(), S_OK);
      EXPECT_EQ(apartment_here(), in_main_sta);
    });
  });
}

TEST_F(Initialisation, A19_TheMtaLivesUntilTheLastUsageIsGivenBack) {
  on_thread([] {
    CO_MTA_USAGE_COOKIE first{};
    CO_MTA_USAGE_COOKIE second{};
    ASSERT_EQ(CoIncrementMTAUsage(&first), S_OK);
    ASSERT_EQ(CoIncrementMTAUsage(&second), S_OK);
    EXPECT_EQ(apartment_here(), in_mta_implicitly);

    EXPECT_EQ(CoDecrementMTAUsage(first), S_OK);
    EXPECT_EQ(apartment_here(), in_mta_implicitly);
    EXPECT_EQ(CoDecrementMTAUsage(second), S_OK);
    EXPECT_EQ(apartment_here(), in_no_apartment);
  });
}

TEST_F(Initialisation, A20_CountingAUsageLeavesAnStaThreadWhereItIs) {
  on_thread([] {
    const initialised here(COINIT_APARTMENTTHREADED);
    CO_MTA_USAGE_COOKIE cookie{};
    EXPECT_EQ(CoIncrementMTAUsage(&cookie), S_OK);
    EXPECT_EQ(apartment_here(), in_main_sta);
    EXPECT_EQ(CoDecrementMTAUsage(cookie), S_OK);
    EXPECT_EQ(apartment_here(), in_main_sta);
  });
}

TEST_F(Initialisation, A26_TheMtaIsNotTiedToTheThreadThatMadeIt) {
  probe_log log;
  milestone packed("the packet being made");
  milestone called("the object being called");
  com_ptr<IStream> packet;
  on_thread([&] {
    ASSERT_EQ(CoInitializeEx(nullptr, COINIT_MULTITHREADED), S_OK);
    std::thread second([&] {
      const initialised joined(COINIT_MULTITHREADED);
      packet = packet_of<ICounter>(make_probe<counter>(log)->unknown());
      packed.pass();
      called.await();
      packet.reset();
    });
    packed.await();
    CoUninitialize();

    ASSERT_EQ(CoInitializeEx(nullptr, COINIT_APARTMENTTHREADED), S_OK);
    com_ptr<ICounter> proxy = unpacked<ICounter>(packet);
    LONG total = 0;
    std::int64_t thread = 0;
    EXPECT_EQ(proxy->Add(3, &total), S_OK);
    EXPECT_EQ(proxy->Thread(&thread), S_OK);
    EXPECT_EQ(total, 3);
    EXPECT_NE(thread, ::gettid());

    proxy.reset();
    CoUninitialize();
    called.pass();
    second.join();
  });
  EXPECT_EQ(log.instances, 0);
}

/// The default pump, and the thread's own view of what waits for it.
class watched_pump final : public pump {
 public:
  void attach(pump_client& client) override {
    client_ = &client;
    inner_->attach(client);
  }
  void detach() noexcept override { inner_->detach(); }
  void wait(std::optional<std::chrono::steady_clock::time_point> until) override {
    inner_->wait(until);
  }
  void wake() noexcept override { inner_->wake(); }

  [[nodiscard]] bool something_waits() const { return client_->has_ready(); }

 private:
  const std::unique_ptr<pump> inner_ = make_default_pump();
  pump_client* client_ = nullptr;
};

/// An STA is left while a call, system work and application work are queued for it.
class Leaving : public Initialisation {
 protected:
  /// `before`: in the STA, when the call has been queued.
  void leave_with_a_call_queued(const std::function<void()>& before) {
    on_thread([&] {
      const auto watched = std::make_shared<watched_pump>();
      std::optional<sta_lease> lease(sta_options{.name = "left", .pump = watched});
      ASSERT_EQ(CoInitializeEx(nullptr, COINIT_APARTMENTTHREADED), S_FALSE);
      const com_ptr<IStream> packet = packet_of<ICounter>(make_probe<counter>(log)->unknown());
      std::thread caller([this, &packet] {
        const initialised here(COINIT_MULTITHREADED);
        const com_ptr<ICounter> proxy = unpacked<ICounter>(packet);
        LONG total = 0;
        called = proxy->Add(1, &total);
      });
      lease->run_until([&] { return watched->something_waits(); });
      calls_before = log.calls;
      before();
      lease.reset();
      CoUninitialize();
      calls_after = log.calls;
      caller.join();
    });
  }

  probe_log log;
  HRESULT called = E_UNEXPECTED;
  int calls_before = -1;
  int calls_after = -1;
};

TEST_F(Leaving, A38_TheLastUninitialiseServesTheCallsThatWait) {
  leave_with_a_call_queued([] {});
  EXPECT_EQ(calls_before, 0);
  EXPECT_EQ(calls_after, 1);
  EXPECT_EQ(called, S_OK);
}

TEST_F(Leaving, A38_SystemWorkThatWaitsIsRun) {
  bool ran = false;
  leave_with_a_call_queued([&] { apartment::current().post_system([&ran] { ran = true; }); });
  EXPECT_TRUE(ran);
}

TEST_F(Leaving, A38_ApplicationWorkThatWaitsIsDiscarded) {
  bool ran = false;
  const auto kept = std::make_shared<int>(0);
  leave_with_a_call_queued([&] {
    apartment::current().post([&ran, kept] { ran = true; });
    EXPECT_EQ(kept.use_count(), 2);
  });
  EXPECT_FALSE(ran);
  EXPECT_EQ(kept.use_count(), 1);
}

}  // namespace
}  // namespace insula::test
