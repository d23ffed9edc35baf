// SPDX-License-Identifier: MIT
//
// A foreign event loop as the pump of an STA: when it gets its turn, and where its events run;
// events that throw and quit.
#include <insula/apartments/call_options.hpp>
#include <insula/apartments/initialize.hpp>

#include "foreign_loop.hpp"
#include "log_lines.hpp"

#include <gtest/gtest.h>
#include <pthread.h>

#include <atomic>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

namespace insula::test {
namespace {

using namespace std::chrono_literals;

using ForeignLoopTurn = foreign_loop;
INSTANTIATE_TEST_SUITE_P(OverPoll, ForeignLoopTurn, all_adapters(), name_of);

// ---- Turns -------------------------------------------------------------------------------------

/// Posts itself again and again, until told.
struct restless {
  void go() {
    if (!*stops) here.post([self = *this]() mutable { self.go(); });
  }
  apartment here;
  const bool* stops;
};

TEST_P(ForeignLoopTurn, GetsATurnAlthoughWorkPostsItselfAgain) {
  bool stops = false;
  restless{here.get(), &stops}.go();
  loop.post_event([&] {
    stops = true;
    adapter->end();
  });
  adapter->run();
  EXPECT_TRUE(stops);
  here.drain();
}

TEST_P(ForeignLoopTurn, GetsATurnFromALibraryLoopInWhichWorkPostsItselfAgain) {
  bool stops = false;
  restless{here.get(), &stops}.go();
  loop.post_event([&] { stops = true; });
  here.run_until([&] { return stops; });
  EXPECT_TRUE(stops);
  here.drain();
}

TEST_P(ForeignLoopTurn, GetsATurnFromAWaitUnderWhichWorkPostsItselfAgain) {
  milestone goes;
  bool stops = false;
  std::function<void()> again = [&] {
    if (!stops) here.get().post_system([&] { again(); });
  };
  again();
  loop.post_event([&] {
    stops = true;
    goes.pass();
  });
  wait_for(one, goes);
  EXPECT_TRUE(stops);
  here.drain();
}

TEST_P(ForeignLoopTurn, ADrainWithoutABudgetDoesOnePieceOfWorkAndHasTheLoopComeBack) {
  poll_loop own;
  struct counting final : public loop_pump {
    using loop_pump::loop_pump;
    void wake() noexcept override { ++wakes; }
    pump_client& client() { return *client_; }
    std::atomic<int> wakes{0};
  };
  const auto counted = std::make_shared<counting>(own);
  std::thread([&] {
    const sta_lease there(sta_options{.name = "there", .pump = counted});
    int done = 0;
    for (int i = 0; i != 3; ++i) there.get().post([&] { ++done; });
    const int before = counted->wakes;
    counted->client().drain(0ns);
    EXPECT_EQ(done, 1);
    EXPECT_EQ(counted->wakes, before + 1);
    counted->client().drain();
    EXPECT_EQ(done, 3);
    EXPECT_EQ(counted->wakes, before + 1);
  }).join();
}

TEST_P(ForeignLoopTurn, ATimerThatAnEventSetsIsDueInTime) {
  bool ran = false;
  loop.post_event([&] {
    here.get().set_timer(1ms, [&] {
      ran = true;
      adapter->end();
    });
  });
  adapter->run();
  EXPECT_TRUE(ran);
}

// ---- Exceptions --------------------------------------------------------------------------------

TEST_P(ForeignLoopTurn, AnEventThatThrowsUnderAWaitIsLoggedAndTheWaitGoesOn) {
  const log_lines log;
  milestone goes;
  loop.post_event([] { throw std::runtime_error("no such file"); });
  loop.post_event([&] { goes.pass(); });
  EXPECT_EQ(one.invoke([&] {
    goes.await();
    return 3;
  }),
            3);
  EXPECT_NE(log.text().find("its pump let an exception out of `wait`: no such file"),
            std::string::npos)
      << log.text();
  EXPECT_NE(log.text().find("'here'"), std::string::npos);
}

TEST_P(ForeignLoopTurn, AnEventThatThrowsOutOfALoopItOpenedLeavesTheWaitAlone) {
  const log_lines log;
  milestone goes;
  loop.post_event([&] {
    loop.post_event([&] {
      loop.post_event([&] {
        EXPECT_EQ(adapter->loop_depth(), 0);
        goes.pass();
      });
      throw 3;
    });
    adapter->run();
  });
  wait_for(one, goes);
  EXPECT_NE(log.text().find("something that is no exception"), std::string::npos);
}

TEST_P(ForeignLoopTurn, AnEventThatThrowsInALibraryLoopIsLoggedAndTheLoopGoesOn) {
  const log_lines log;
  bool done = false;
  loop.post_event([] { throw std::runtime_error("no such file"); });
  loop.post_event([&] { done = true; });
  here.run_until([&] { return done; });
  EXPECT_NE(log.text().find("no such file"), std::string::npos);
}

class throwing_pump final : public pump {
 public:
  void attach(pump_client&) override {}
  void detach() noexcept override {}
  void wait(std::optional<std::chrono::steady_clock::time_point>) override {
    if (milestone* const seen = throws.load()) seen->pass();
    throw std::runtime_error("bad descriptor");
  }
  void wake() noexcept override {}
  std::atomic<milestone*> throws{nullptr};
};

TEST(ForeignPump, ThatAlwaysThrowsLeavesAnApartmentThatServesAndWaits) {
  const log_lines log;
  const sta other("other");
  const auto throwing = std::make_shared<throwing_pump>();
  const sta broken(sta_options{.name = "broken", .pump = throwing});
  milestone thrown;
  broken.invoke([&] {
    throwing->throws = &thrown;
    other.invoke([&] { thrown.await(); });
    throwing->throws = nullptr;
  });
  for (int i = 0; i != 20; ++i)
    EXPECT_EQ(broken.invoke([&] { return other.invoke([&] { return i; }); }), i);
  EXPECT_NE(log.text().find("STA 'broken'"), std::string::npos) << log.text();
}

// ---- Quit --------------------------------------------------------------------------------------

TEST_P(ForeignLoopTurn, HearsAQuitAfterWhatWasPostedBefore) {
  bool ran = false;
  std::thread quitter([&] {
    here.get().post([&] { ran = true; });
    here.get().quit(7);
  });
  EXPECT_EQ(adapter->run(), 7);
  EXPECT_TRUE(ran);
  quitter.join();
}

TEST_P(ForeignLoopTurn, HearsAQuitThatCameBeforeItRan) {
  here.quit(7);
  here.drain();
  EXPECT_EQ(adapter->run(), 7);
}

TEST_P(ForeignLoopTurn, AQuitIsHeardOnce) {
  here.quit(7);
  EXPECT_EQ(adapter->run(), 7);
  here.quit(8);
  EXPECT_EQ(here.run(), 8);
}

TEST_P(ForeignLoopTurn, AQuitEndsTheRunLoopOfTheApartmentFirst) {
  int inner = 0;
  loop.post_event([&] {
    here.quit(7);
    inner = here.run();
    loop.post_event([&] { adapter->end(); });
  });
  adapter->run();
  EXPECT_EQ(inner, 7);
}

TEST_P(ForeignLoopTurn, IsToldToEndALoopThatACallOpenedInAnApartmentThatCloses) {
  poll_loop others;
  const auto shown = std::make_shared<loop_pump>(others);
  sta closing(sta_options{.name = "closing", .pump = shown});
  milestone opened;
  closing.post([&] {
    others.post_event([&] { opened.pass(); });
    shown->run();
  });
  opened.await();
  closing.close();  // would wait for ever
}

// ---- Where events run --------------------------------------------------------------------------

/// True when called on the stack that the thread was started with.
bool on_the_threads_own_stack() {
  pthread_attr_t attributes;
  void* bottom = nullptr;
  std::size_t size = 0;
  EXPECT_EQ(::pthread_getattr_np(::pthread_self(), &attributes), 0);
  EXPECT_EQ(::pthread_attr_getstack(&attributes, &bottom, &size), 0);
  ::pthread_attr_destroy(&attributes);
  const char* const here = static_cast<const char*>(__builtin_frame_address(0));
  const char* const first = static_cast<const char*>(bottom);
  return here >= first && here < first + size;
}

TEST_P(ForeignLoopTurn, EventsRunOnTheThreadsOwnStackAlsoWhileAServedCallWaits) {
  milestone goes;
  bool call = true;
  bool event = false;
  std::thread caller([&] {
    here.get().invoke([&] {
      call = on_the_threads_own_stack();
      loop.post_event([&] {
        event = on_the_threads_own_stack();
        goes.pass();
      });
      wait_for(one, goes);
    });
    here.quit();
  });
  here.run();
  caller.join();
  EXPECT_FALSE(call);
  EXPECT_TRUE(event);
}

TEST(ForeignLoopOfSeveral, RunsEventsInNoApartmentAndInvokeLeadsIntoOneAtOnce) {
  poll_loop loop;
  sta_thread shared(sta_options{.name = "shared", .pump = std::make_shared<loop_pump>(loop)});
  const sta first(shared, "first");
  const sta second(shared, "second");
  const sta away("away");
  milestone goes;
  std::string places;
  first.invoke([&] {
    loop.post_event([&] {
      places += first.get().is_current() || second.get().is_current() ? "inside, " : "outside, ";
      second.invoke([&] { places += second.get().is_current() ? "second" : "?"; });
      goes.pass();
    });
    away.invoke([&] { goes.await(); });
  });
  EXPECT_EQ(places, "outside, second");
}

TEST(ForeignLoopOfSeveral, RefusesAnEventThatWouldMakeItsThreadAnApartment) {
  poll_loop loop;
  sta_thread shared(sta_options{.name = "shared", .pump = std::make_shared<loop_pump>(loop)});
  const sta first(shared, "first");
  const sta second(shared, "second");
  milestone goes;
  HRESULT sta_code = S_OK;
  HRESULT mta_code = S_OK;
  bool leased = false;
  loop.post_event([&] {
    sta_code = CoInitializeEx(nullptr, COINIT_APARTMENTTHREADED);
    mta_code = CoInitializeEx(nullptr, COINIT_MULTITHREADED);
    try {
      const sta_lease third("third");
      leased = true;
    } catch (const com_error&) {
    }
    goes.pass();
  });
  goes.await();
  EXPECT_EQ(sta_code, RPC_E_CHANGED_MODE);
  EXPECT_EQ(mta_code, RPC_E_CHANGED_MODE);
  EXPECT_FALSE(leased);
  EXPECT_EQ(first.invoke([&] { return second.invoke([] { return 3; }); }), 3);
}

// ---- Deadlines ---------------------------------------------------------------------------------

TEST_P(ForeignLoopTurn, AWaitBeneathAnOpenedLoopThatHasExpiredDoesNotKeepItAwake) {
  milestone answer;
  int turns = 0;
  loop.post_event([&] {
    int ticks = 0;
    here.get().set_timer(
        1ms,
        [&] {
          if (++ticks == 10) adapter->end();
        },
        1ms);
    const int before = loop.turns();
    adapter->run();
    turns = loop.turns() - before;
    answer.pass();
  });
  const deadline_scope limit(1ms);
  try {
    wait_for(one, answer);
  } catch (const com_error&) {
  }
  EXPECT_LE(turns, 50);
}

}  // namespace
}  // namespace insula::test
