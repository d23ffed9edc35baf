// SPDX-License-Identifier: MIT
#include "work_item.hpp"

#include <gtest/gtest.h>

#include <array>

namespace insula::test {
namespace {

TEST(WorkList, IsFirstInFirstOut) {
  std::array<work_item, 3> items;
  work_list list;
  EXPECT_TRUE(list.empty());
  for (work_item& item : items) list.push_back(&item);

  EXPECT_EQ(list.front(), &items[0]);
  for (work_item& item : items) EXPECT_EQ(list.pop_front(), &item);
  EXPECT_TRUE(list.empty());
  EXPECT_EQ(list.pop_front(), nullptr);
}

TEST(WorkList, TakesNewItemsAfterItWasEmptied) {
  std::array<work_item, 2> items;
  work_list list;
  list.push_back(&items[0]);
  (void)list.pop_front();
  list.push_back(&items[1]);

  EXPECT_EQ(list.pop_front(), &items[1]);
  EXPECT_EQ(list.pop_front(), nullptr);
}

TEST(WorkList, ExtractsWhatBelongsAndKeepsTheRestInOrder) {
  std::array<work_item, 5> items;
  work_list list;
  for (work_item& item : items) list.push_back(&item);

  work_list taken = list.extract(
      [&](const work_item* item) { return item == &items[1] || item == &items[4]; });

  EXPECT_EQ(taken.pop_front(), &items[1]);
  EXPECT_EQ(taken.pop_front(), &items[4]);
  EXPECT_EQ(taken.pop_front(), nullptr);
  for (const std::size_t kept : {0u, 2u, 3u}) EXPECT_EQ(list.pop_front(), &items[kept]);
  EXPECT_EQ(list.pop_front(), nullptr);
}

}  // namespace
}  // namespace insula::test
