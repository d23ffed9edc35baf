// SPDX-License-Identifier: MIT
//
// What every pump must do, whichever way it sleeps; then what only a foreign loop shows.
#include <insula/apartments/pump.hpp>

#include <insula/apartments/call_options.hpp>
#include <insula/apartments/sta.hpp>

#include "counter.hpp"
#include "milestone.hpp"
#include "poll_pump.hpp"
#include "thirty_lines.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

namespace insula::test {
namespace {

struct futex_kind {
  static std::shared_ptr<pump> make() { return make_default_pump(); }
};
struct poll_kind {
  static std::shared_ptr<pump> make() { return std::make_shared<poll_pump>(); }
};

template <class Kind>
class Pump : public testing::Test {
 protected:
  sta_lease here{sta_options{.name = "pumped", .pump = Kind::make()}};
};

template <class Adapter>
struct loop_kind {
  static std::shared_ptr<pump> make() {
    struct with_loop {
      poll_loop loop;
      Adapter adapter{loop};
    };
    const auto both = std::make_shared<with_loop>();
    return {both, &both->adapter};
  }
};

using kinds = testing::Types<futex_kind, poll_kind, loop_kind<loop_pump>, loop_kind<draining_pump>,
                             loop_kind<event_pump>>;
TYPED_TEST_SUITE(Pump, kinds);

TYPED_TEST(Pump, ARaisedWakeEndsTheNextWait) {
  const std::shared_ptr<pump> alone = TypeParam::make();
  alone->wake();
  alone->wait(std::nullopt);  // would never return
}

TYPED_TEST(Pump, AWaitEndsWhenItsTimeHasCome) {
  const std::shared_ptr<pump> alone = TypeParam::make();
  alone->wait(std::chrono::steady_clock::now() - std::chrono::seconds(1));
}

TYPED_TEST(Pump, WorkFromAnotherThreadEndsTheSleepOfARunLoop) {
  std::atomic<bool> ran{false};
  std::thread poster([&] { this->here.get().post([&] { ran = true; }); });

  this->here.run_until([&] { return ran.load(); });

  EXPECT_TRUE(ran);
  poster.join();
}

TYPED_TEST(Pump, ATimerEndsTheSleepOfARunLoop) {
  bool ran = false;
  this->here.get().set_timer(std::chrono::milliseconds(1), [&] { ran = true; });
  this->here.run_until([&] { return ran; });
  EXPECT_TRUE(ran);
}

TYPED_TEST(Pump, ACallThatWaitsServesCallsMeanwhile) {
  const sta away("away");
  bool served = false;
  const apartment home = this->here.get();

  away.invoke([&] { home.invoke([&] { served = true; }); });

  EXPECT_TRUE(served);
}

TYPED_TEST(Pump, WorkThatCallsUnderAWaitIsAnswered) {
  const sta away("away");
  const sta other("other");
  milestone goes;
  int answer = 0;
  this->here.get().post_system([&] {
    answer = other.invoke([] { return 3; });
    goes.pass();
  });
  away.invoke([&] { goes.await(); });
  EXPECT_EQ(answer, 3);
}

TYPED_TEST(Pump, CallsServedUnderAWaitEndInTheOrderOfTheirAnswers) {
  const apartment home = this->here.get();
  const sta away("away");
  const sta one("one");
  const sta two("two");
  milestone first_is_in, both_are_in, first, second, all;
  std::thread first_caller([&] {
    home.invoke([&] {
      first_is_in.pass();
      one.invoke([&] { first.await(); });
    });
  });
  std::thread second_caller([&] {
    first_is_in.await();
    home.invoke([&] {
      both_are_in.pass();
      two.invoke([&] { second.await(); });
    });
  });
  std::thread in_order([&] {
    both_are_in.await();
    first.pass();
    first_caller.join();  // while the second still waits
    second.pass();
    second_caller.join();
    all.pass();
  });
  away.invoke([&] { all.await(); });
  in_order.join();
}

TYPED_TEST(Pump, ALoopInsideAServedCallRunsApplicationWorkWhileAnOlderCallWaits) {
  const sta away("away");
  std::string order;
  away.invoke([&] {
    this->here.get().invoke([&] {
      bool done = false;
      this->here.get().set_timer(std::chrono::milliseconds(1), [&] {
        order += "timer";
        done = true;
      });
      this->here.get().post([&] { order += "posted "; });
      this->here.run_until([&] { return done; });
    });
  });
  EXPECT_EQ(order, "posted timer");
}

TYPED_TEST(Pump, APredicateThatThrowsEndsItsLoopAndNothingElse) {
  const sta away("away");
  EXPECT_THROW(this->here.run_until([]() -> bool { throw std::runtime_error("stop"); }),
               std::runtime_error);
  bool ran = false;
  this->here.get().post([&] { ran = true; });
  this->here.run_until([&] { return ran; });
  EXPECT_EQ(away.invoke([] { return 3; }), 3);
}

TYPED_TEST(Pump, QuitEndsTheRunLoop) {
  std::thread quitter([&] { this->here.get().quit(7); });
  EXPECT_EQ(this->here.run(), 7);
  quitter.join();
}

TEST(ForeignPump, IsAttachedWhileTheApartmentLives) {
  const auto loop = std::make_shared<poll_pump>();
  {
    const sta_lease here{sta_options{.name = "pumped", .pump = loop}};
    EXPECT_TRUE(loop->attached());
  }
  EXPECT_FALSE(loop->attached());
}

class refusing_pump final : public pump {
 public:
  void attach(pump_client&) override { throw std::runtime_error("no more descriptors"); }
  void detach() noexcept override {}
  void wait(std::optional<std::chrono::steady_clock::time_point>) override {}
  void wake() noexcept override {}
};

TEST(ForeignPump, ThatCannotAttachMakesNoApartment) {
  const auto options = [] {
    return sta_options{.name = "here", .pump = std::make_shared<refusing_pump>()};
  };
  EXPECT_THROW(sta_lease{options()}, std::runtime_error);
  EXPECT_THROW(sta{options()}, std::runtime_error);
  const sta_lease here("here");
  const sta other("other");
  other.invoke([] {});
}

TEST(ForeignPump, RunsPostedWorkInItsOwnLoop) {
  const auto loop = std::make_shared<poll_pump>();
  const sta_lease here{sta_options{.name = "pumped", .pump = loop}};
  std::string order;
  std::thread poster;
  here.get().post([&] {
    order += "first ";
    poster = std::thread([&] {
      here.get().post([&] { order += "second"; });
    });
  });

  loop->run_until([&] { return order == "first second"; });

  EXPECT_EQ(order, "first second");
  poster.join();
}

// A loop that sleeps for good must be told: here nothing but the wake of a push ends the sleep.
TEST(ForeignPump, IsWokenByEachOfManyPostsInTurn) {
  const auto loop = std::make_shared<poll_pump>();
  const sta_lease here{sta_options{.name = "pumped", .pump = loop}};
  std::atomic<int> ran{0};
  std::thread poster([&] {
    for (int i = 0; i != 200; ++i) {
      here.get().post([&] {
        ++ran;
        ran.notify_all();
      });
      ran.wait(i);
    }
  });

  loop->run_until([&] { return ran == 200; });

  EXPECT_EQ(ran, 200);
  poster.join();
}

TEST(ForeignPump, RunsTimersInItsOwnLoop) {
  const auto loop = std::make_shared<poll_pump>();
  const sta_lease here{sta_options{.name = "pumped", .pump = loop}};
  EXPECT_FALSE(loop->client().next_timer());
  int runs = 0;
  here.get().set_timer(std::chrono::milliseconds(1), [&] { ++runs; });
  EXPECT_TRUE(loop->client().next_timer());

  loop->run_until([&] { return runs == 1; });

  EXPECT_FALSE(loop->client().next_timer());
}

/// Runs an event of its own in the next wait.
class eventful_pump final : public pump {
 public:
  void attach(pump_client& client) override { sleeps_.attach(client); }
  void detach() noexcept override { sleeps_.detach(); }
  void wait(std::optional<std::chrono::steady_clock::time_point> until) override {
    if (const auto run = std::exchange(event, nullptr)) run();
    sleeps_.wait(until);
  }
  void wake() noexcept override { sleeps_.wake(); }

