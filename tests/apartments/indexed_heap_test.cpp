// SPDX-License-Identifier: MIT
#include "indexed_heap.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <random>
#include <vector>

namespace insula::test {
namespace {

struct element {
  int key = 0;
  heap_place place;
  static inline std::size_t comparisons = 0;
  [[nodiscard]] bool before(const element& other) const noexcept {
    ++comparisons;
    return key < other.key;
  }
};

class IndexedHeap : public testing::Test {
 protected:
  static constexpr int count = 1000;

  void SetUp() override {
    for (int i = 0; i != count; ++i) {
      elements[static_cast<std::size_t>(i)].key = i;
      heap.make_room();
    }
    order.resize(count);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::shuffle(order.begin(), order.end(), std::mt19937(1));  // NOLINT: always the same order
    for (const std::size_t i : order) heap.put(elements[i]);
  }

  std::vector<int> taken() {
    std::vector<int> keys;
    while (!heap.empty()) {
      keys.push_back(heap.front().key);
      heap.take_out(heap.front());
    }
    return keys;
  }

  std::vector<element> elements{count};
  std::vector<std::size_t> order;
  indexed_heap<element> heap;
};

TEST_F(IndexedHeap, GivesTheLeastFirst) {
  const std::vector<int> keys = taken();
  EXPECT_EQ(keys.size(), static_cast<std::size_t>(count));
  EXPECT_TRUE(std::ranges::is_sorted(keys));
}

TEST_F(IndexedHeap, AnElementInTheMiddleCanBeTakenOut) {
  for (std::size_t i = 0; i != elements.size(); i += 2) {
    heap.take_out(elements[i]);
    EXPECT_FALSE(heap.holds(elements[i]));
    heap.take_out(elements[i]);  // no more than once
  }
  const std::vector<int> keys = taken();
  EXPECT_EQ(keys.size(), static_cast<std::size_t>(count / 2));
  EXPECT_TRUE(std::ranges::is_sorted(keys));
  EXPECT_TRUE(std::ranges::all_of(keys, [](int key) { return key % 2 == 1; }));
}

TEST_F(IndexedHeap, AnElementThatHasChangedIsPutToItsNewPlace) {
  for (const std::size_t i : order) {
    elements[i].key = count - elements[i].key;
    heap.put(elements[i]);
  }
  const std::vector<int> keys = taken();
  EXPECT_EQ(keys.size(), static_cast<std::size_t>(count));
  EXPECT_TRUE(std::ranges::is_sorted(keys));
}

TEST_F(IndexedHeap, TakingOutComparesNoMoreThanTheHeapIsHigh) {
  element::comparisons = 0;
  for (const std::size_t i : order) heap.take_out(elements[i]);
  constexpr std::size_t height = 10;
  EXPECT_LE(element::comparisons, count * (2 * height + 2));
}

}  // namespace
}  // namespace insula::test
