// SPDX-License-Identifier: MIT
//
// Coroutines: task, resume_in, and co_await of a future.
#include <insula/apartments/async.hpp>
#include <insula/apartments/mta.hpp>
#include <insula/apartments/resume_in.hpp>
#include <insula/apartments/sta.hpp>
#include <insula/apartments/task.hpp>
#include <insula/core/test_gate.hpp>

#include "counter.hpp"
#include "milestone.hpp"
#include "outcome.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace insula::test {
namespace {

task<int> gives(int value) { co_return value; }

task<> throws() {
  throw std::out_of_range("in the coroutine");
  co_return;
}

task<LONG> adds(com_ptr<ICounter> counter, LONG amount) {
  LONG total = 0;
  throw_if_failed(co_await async(counter, &ICounter::Add, amount, &total));
  co_return total;
}

TEST(Task, GivesWhatTheCoroutineReturns) { EXPECT_EQ(gives(7).get(), 7); }

TEST(Task, ThrowsWhatTheCoroutineThrew) { EXPECT_THROW(throws().get(), std::out_of_range); }

TEST(Task, MayBeDroppedWhileItsCoroutineGoesOn) {
  sta_lease here("here");
  bool ended = false;
  const auto moves = [](apartment to, bool* flag) -> task<> {
    co_await resume_in(to);
    co_await std::suspend_never{};
    *flag = true;
  };
  const sta away("away");
  const auto back = [](apartment first, apartment then, bool* flag) -> task<> {
    co_await resume_in(first);
    co_await resume_in(then);
    *flag = true;
  };
  (void)moves(here.get(), &ended);
  EXPECT_TRUE(ended);
  ended = false;
  (void)back(away.get(), here.get(), &ended);
  here.run_until([&] { return ended; });
}

TEST(Task, AwaitsAnotherTask) {
  const auto sums = []() -> task<int> { co_return co_await gives(3) + co_await gives(4); };
  EXPECT_EQ(sums().get(), 7);
}

task<HRESULT> code_of_awaiting(task<int>& awaited) {
  try {
    (void)co_await awaited;
  } catch (const com_error& failure) {
    co_return failure.code();
  }
  co_return S_OK;
}

TEST(Task, IsAwaitedByOneCoroutineOnly) {
  sta_lease here("here");
  bool goes = false;
  const auto later = [&]() -> task<int> {
    while (!goes) {
      auto next = std::make_shared<settled>();
      here.get().post([next] { next->settle(); });
      struct awaits {
        settled& on;
        bool refused = false;
        bool await_ready() { return false; }
        bool await_suspend(std::coroutine_handle<> waiter) {
          return on.resume_later(waiter, &refused);
        }
        void await_resume() {}
      };
      co_await awaits{*next};
    }
    co_return 1;
  };
  task<int> awaited = later();
  auto first = code_of_awaiting(awaited);
  auto second = code_of_awaiting(awaited);
  EXPECT_EQ(second.get(), E_UNEXPECTED);
  goes = true;
  here.run_until([&] { return first.ready(); });
  EXPECT_EQ(first.get(), S_OK);
}

TEST(CoAwait, OfAFutureGivesTheResult) {
  const sta_lease here("here");
  const sta home("home");
  probe_log log;
  const auto proxy = home.create<ICounter>([&] { return make_probe<counter>(log); });
  EXPECT_EQ(adds(proxy, 4).get(), 4);
}

TEST(CoAwait, GoesOnInTheApartmentThatAwaited) {
  const sta_lease here("here");
  const sta home("home");
  probe_log log;
  const auto proxy = home.create<ICounter>([&] { return make_probe<counter>(log); });
  const auto looks = [](com_ptr<ICounter> counter, apartment expected) -> task<bool> {
    LONG total = 0;
    (void)co_await async(counter, &ICounter::Add, 1, &total);
    co_return expected.is_current();
  };
  EXPECT_TRUE(looks(proxy, here.get()).get());
}

TEST(CoAwait, OfACancelledFutureThrowsOrGivesTheCode) {
  const sta_lease here("here");
  const sta home("home");
  probe_log log;
  const auto proxy = home.create<ICounter>([&] { return make_probe<counter>(log); });
  const auto cancels = [](com_ptr<ICounter> counter, milestone* goes) -> task<HRESULT> {
    LONG total = 0;
    auto result = async(counter, &ICounter::Add, 1, &total);
    result.cancel();
    goes->pass();
    co_return co_await std::move(result);
  };
  milestone goes, busy;
  home.post_system([&] {
    busy.pass();
    goes.await();
  });
  busy.await();
  EXPECT_EQ(cancels(proxy, &goes).get(), RPC_E_CALL_CANCELED);
  home.invoke([] {});
  EXPECT_EQ(log.calls, 0);
}

TEST(CoAwait, InAnApartmentThatClosesMeanwhileThrowsThere) {
  const mta_lease here;
  const sta home("home");
  std::optional<sta> caller(std::in_place, "caller");
  const apartment callers_place = caller->get();
  milestone busy, goes, ended;
  HRESULT code = S_OK;
  probe_log log;
  const auto looks = [&](com_ptr<ICounter> counter) -> task<> {
    LONG total = 0;
    try {
      (void)co_await async(counter, &ICounter::Add, 1, &total);
    } catch (const com_error& error) {
      code = error.code();
    }
    ended.pass();
  };
  caller->invoke([&] {
    const auto proxy = home.create<ICounter>([&] { return make_probe<counter>(log); });
    home.post_system([&] {
      busy.pass();
      goes.await();
    });
    (void)looks(proxy);
  });
  busy.await();

  caller.reset();
  goes.pass();

  ended.await();
  EXPECT_EQ(code, RPC_E_DISCONNECTED);
}

// -- resume_in ---------------------------------------------------------------

task<> enters(apartment where, bool* inside) {
  co_await resume_in(where);
  *inside = where.is_current();
}

TEST(ResumeIn, MovesTheCoroutine) {
  const sta home("home");
  bool inside = false;
  enters(home.get(), &inside).get();
  EXPECT_TRUE(inside);
}

TEST(ResumeIn, MovesIntoTheMta) {
  const sta_lease here("here");
  const mta_usage mta;
  bool inside = false;
  enters(mta.get(), &inside).get();
  EXPECT_TRUE(inside);
}

TEST(ResumeIn, JustGoesOnWhereItIsAlready) {
  const sta_lease here("here");
  bool inside = false;
  const task<> entered = enters(here.get(), &inside);
  EXPECT_TRUE(entered.ready());
  EXPECT_TRUE(inside);
}

TEST(ResumeIn, AClosedApartmentThrowsWhereItWasAwaited) {
  sta home("home");
  home.close();
  bool inside = false;
  EXPECT_EQ(code_of([&] { enters(home.get(), &inside).get(); }), RPC_E_DISCONNECTED);
  EXPECT_FALSE(inside);
}

TEST(ResumeIn, AnEmptyHandleThrows) {
  bool inside = false;
  EXPECT_EQ(code_of([&] { enters(apartment(), &inside).get(); }), RPC_E_DISCONNECTED);
}

// It was queued, and the apartment closes before its turn: on that apartment's own thread.
TEST(ResumeIn, AnApartmentThatClosesBeforeItsTurnThrowsOnItsThread) {
  sta home("home");
  const pid_t thread = home.invoke([] { return ::gettid(); });
  pid_t thrown_on = 0;
  HRESULT code = S_OK;
  const auto tries = [&](apartment where) -> task<> {
    try {
      co_await resume_in(where);
    } catch (const com_error& error) {
      code = error.code();
      thrown_on = ::gettid();
    }
  };
  // During rundown the apartment refuses, but what slipped in is still in its queue.
  std::optional<task<>> late;
  {
    test_gate gate("sta.accepted");
    std::thread mover([&] { late = tries(home.get()); });
    gate.wait_until_reached();
    test_gate refuses("sta.refuses", [&] { gate.open(); mover.join(); });
    home.close();
    EXPECT_TRUE(refuses.reached());
  }
  late->get();
  EXPECT_EQ(code, RPC_E_DISCONNECTED);
  EXPECT_EQ(thrown_on, thread);
}

}  // namespace
}  // namespace insula::test