  std::function<void()> event;

 private:
  poll_pump sleeps_;
};

TEST(ForeignPump, RunsEventsOutsideOfTheCallThatWaits) {
  const auto foreign = std::make_shared<eventful_pump>();
  const sta_lease here(sta_options{.name = "here", .pump = foreign});
  const sta other("other");
  bool ran = false;
  const deadline_scope limit(std::chrono::hours{1});
  milestone goes;
  foreign->event = [&] {
    ran = true;
    EXPECT_TRUE(here.get().is_current());
    EXPECT_EQ(current_deadline(), std::nullopt);
    goes.pass();
  };
  other.invoke([&] { goes.await(); });
  EXPECT_TRUE(ran);
}

// The code of the apartment waits on one fiber, another one pumps.
TEST(ForeignPump, RunsEventsInItsApartmentWhoeverPumps) {
  const auto foreign = std::make_shared<eventful_pump>();
  const sta_lease here(sta_options{.name = "here", .pump = foreign});
  const sta other("other");
  bool was_inside = false;
  milestone goes;
  const auto event = [&] {
    was_inside = here.get().is_current();
    goes.pass();
  };
  other.invoke([&] {
    here.get().post_system([&] { foreign->event = event; });
    goes.await();
  });
  EXPECT_TRUE(was_inside);
}

TEST(ForeignPump, HasWorkReadyWhenATimerIsDueButNotWhenWorkMayNotRunYet) {
  const auto foreign = std::make_shared<poll_pump>();
  const sta_lease here(sta_options{.name = "here", .pump = foreign});
  (void)here.get().set_timer(std::chrono::nanoseconds{0}, [] {});
  EXPECT_TRUE(foreign->client().has_ready());
  foreign->client().drain();
  EXPECT_FALSE(foreign->client().has_ready());

  const sta other("other");
  bool ready = true;
  here.get().post([] {});
  other.invoke([&] { here.get().invoke([&] { ready = foreign->client().has_ready(); }); });
  EXPECT_FALSE(ready);
}

TEST(ForeignPump, SeesWhetherThereIsWork) {
  const auto loop = std::make_shared<poll_pump>();
  const sta_lease here{sta_options{.name = "pumped", .pump = loop}};
  EXPECT_FALSE(loop->client().has_ready());
  here.get().post([] {});
  EXPECT_TRUE(loop->client().has_ready());
  loop->client().drain();
  EXPECT_FALSE(loop->client().has_ready());
}

TEST(ForeignPump, ServesCallsOfOtherApartmentsFromItsOwnLoop) {
  const auto loop = std::make_shared<poll_pump>();
  const sta_lease here{sta_options{.name = "pumped", .pump = loop}};
  std::atomic<bool> done{false};
  std::thread caller([&] {
    for (int i = 0; i != 100; ++i) EXPECT_EQ(here.get().invoke([i] { return i; }), i);
    here.get().post([&] { done = true; });
  });

  loop->run_until([&] { return done.load(); });

  EXPECT_TRUE(done);
  caller.join();
}

TEST(ForeignPump, CanBeTheOneOfAThreadThatHostsSeveral) {
  sta_thread shared{sta_options{.name = "shared", .pump = std::make_shared<poll_pump>()}};
  const sta first(shared, "first");
  const sta second(shared, "second");
  EXPECT_EQ(first.invoke([&] { return second.invoke([] { return 3; }); }), 3);
}

}  // namespace
}  // namespace insula::test
