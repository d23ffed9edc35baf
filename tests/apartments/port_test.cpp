// SPDX-License-Identifier: MIT
#include "port.hpp"

#include <insula/core/test_gate.hpp>

#include "milestone.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <thread>

namespace insula::test {
namespace {

struct counted_item : work_item {
  counted_item() {
    run = [](work_item* item) noexcept { ++static_cast<counted_item*>(item)->runs; };
    drop = [](work_item* item) noexcept { ++static_cast<counted_item*>(item)->drops; };
  }
  int runs = 0;
  int drops = 0;
};

/// Sleeps without looking first, so that the parking is what is tested.
void sleep_in(port& mine) {
  spin_budget unused;
  mine.idle(std::nullopt, false, unused);
}

TEST(Port, ThatWasGivenBackServesTheNextThread) {
  port* const first = port::acquire();
  first->close();
  port::give_back(first);
  port* const second = port::acquire();

  EXPECT_EQ(second, first);
  counted_item item;
  EXPECT_EQ(second->push(&item), inbox::push_result::queued);
  EXPECT_EQ(second->take_all(), &item);
  second->close();
  port::give_back(second);
}

void leave(port* mine) {
  mine->close();
  port::give_back(mine);
}

TEST(Port, ThatIsOwedRepliesIsUsedAgainOnlyWhenAllHaveCome) {
  port* const owed = port::acquire();
  owed->owed = 2;
  leave(owed);
  owed->owed_reply_refused();

  port* const next = port::acquire();
  EXPECT_NE(next, owed);
  owed->owed_reply_refused();
  port* const after = port::acquire();
  EXPECT_EQ(after, owed);
  leave(next);
  leave(after);
}

TEST(Port, WhoseRepliesComeBeforeItIsGivenBackIsUsedAgain) {
  port* const owed = port::acquire();
  owed->owed = 1;
  owed->close();
  owed->owed_reply_refused();
  port::give_back(owed);

  port* const next = port::acquire();
  EXPECT_EQ(next, owed);
  leave(next);
}

TEST(Port, DropsWhatIsInsideWhenItCloses) {
  port* const mine = port::acquire();
  counted_item item;
  counted_item reply;
  reply.kind = work_class::reply;
  ++mine->owed;
  mine->push(&item);
  mine->push(&reply);

  mine->close();

  EXPECT_EQ(item.drops, 1);
  EXPECT_EQ(reply.drops, 1);
  EXPECT_EQ(mine->owed, 0);
  EXPECT_EQ(mine->push(&item), inbox::push_result::closed);
  port::give_back(mine);
}

TEST(Port, DoesNotSleepWhenAnItemComesBeforeItParks) {
  port* const mine = port::acquire();
  counted_item item;
  const test_gate gate("port.park",
                       [&] { EXPECT_EQ(mine->push(&item), inbox::push_result::queued); });

  sleep_in(*mine);  // would never return

  EXPECT_TRUE(gate.reached());
  EXPECT_EQ(mine->take_all(), &item);
  mine->close();
  port::give_back(mine);
}

TEST(Port, WakesItsOwnerWhenAnItemComesAfterItParked) {
  port* const mine = port::acquire();
  counted_item item;
  const test_gate gate("port.parked",
                       [&] { EXPECT_EQ(mine->push(&item), inbox::push_result::must_wake); });

  sleep_in(*mine);  // would never return

  EXPECT_TRUE(gate.reached());
  EXPECT_EQ(mine->take_all(), &item);
  mine->close();
  port::give_back(mine);
}

TEST(Port, SurvivesAWakeThatComesAfterItsOwnerHasGone) {
  port* const mine = port::acquire();
  counted_item item;
  test_gate gate("port.wake");
  std::thread pusher;
  {
    // The pusher stands between push and wake while the owner finds the item by itself.
    const test_gate parked("port.parked", [&] {
      pusher = std::thread([&] { mine->push(&item); });
      gate.wait_until_reached();
    });
    spin_budget unused;
    mine->idle(std::chrono::steady_clock::now(), false, unused);
  }
  EXPECT_EQ(mine->take_all(), &item);
  mine->close();
  port::give_back(mine);
  port* const next = port::acquire();
  EXPECT_EQ(next, mine);

  gate.open();  // the late wake reaches a stranger
  pusher.join();
  counted_item other;
  std::thread second([&] { next->push(&other); });
  while (!next->ready()) sleep_in(*next);
  second.join();
  EXPECT_EQ(next->take_all(), &other);
  next->close();
  port::give_back(next);
}

// What is owed to an adapter: after detach nothing is called any more.
TEST(Port, HasNoWakeOfAPumpUnderWayOnceThePumpIsTakenAway) {
  struct slow_pump final : public pump {
    void attach(pump_client&) override {}
    void detach() noexcept override {}
    void wait(std::optional<std::chrono::steady_clock::time_point>) override {}
    void wake() noexcept override {
      entered.pass();
      goes.await();
      left = true;
    }
    milestone entered;
    milestone goes;
    bool left = false;
  };
  const auto slow = std::make_shared<slow_pump>();
  port* const mine = port::acquire();
  mine->use_pump(slow);
  counted_item item;
  std::thread waker([&] { mine->push(&item); });
  slow->entered.await();
  milestone takes;
  bool had_left = false;
  std::thread taker([&] {
    takes.pass();
    mine->use_pump(nullptr);
    had_left = slow->left;
  });
  takes.await();
  slow->goes.pass();
  taker.join();
  waker.join();
  EXPECT_TRUE(had_left);
  EXPECT_EQ(mine->take_all(), &item);
  mine->close();
  port::give_back(mine);
}

}  // namespace
}  // namespace insula::test
