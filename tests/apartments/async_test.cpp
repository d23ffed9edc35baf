// SPDX-License-Identifier: MIT
#include <insula/apartments/async.hpp>

#include <insula/apartments/agile_ref.hpp>
#include <insula/apartments/call_options.hpp>
#include <insula/apartments/mta.hpp>
#include <insula/apartments/sta.hpp>
#include <insula/apartments/task.hpp>
#include <insula/core/test_gate.hpp>

#include "busy_home.hpp"
#include "counter.hpp"
#include "log_lines.hpp"
#include "milestone.hpp"
#include "on_thread.hpp"
#include "outcome.hpp"
#include "port.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>

namespace insula::test {

struct IGiver : IUnknown {
  virtual HRESULT Give(ICounter** out) = 0;
};
INSULA_INTERFACE(IGiver, IUnknown, "7b1f0d52-31a7-4e0c-9b57-1d2b7c4a0b01", (Give, out("out")));

namespace {

class giver final : public implements<giver, IGiver> {
 public:
  explicit giver(probe_log& log) : log_(log) {}
  HRESULT Give(ICounter** out) override {
    *out = make_probe<counter>(log_).detach();
    return S_OK;
  }

 private:
  probe_log& log_;
};

class Async : public BusyHome {};

TEST_F(Async, GetGivesWhatTheCallGives) {
  const auto proxy = counter_at_home();
  LONG total = 0;
  future<HRESULT> result = async(proxy, &ICounter::Add, 3, &total);
  EXPECT_EQ(result.get(), S_OK);
  EXPECT_EQ(total, 3);
  EXPECT_FALSE(result.valid());
}

TEST_F(Async, WritesResultsOnlyWhenTheyAreTaken) {
  const auto proxy = counter_at_home();
  LONG total = 0;
  future<HRESULT> result = async(proxy, &ICounter::Add, 3, &total);
  result.wait();
  EXPECT_TRUE(result.ready());
  EXPECT_EQ(total, 0);
  EXPECT_EQ(result.get(), S_OK);
  EXPECT_EQ(total, 3);
}

TEST_F(Async, AnEmptyFutureSaysSo) {
  LONG total = 0;
  future<HRESULT> result = async(counter_at_home(), &ICounter::Add, 3, &total);
  EXPECT_EQ(result.get(), S_OK);
  EXPECT_FALSE(result.ready());
  result.cancel();
  EXPECT_EQ(code_of([&] { (void)result.get(); }), E_POINTER);
  EXPECT_EQ(code_of([&] { result.wait(); }), E_POINTER);
}

TEST_F(Async, DoesNotWaitForTheCall) {
  const auto proxy = counter_at_home();
  keep_busy();
  LONG total = 0;
  future<HRESULT> result = async(proxy, &ICounter::Add, 3, &total);
  EXPECT_FALSE(result.ready());
  EXPECT_FALSE(result.wait_until(std::chrono::steady_clock::now()));
  goes.pass();
  EXPECT_EQ(result.get(), S_OK);
}

TEST_F(Async, OnAnObjectOfTheOwnApartmentIsReadyAtOnce) {
  const com_ptr<ICounter> mine = make_probe<counter>(log);
  LONG total = 0;
  future<HRESULT> result = async(mine, &ICounter::Add, 3, &total);
  EXPECT_TRUE(result.ready());
  EXPECT_EQ(result.get(), S_OK);
  EXPECT_EQ(total, 3);
}

TEST_F(Async, ServesCallsWhileItWaitsForTheResult) {
  bool served = false;
  const auto calls_back = home.create<IVisitor>([&] {
    return make<visitor>([&](ICounter*) {
      here.get().invoke([&] { served = true; });
      return S_OK;
    });
  });
  EXPECT_EQ(async(calls_back, &IVisitor::Visit, nullptr).get(), S_OK);
  EXPECT_TRUE(served);
}

TEST_F(Async, KeepsTheOrderWithSynchronousCalls) {
  const auto proxy = counter_at_home();
  keep_busy();
  LONG first = 0, second = 0, third = 0;
  future<HRESULT> one = async(proxy, &ICounter::Add, 1, &first);
  future<HRESULT> two = async(proxy, &ICounter::Add, 1, &second);
  goes.pass();
  EXPECT_EQ(proxy->Add(1, &third), S_OK);
  EXPECT_EQ(one.get(), S_OK);
  EXPECT_EQ(two.get(), S_OK);
  EXPECT_EQ(first, 1);
  EXPECT_EQ(second, 2);
  EXPECT_EQ(third, 3);
}

TEST_F(Async, ACallThatIsCancelledBeforeItBeganIsNotExecuted) {
  const auto proxy = counter_at_home();
  keep_busy();
  LONG total = 0;
  future<HRESULT> result = async(proxy, &ICounter::Add, 3, &total);
  result.cancel();
  EXPECT_TRUE(result.ready());
  EXPECT_EQ(result.get(), RPC_E_CALL_CANCELED);
  goes.pass();
  home.invoke([] {});
  EXPECT_EQ(log.calls, 0);
  EXPECT_EQ(total, 0);
}

TEST_F(Async, ACallThatRunsSeesThatItWasCancelled) {
  bool before = true;
  bool after = false;
  milestone entered("the call"), cancelled("its cancelling"), looked("its look");
  const auto looks = home.create<IVisitor>([&] {
    return make<visitor>([&](ICounter*) {
      before = current_call_is_cancelled();
      entered.pass();
      cancelled.await();
      after = current_call_is_cancelled();
      return S_OK;
    });
  });
  future<HRESULT> result = async(looks, &IVisitor::Visit, nullptr);
  entered.await();
  result.cancel();
  cancelled.pass();
  EXPECT_EQ(result.get(), RPC_E_CALL_CANCELED);
  home.invoke([] {});
  EXPECT_FALSE(before);
  EXPECT_TRUE(after);
}

TEST_F(Async, ACallThatWasCancelledWhileItRanIsNotSaidToBeNotExecuted) {
  milestone entered("the call");
  const auto looks = home.create<IVisitor>([&] {
    return make<visitor>([&](ICounter*) {
      entered.pass();
      goes.await();
      return S_OK;
    });
  });
  future<HRESULT> result = async(looks, &IVisitor::Visit, nullptr);
  entered.await();
  result.cancel();
  EXPECT_EQ(result.get(), RPC_E_CALL_CANCELED);
  EXPECT_EQ(last_call_fate(), call_fate::unknown);
  EXPECT_THAT(error_description(), testing::HasSubstr("may be running still"));
}

TEST_F(Async, ACallThatWasCancelledBeforeItBeganIsSaidToBeNotExecuted) {
  const auto proxy = counter_at_home();
  keep_busy();
  LONG total = 0;
  future<HRESULT> result = async(proxy, &ICounter::Add, 3, &total);
  result.cancel();
  EXPECT_EQ(result.get(), RPC_E_CALL_CANCELED);
  EXPECT_EQ(last_call_fate(), call_fate::not_executed);
  EXPECT_THAT(error_description(), testing::HasSubstr("was not executed and never will be"));
}

TEST_F(Async, CancelAndWaitReturnsWhenTheCalleeHasStopped) {
  milestone entered("the call");
  bool running = false;
  const auto looks = home.create<IVisitor>([&] {
    return make<visitor>([&](ICounter*) {
      running = true;
      entered.pass();
      while (!current_call_is_cancelled()) std::this_thread::yield();
      running = false;
      return S_OK;
    });
  });
  future<HRESULT> result = async(looks, &IVisitor::Visit, nullptr);
  entered.await();
  EXPECT_TRUE(result.cancel_and_wait());
  EXPECT_FALSE(running);
  EXPECT_EQ(result.get(), RPC_E_CALL_CANCELED);
  EXPECT_EQ(last_call_fate(), call_fate::executed);
}

TEST_F(Async, CancelAndWaitDoesNotWaitForACallThatHasNotBegun) {
  const auto proxy = counter_at_home();
  keep_busy();
  LONG total = 0;
  future<HRESULT> result = async(proxy, &ICounter::Add, 3, &total);
  EXPECT_TRUE(result.cancel_and_wait());
  goes.pass();
  home.invoke([] {});
  EXPECT_EQ(log.calls, 0);
}

TEST_F(Async, CancelAndWaitOfWhatIsReadyChangesNothing) {
  const auto proxy = counter_at_home();
  LONG total = 0;
  future<HRESULT> result = async(proxy, &ICounter::Add, 3, &total);
  result.wait();
  EXPECT_TRUE(result.cancel_and_wait());
  EXPECT_EQ(result.get(), S_OK);
}

TEST_F(Async, CancelAndWaitEndsAtTheDeadline) {
  milestone entered("the call");
  const auto looks = home.create<IVisitor>([&] {
    return make<visitor>([&](ICounter*) {
      entered.pass();
      goes.await();
      return S_OK;
    });
  });
  future<HRESULT> result = async(looks, &IVisitor::Visit, nullptr);
  entered.await();
  {
    const deadline_scope limit(std::chrono::milliseconds{10});
    EXPECT_FALSE(result.cancel_and_wait());
  }
  goes.pass();
  EXPECT_TRUE(result.cancel_and_wait());
}

TEST_F(Async, CancellingWhatIsReadyChangesNothing) {
  const auto proxy = counter_at_home();
  LONG total = 0;
  future<HRESULT> result = async(proxy, &ICounter::Add, 3, &total);
  result.wait();
  result.cancel();
  EXPECT_EQ(result.get(), S_OK);
}

TEST_F(Async, ATimeoutEndsTheWaitAndTheCallIsNotExecuted) {
  const auto proxy = counter_at_home();
  keep_busy();
  LONG total = 0;
  future<HRESULT> result =
      async({.timeout = std::chrono::nanoseconds{0}}, proxy, &ICounter::Add, 3, &total);
  EXPECT_EQ(result.get(), RPC_E_TIMEOUT);
  goes.pass();
  home.invoke([] {});
  EXPECT_EQ(log.calls, 0);
}

TEST_F(Async, TheLongestTimeoutThereIsNeverComes) {
  constexpr auto forever = std::chrono::nanoseconds::max();
  const auto proxy = counter_at_home();
  LONG total = 0;
  future<HRESULT> result = async({.timeout = forever}, proxy, &ICounter::Add, 3, &total);
  EXPECT_TRUE(result.wait_for(forever));
  EXPECT_EQ(result.get(), S_OK);
}

TEST_F(Async, ADroppedFutureLetsTheCallGoOn) {
  const auto proxy = counter_at_home();
  keep_busy();
  LONG total = 0;
  (void)async(proxy, &ICounter::Add, 3, &total);
  goes.pass();
  home.invoke([] {});
  EXPECT_EQ(log.calls, 1);
  EXPECT_EQ(total, 0);
}

TEST_F(Async, ADroppedFutureReleasesTheInterfacesOfItsResult) {
  const auto gives = home.create<IGiver>([this] { return make<giver>(log); });
  com_ptr<ICounter> given;
  {
    future<HRESULT> result = async(gives, &IGiver::Give, given.put());
    result.wait();
    EXPECT_EQ(log.instances, 1);
  }
  home.invoke([] {});
  EXPECT_EQ(log.instances, 0);
  EXPECT_EQ(given, nullptr);
}

TEST_F(Async, AResultThatComesAfterCancellingIsReleased) {
  const auto gives = home.create<IGiver>([this] { return make<giver>(log); });
  com_ptr<ICounter> given;
  milestone entered("the making"), cancelled("the cancelling");
  log.on_query = [&](REFIID) {
    entered.pass();
    cancelled.await();
  };
  future<HRESULT> result = async(gives, &IGiver::Give, given.put());
  entered.await();
  result.cancel();
  cancelled.pass();
  EXPECT_EQ(result.get(), RPC_E_CALL_CANCELED);
  home.invoke([] {});
  here.drain();
  home.invoke([] {});
  EXPECT_EQ(log.instances, 0);
}

TEST_F(Async, KeepsItsProxyUntilTheCallWasServed) {
  auto proxy = counter_at_home();
  keep_busy();
  LONG total = 0;
  future<HRESULT> result = async(proxy, &ICounter::Add, 3, &total);
  proxy.reset();
  EXPECT_EQ(log.instances, 1);
  goes.pass();
  EXPECT_EQ(result.get(), S_OK);
  EXPECT_EQ(log.calls, 1);
}

TEST_F(Async, FailsWhenTheApartmentOfTheObjectHasClosed) {
  const auto proxy = counter_at_home();
  home.close();
  LONG total = 7;
  EXPECT_EQ(async(proxy, &ICounter::Add, 3, &total).get(), RPC_E_DISCONNECTED);
  EXPECT_EQ(total, 0);
}

TEST_F(Async, FailsWhenItIsQueuedAfterTheApartmentHasClosed) {
  const auto proxy = counter_at_home();
  LONG total = 0;
  const test_gate gate("sta.accepted", [&] { home.close(); });
  EXPECT_EQ(async(proxy, &ICounter::Add, 3, &total).get(), RPC_E_DISCONNECTED);
  EXPECT_TRUE(gate.reached());
  EXPECT_EQ(log.calls, 0);
}

TEST_F(Async, WaitsOfTwoThreadsBothEnd) {
  const auto proxy = counter_at_home();
  keep_busy();
  LONG total = 0;
  future<HRESULT> result = async(proxy, &ICounter::Add, 3, &total);
  std::thread other([&] { result.wait(); });
  goes.pass();
  result.wait();
  other.join();
  EXPECT_EQ(result.get(), S_OK);
}

TEST_F(Async, NotifySendsAndForgets) {
  const auto visits = home.create<IVisitor>([this] {
    return make<visitor>([this](ICounter*) {
      ++log.calls;
      return E_FAIL;
    });
  });
  EXPECT_EQ(notify(visits, &IVisitor::Visit, nullptr), S_OK);
  home.invoke([] {});
  EXPECT_EQ(log.calls, 1);
}

TEST_F(Async, WhatANotifiedMethodThrowsGoesToTheLog) {
  const auto throws = home.create<IVisitor>([] {
    return make<visitor>([](ICounter*) -> HRESULT { throw std::runtime_error("no ink"); });
  });
  const log_lines lines;
  EXPECT_EQ(notify(throws, &IVisitor::Visit, nullptr), S_OK);
  home.invoke([] {});
  EXPECT_THAT(lines.text(), testing::HasSubstr("IVisitor::Visit, a notification from "));
  EXPECT_THAT(lines.text(), testing::HasSubstr("no ink"));
}

TEST_F(Async, WhatAMethodNotifiedInItsOwnApartmentThrowsGoesToTheLog) {
  const auto throws =
      make<visitor>([](ICounter*) -> HRESULT { throw std::runtime_error("no ink"); });
  set_error(E_FAIL, "from before");
  const log_lines lines;
  EXPECT_EQ(notify(throws.get(), &IVisitor::Visit, nullptr), S_OK);
  EXPECT_THAT(lines.text(), testing::HasSubstr("IVisitor, notified in its own apartment"));
  EXPECT_THAT(lines.text(), testing::HasSubstr("no ink"));
  EXPECT_EQ(error_description(), "from before");
}

TEST_F(Async, ANotificationThatIsNotExecutedIsInTheLog) {
  sta_thread shared("shared");
  const apartment hosted = shared.add("hosted");
  const apartment neighbour = shared.add("neighbour");
  const auto visits = hosted.create<IVisitor>([] {
    return make<visitor>([](ICounter*) { return S_OK; });
  });
  const log_lines lines;
  {
    const test_gate gate("sta.accepted", [&] { shared.close(hosted); });
    EXPECT_EQ(notify(visits, &IVisitor::Visit, nullptr), S_OK);
  }
  neighbour.invoke([] {});
  EXPECT_THAT(lines.text(), testing::HasSubstr("RPC_E_DISCONNECTED"));
}

TEST_F(Async, OfANullPointerSaysSo) {
  LONG total = 0;
  ICounter* const nothing = nullptr;
  EXPECT_EQ(async(nothing, &ICounter::Add, 3, &total).get(), E_POINTER);
  EXPECT_THAT(error_description(), testing::HasSubstr("async: the pointer to ICounter is null"));
  EXPECT_EQ(notify(static_cast<IVisitor*>(nullptr), &IVisitor::Visit, nullptr), E_POINTER);
  EXPECT_THAT(error_description(), testing::HasSubstr("notify: the pointer to IVisitor is null"));
}

TEST_F(Async, NotifyOfAProxyThatBelongsElsewhereFails) {
  const auto proxy = counter_at_home();
  on_thread([&] {
    const mta_lease there;
    EXPECT_EQ(notify(proxy, &ICounter::Add, 1, nullptr), RPC_E_WRONG_THREAD);
  });
  EXPECT_EQ(log.calls, 0);
}

TEST_F(Async, NotifyOfAClosedApartmentFails) {
  const auto visits = home.create<IVisitor>([] {
    return make<visitor>([](ICounter*) { return S_OK; });
  });
  home.close();
  EXPECT_EQ(notify(visits, &IVisitor::Visit, nullptr), RPC_E_DISCONNECTED);
}

TEST_F(Async, AnApartmentMayCloseWithCallsUnderWay) {
  const auto proxy = counter_at_home();
  const agile_ref<ICounter> travels(proxy);
  std::optional<sta> caller(std::in_place, "caller");
  LONG total = 0;
  std::optional<future<HRESULT>> pending;
  caller->invoke([&] {
    const auto mine = travels.get();
    keep_busy();
    pending = async(mine, &ICounter::Add, 3, &total);
  });
  caller.reset();
  goes.pass();
  home.invoke([] {});
  pending.reset();
  EXPECT_EQ(log.calls, 1);
}

/// Threads that each end while they are owed the answer to a call that they gave up.
class OwedThreads : public Async {
 protected:
  void end_some() {
    milestone free("the callees' permission");
    const mta_usage mta;  // when it has closed, all answers have been sent
    const agile_ref<IVisitor> blocks(mta.get().create<IVisitor>([&] {
      return make<visitor>([&](ICounter*) {
        free.await();
        return S_OK;
      });
    }));
    for (int i = 0; i != 8; ++i)
      on_thread([&] {
        const sta_lease waits("waits");
        const auto slow = blocks.get();
        do {
          const deadline_scope soon(std::chrono::milliseconds{5});
          EXPECT_EQ(slow->Visit(nullptr), RPC_E_TIMEOUT);
        } while (last_call_fate() == call_fate::not_executed);
      });
    free.pass();
  }
};

TEST_F(OwedThreads, LeaveTheirPortsToThoseThatCome) {
  end_some();
  const std::size_t ports = port::count();
  end_some();
  end_some();
  EXPECT_EQ(port::count(), ports);
}

struct ends_late {
  ~ends_late() { result = {}; }
  future<HRESULT> result;
};

// What the leak checker of the sanitizer preset finds is the claim.
TEST_F(OwedThreads, AnAnswerThatEndsWithAThreadLocalObjectIsUsedAgain) {
  const mta_usage mta;
  const com_ptr<ICounter> proxy = on_thread([this] { return counter_at_home(); });
  std::thread([&] {
    thread_local ends_late last;  // made before the library knows of the thread, so it ends after
    LONG total = 0;
    last.result = async(proxy, &ICounter::Add, 1, &total);
    last.result.wait();
    EXPECT_TRUE(last.result.ready());
  }).join();
}

// -- the race between a result and the end of a wait ----------------------------------------------

TEST(Settled, AWaitThatExpiresWhileItIsSettledHasHappened) {
  settled done;
  const test_gate gate("settled.expired", [&] { done.settle(); });
  EXPECT_TRUE(done.wait(std::chrono::steady_clock::now()));
  EXPECT_TRUE(gate.reached());
}

TEST(Settled, AWaitThatExpiresLeavesTheOthersWaiting) {
  constexpr int waits = 8;
  const sta place("place");
  settled done;
  std::atomic<int> ended{0};
  std::vector<std::thread> waiting;
  for (int i = 0; i != waits; ++i) {
    waiting.emplace_back([&] {
      place.invoke([&] {
        EXPECT_TRUE(done.wait());
        ++ended;
      });
    });
    EXPECT_FALSE(place.invoke([&] { return done.wait(std::chrono::steady_clock::now()); }));
  }
  EXPECT_EQ(ended, 0);
  done.settle();
  for (std::thread& thread : waiting) thread.join();
  EXPECT_EQ(ended, waits);
}

TEST(Settled, AWaitThatExpiresBeforeItIsSettledHasNot) {
  settled done;
  EXPECT_FALSE(done.wait(std::chrono::steady_clock::now()));
  done.settle();
  EXPECT_TRUE(done.wait());
}

}  // namespace
}  // namespace insula::test
