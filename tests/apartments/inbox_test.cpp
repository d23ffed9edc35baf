// SPDX-License-Identifier: MIT
#include "inbox.hpp"

#include <gtest/gtest.h>

#include <array>
#include <thread>
#include <vector>

namespace insula::test {
namespace {

std::vector<const work_item*> chain(const work_item* first) {
  std::vector<const work_item*> items;
  for (; first != nullptr; first = first->next) items.push_back(first);
  return items;
}

TEST(Inbox, GivesItemsInTheOrderTheyWerePushed) {
  inbox box;
  std::array<work_item, 3> items;
  EXPECT_EQ(box.push(&items[0]), inbox::push_result::first);
  EXPECT_EQ(box.push(&items[1]), inbox::push_result::queued);
  EXPECT_EQ(box.push(&items[2]), inbox::push_result::queued);

  const std::vector<const work_item*> expected{&items[0], &items[1], &items[2]};
  EXPECT_EQ(chain(box.take_all()), expected);
  EXPECT_EQ(box.take_all(), nullptr);
}

TEST(Inbox, IsReadyOnlyWhileItHoldsAnItem) {
  inbox box;
  work_item item;
  EXPECT_FALSE(box.ready());
  box.push(&item);
  EXPECT_TRUE(box.ready());
  box.take_all();
  EXPECT_FALSE(box.ready());
}

TEST(Inbox, AsksForOneWakeAfterParking) {
  inbox box;
  std::array<work_item, 2> items;
  ASSERT_TRUE(box.try_park());

  EXPECT_EQ(box.push(&items[0]), inbox::push_result::must_wake);
  EXPECT_EQ(box.push(&items[1]), inbox::push_result::queued);
}

TEST(Inbox, DoesNotParkOverAnItem) {
  inbox box;
  work_item item;
  box.push(&item);

  EXPECT_FALSE(box.try_park());
  EXPECT_EQ(box.take_all(), &item);
}

TEST(Inbox, AsksForNoWakeAfterUnparking) {
  inbox box;
  work_item item;
  ASSERT_TRUE(box.try_park());
  EXPECT_FALSE(box.ready());
  box.unpark();

  EXPECT_EQ(box.push(&item), inbox::push_result::first);
}

TEST(Inbox, KeepsAnItemThatCameBeforeUnparking) {
  inbox box;
  work_item item;
  ASSERT_TRUE(box.try_park());
  box.push(&item);
  box.unpark();

  EXPECT_EQ(box.take_all(), &item);
}

TEST(Inbox, ParksAgainWhileItIsParked) {
  inbox box;
  work_item item;
  ASSERT_TRUE(box.try_park());
  EXPECT_TRUE(box.try_park());
  EXPECT_EQ(box.push(&item), inbox::push_result::must_wake);
  EXPECT_FALSE(box.try_park());
}

TEST(Inbox, RefusesWhenClosedAndGivesBackTheRest) {
  inbox box;
  std::array<work_item, 2> items;
  work_item late;
  for (work_item& item : items) box.push(&item);

  const std::vector<const work_item*> expected{&items[0], &items[1]};
  EXPECT_EQ(chain(box.close()), expected);
  EXPECT_EQ(box.push(&late), inbox::push_result::closed);
  EXPECT_EQ(box.close(), nullptr);
}

TEST(Inbox, ClosedWhileParkedHoldsNothing) {
  inbox box;
  ASSERT_TRUE(box.try_park());
  EXPECT_EQ(box.close(), nullptr);
}

TEST(Inbox, ServesAnotherConsumerWhenReopened) {
  inbox box;
  work_item item;
  (void)box.close();
  box.reopen();

  EXPECT_EQ(box.push(&item), inbox::push_result::first);
  EXPECT_EQ(box.take_all(), &item);
}

// Each producer's items carry their number in a struct around them.
TEST(Inbox, KeepsTheOrderOfEachOfManyProducers) {
  struct numbered : work_item {
    int producer = 0;
    int number = 0;
  };
  constexpr int producers = 3;
  constexpr int each = 2000;
  inbox box;
  std::vector<numbered> items(producers * each);
  std::vector<std::thread> threads;
  for (int p = 0; p != producers; ++p)
    threads.emplace_back([&, p] {
      for (int n = 0; n != each; ++n) {
        numbered& item = items[static_cast<std::size_t>(p * each + n)];
        item.producer = p;
        item.number = n;
        box.push(&item);
      }
    });

  std::array<int, producers> next{};
  for (int taken = 0; taken != producers * each;)
    for (work_item* item = box.take_all(); item != nullptr; item = item->next, ++taken) {
      const auto& one = *static_cast<numbered*>(item);
      ASSERT_EQ(one.number, next[static_cast<std::size_t>(one.producer)]++);
    }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace insula::test
