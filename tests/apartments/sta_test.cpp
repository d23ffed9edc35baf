// SPDX-License-Identifier: MIT
#include <insula/apartments/sta.hpp>

#include <insula/apartments/agile_ref.hpp>
#include <insula/apartments/mta.hpp>

#include "counter.hpp"
#include "milestone.hpp"
#include "on_thread.hpp"
#include "outcome.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace insula::test {
namespace {

TEST(Sta, RunsInvokedWorkInsideItself) {
  const sta home("home");
  EXPECT_FALSE(home.get().is_current());
  EXPECT_TRUE(home.invoke([&] { return home.get().is_current(); }));
}

TEST(Sta, InvokeGivesWhatTheWorkReturns) {
  const sta home("home");
  const auto made = home.invoke([] { return std::make_unique<int>(7); });
  EXPECT_EQ(*made, 7);
}

TEST(Sta, InvokeThrowsWhatTheWorkThrew) {
  const sta home("home");
  EXPECT_THROW(home.invoke([] { throw std::out_of_range("there"); }), std::out_of_range);
}

TEST(Sta, SendGivesAndThrowsAsInvokeDoes) {
  const sta home("home");
  EXPECT_EQ(home.send([] { return 7; }), 7);
  EXPECT_THROW(home.send([] { throw std::out_of_range("there"); }), std::out_of_range);
}

TEST(Sta, CodeInASendMayNotCallOut) {
  sta_lease here("here");
  const sta home("home");
  probe_log log;
  const agile_ref<ICounter> mine(com_ptr<ICounter>(make_probe<counter>(log)));
  com_ptr<ICounter> proxy;
  home.invoke([&] { proxy = mine.get(); });

  HRESULT code = S_OK;
  home.send([&] {
    LONG total = 0;
    code = proxy->Add(1, &total);
  });

  EXPECT_EQ(code, RPC_E_CANTCALLOUT_ININPUTSYNCCALL);
  EXPECT_EQ(log.calls, 0);
  home.invoke([&] { proxy.reset(); });
}

TEST(Sta, CodeInASendMayNotInvokeElsewhereEither) {
  const mta_lease here;
  const sta home("home"), other("other");
  home.send([&] {
    EXPECT_EQ(code_of([&] { other.invoke([] {}); }), RPC_E_CANTCALLOUT_ININPUTSYNCCALL);
    other.send([] {});
  });
}

TEST(Sta, ThePointerThatCreateGivesIsUsedHereAndRunsThere) {
  const sta_lease here("here");
  const sta home("home");
  probe_log log;
  const auto made = home.create<ICounter>([&] { return make_probe<counter>(log); });
  std::int64_t thread = 0;

  EXPECT_EQ(made->Thread(&thread), S_OK);

  EXPECT_EQ(thread, home.invoke([] { return std::int64_t{::gettid()}; }));
}

TEST(Sta, CreateInTheOwnApartmentGivesTheObjectItself) {
  const sta_lease here("here");
  probe_log log;
  ICounter* raw = nullptr;
  const auto made = here.get().create<ICounter>([&] {
    auto object = make_probe<counter>(log);
    raw = object.get();
    return object;
  });
  EXPECT_EQ(made.get(), raw);
  EXPECT_EQ(log.references, 1);
}

TEST(Sta, CreateThrowsWhatTheFactoryThrew) {
  const sta home("home");
  const mta_lease here;
  EXPECT_THROW((void)home.create<ICounter>(
                   []() -> com_ptr<counter> { throw std::out_of_range("there"); }),
               std::out_of_range);
}

TEST(Sta, CreateThatGetsNoObjectSaysSo) {
  const mta_lease here;
  const sta home("home");
  const auto what = [&]() -> com_error {
    try {
      (void)home.create<ICounter>([] { return com_ptr<ICounter>(); });
    } catch (const com_error& failure) {
      return failure;
    }
    return com_error(S_OK, "");
  }();
  EXPECT_EQ(what.code(), E_POINTER);
  EXPECT_THAT(what.what(), testing::HasSubstr("the factory returned no object"));
}

TEST(Apartment, AnEmptyHandleSaysThatItIsEmptyWhateverItIsAsked) {
  const apartment nowhere;
  const auto refuses = [](auto ask) {
    try {
      ask();
    } catch (const com_error& failure) {
      return failure.code() == E_POINTER;
    }
    return false;
  };
  EXPECT_TRUE(nowhere.is_closed());
  EXPECT_FALSE(nowhere.is_current());
  EXPECT_TRUE(refuses([&] { (void)nowhere.kind(); }));
  EXPECT_TRUE(refuses([&] { (void)nowhere.name(); }));
  EXPECT_TRUE(refuses([&] { (void)nowhere.id(); }));
  EXPECT_TRUE(refuses([&] { (void)nowhere.description(); }));
  EXPECT_TRUE(refuses([&] { nowhere.post([] {}); }));
  EXPECT_TRUE(refuses([&] { nowhere.invoke([] {}); }));
  EXPECT_TRUE(refuses([&] { nowhere.quit(); }));
}

TEST(Sta, CreateOfAnInterfaceTheObjectLacksFails) {
  const mta_lease here;
  const sta home("home");
  probe_log log;
  EXPECT_EQ(code_of([&] {
              (void)home.create<IAbsent>([&] { return make_probe<counter>(log); });
            }),
            E_NOINTERFACE);
  EXPECT_EQ(log.instances, 0);
}

// -- the four classes of work ---------------------------------------------------------------

TEST(StaWait, LeavesPostedWorkQueuedInOrder) {
  sta_lease here("here");
  std::string order;
  for (const char letter : {'a', 'b', 'c'}) here.get().post([&, letter] { order += letter; });

  on_thread([&] { here.get().post_system([&] { order += 's'; }); });
  on_thread([&] { here.get().invoke([&] { order += 'i'; }); });
  on_thread([&] { here.get().send([&] { order += '!'; }); });

  EXPECT_EQ(order, "si!");
  here.drain();
  EXPECT_EQ(order, "si!abc");
}

TEST(StaWait, LeavesWorkPostedMeanwhileQueued) {
  sta_lease here("here");
  bool ran = false;
  on_thread([&] {
    here.get().post([&] { ran = true; });
    here.get().invoke([] {});
  });
  EXPECT_FALSE(ran);
  here.drain();
  EXPECT_TRUE(ran);
}

TEST(StaWait, LeavesTimersAlone) {
  sta_lease here("here");
  bool ran = false;
  here.get().set_timer(std::chrono::nanoseconds{0}, [&] { ran = true; });
  on_thread([&] { here.get().invoke([] {}); });
  EXPECT_FALSE(ran);
  here.drain();
  EXPECT_TRUE(ran);
}

TEST(StaWait, OfOneApartmentDoesNotHoldBackTheOthersOfItsThread) {
  sta_thread shared("shared");
  const sta waiting(shared, "waiting");
  const sta other(shared, "other");
  const sta away("away");
  milestone ran("the work of the other apartment");

  waiting.invoke([&] {
    away.invoke([&] {
      other.post([&] { ran.pass(); });
      ran.await();
    });
  });

  EXPECT_TRUE(ran.passed());
}

TEST(StaRun, EndsWithTheCodeOfQuitAfterTheWorkBeforeIt) {
  sta_lease here("here");
  std::string order;
  here.get().post([&] { order += 'a'; });
  here.quit(5);
  here.get().post([&] { order += 'b'; });

  EXPECT_EQ(here.run(), 5);

  EXPECT_EQ(order, "a");
  here.drain();
  EXPECT_EQ(order, "ab");
}

TEST(StaRun, IsEndedByAQuitThatCameDuringACall) {
  sta_lease here("here");
  on_thread([&] {
    here.quit(6);
    here.get().invoke([] {});
  });
  EXPECT_EQ(here.run(), 6);
}

TEST(StaRun, MayBeNestedAndEachTakesOneQuit) {
  sta_lease here("here");
  int inner = 0;
  here.get().post([&] {
    here.quit(1);
    inner = here.run();
    here.quit(2);
  });
  EXPECT_EQ(here.run(), 2);
  EXPECT_EQ(inner, 1);
}

// A dialogue that a call brings: the code that waits for that call leaves posted work queued, the
// loop does not.
TEST(StaRun, ServesPostedWorkAndTimersAlsoWithinACallThatItsOwnApartmentWaitsFor) {
  sta_lease here("here");
  const mta_usage mta;
  const auto calls_back = mta.get().create<IVisitor>([] {
    return make<visitor>([](ICounter* caller) {
      LONG total = 0;
      return caller->Add(1, &total);
    });
  });
  int inner = 0;
  bool timer_ran = false;
  probe_log log;
  log.on_call = [&] {
    here.get().set_timer(std::chrono::nanoseconds{0}, [&] {
      timer_ran = true;
      here.quit(7);
    });
    inner = here.run();
  };
  const com_ptr<ICounter> mine = make_probe<counter>(log);
  EXPECT_EQ(calls_back->Visit(mine.get()), S_OK);
  EXPECT_TRUE(timer_ran);
  EXPECT_EQ(inner, 7);
}

TEST(StaRun, UntilStopsAsSoonAsItsConditionHolds) {
  sta_lease here("here");
  int ran = 0;
  for (int i = 0; i != 5; ++i) here.get().post([&] { ++ran; });
  here.run_until([&] { return ran == 3; });
  EXPECT_EQ(ran, 3);
  here.drain();
  EXPECT_EQ(ran, 5);
}

TEST(StaRun, DrainServesWhatTheWorkBringsToo) {
  sta_lease here("here");
  int ran = 0;
  here.get().post([&] {
    ++ran;
    here.get().post([&] { ++ran; });
  });
  here.drain();
  EXPECT_EQ(ran, 2);
}

TEST(StaTimer, RunsAgainEachPeriodUntilItIsCancelled) {
  sta_lease here("here");
  int runs = 0;
  const timer_id timer = here.get().set_timer(std::chrono::nanoseconds{0}, [&] { ++runs; },
                                              std::chrono::microseconds{10});
  here.run_until([&] { return runs == 3; });
  here.get().cancel_timer(timer);
  here.drain();
  EXPECT_EQ(runs, 3);
}

TEST(StaTimer, ThatIsAlwaysDueLeavesTurnsToPostedWork) {
  sta_lease here("here");
  int posted = 0;
  (void)here.get().set_timer(std::chrono::nanoseconds{0}, [] {}, std::chrono::nanoseconds{1});
  for (int i = 0; i != 3; ++i) here.get().post([&] { ++posted; });
  here.quit(4);
  EXPECT_EQ(here.run(), 4);
  EXPECT_EQ(posted, 3);
}

TEST(StaTimer, OfTheLongestTimeThereIsIsNotDue) {
  sta_lease here("here");
  (void)here.get().set_timer(std::chrono::nanoseconds::max(), [] { FAIL(); });
  here.drain();
}

TEST(StaTimer, MayCancelItself) {
  sta_lease here("here");
  int runs = 0;
  timer_id timer{};
  timer = here.get().set_timer(
      std::chrono::nanoseconds{0},
      [&] {
        ++runs;
        here.get().cancel_timer(timer);
      },
      std::chrono::nanoseconds{1});
  here.drain();
  EXPECT_EQ(runs, 1);
}

TEST(StaTimer, OfANegativePeriodIsRefused) {
  sta_lease here("here");
  EXPECT_EQ(code_of([&] {
              (void)here.get().set_timer(std::chrono::nanoseconds{0}, [] { FAIL(); },
                                         std::chrono::nanoseconds{-1});
            }),
            E_INVALIDARG);
  here.drain();
}

TEST(StaTimer, ManyAreCancelledInAnyOrder) {
  constexpr std::size_t count = 100'000;
  sta_lease here("here");
  std::vector<timer_id> timers;
  for (std::size_t i = 0; i != count; ++i)
    timers.push_back(here.get().set_timer(std::chrono::hours{1}, [] { FAIL(); }));
  for (std::size_t i = 0; i != count; i += 2) here.get().cancel_timer(timers[i]);
  for (std::size_t i = count; i > 0; i -= 2) here.get().cancel_timer(timers[i - 1]);
  EXPECT_FALSE(here.get().is_closed());
}

TEST(StaTimer, OfAnApartmentThatWaitsRunsWhenItsWaitIsOver) {
  sta_lease here("here");
  const sta away("away");
  bool ran = false;
  here.get().set_timer(std::chrono::nanoseconds{0}, [&] { ran = true; });
  // The wait looks at the timers, finds that this one may not run, and serves a call meanwhile.
  away.invoke([&] { here.get().invoke([&] { EXPECT_FALSE(ran); }); });
  EXPECT_FALSE(ran);
  here.drain();
  EXPECT_TRUE(ran);
}

// Work that waits behind a wait must not be walked along by each wait.
TEST(Sta, WaitsOftenBesideMuchPostedWork) {
  constexpr int posts = 20'000;
  constexpr int waits = 20'000;
  sta_lease here("here");
  const sta away("away");
  int ran = 0;
  for (int i = 0; i != posts; ++i) here.get().post([&] { ++ran; });
  for (int i = 0; i != waits; ++i) away.invoke([] {});
  EXPECT_EQ(ran, 0);
  here.drain();
  EXPECT_EQ(ran, posts);
}

TEST(StaTimer, OfTheMtaIsRefused) {
  const mta_usage mta;
  EXPECT_EQ(code_of([&] { (void)mta.get().set_timer(std::chrono::nanoseconds{0}, [] {}); }),
            E_INVALIDARG);
}

// -- several on one thread ---------------------------------------------------------------

TEST(StaThread, ItsApartmentsAreDifferentPlaces) {
  sta_thread shared("shared");
  const sta first(shared, "first");
  const sta second(shared, "second");

  EXPECT_FALSE(first.get() == second.get());
  EXPECT_NE(first.get().id(), second.get().id());
  EXPECT_FALSE(first.invoke([&] { return second.get().is_current(); }));
  EXPECT_EQ(first.invoke([] { return ::gettid(); }), second.invoke([] { return ::gettid(); }));
}

TEST(StaThread, APointerIsAProxyInItsOtherApartments) {
  sta_thread shared("shared");
  const sta first(shared, "first");
  const sta second(shared, "second");
  probe_log log;
  const ICounter* raw = nullptr;
  const ICounter* seen = nullptr;
  std::int64_t thread = 0;

  second.invoke([&] {
    const auto made = first.create<ICounter>([&] {
      auto object = make_probe<counter>(log);
      raw = object.get();
      return object;
    });
    seen = made.get();
    EXPECT_EQ(made->Thread(&thread), S_OK);
  });

  EXPECT_NE(seen, raw);
  EXPECT_EQ(log.calls, 1);
  EXPECT_EQ(thread, second.invoke([] { return std::int64_t{::gettid()}; }));
  first.invoke([] {});
  EXPECT_EQ(log.instances, 0);
}

// Work that waits in the queue must not be overtaken by a call that could be made at once.
TEST(StaThread, ACallBetweenItsApartmentsKeepsTheOrder) {
  sta_thread shared("shared");
  const sta first(shared, "first");
  const sta second(shared, "second");
  std::string order;

  first.invoke([&] {
    second.post_system([&] { order += 'a'; });
    second.invoke([&] { order += 'b'; });
  });

  EXPECT_EQ(order, "ab");
}

TEST(StaThread, ClosesTheApartmentsWhoseHandlesWereDropped) {
  bool ran = false;
  {
    sta_thread shared("shared");
    apartment dropped = shared.add("dropped");
    dropped.invoke([&] { at_rundown([&] { ran = true; }); });
    dropped = {};
    const sta other(shared, "other");
    other.invoke([] {});
    EXPECT_FALSE(ran);
  }
  EXPECT_TRUE(ran);
}

TEST(StaThread, ManyOfItsApartmentsCloseOneByOne) {
  constexpr int count = 40'000;
  int dropped = 0;
  struct counts_its_end {
    explicit counts_its_end(int& where) : ends(&where) {}
    ~counts_its_end() { ++*ends; }
    int* const ends;
  };
  sta_thread shared("shared");
  const sta from(shared, "from");
  from.invoke([&] {
    std::vector<apartment> hosted;
    for (int i = 0; i != count; ++i) {
      hosted.push_back(shared.add("hosted"));
      hosted.back().post([ends = std::make_shared<counts_its_end>(dropped)] { FAIL(); });
      (void)hosted.back().set_timer(std::chrono::hours{1}, [] { FAIL(); });
    }
    // System work runs before all that was posted above: the oldest closes first.
    for (const apartment& one : hosted) shared.close(one);
    EXPECT_EQ(dropped, 0);
  });
  // What closes them was sent to the thread before this.
  from.invoke([&] { EXPECT_EQ(dropped, count); });
}

}  // namespace
}  // namespace insula::test
