// SPDX-License-Identifier: MIT
#include "insula/core/task_memory.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <thread>

namespace insula {
namespace {

TEST(TaskMemory, CountsBlocksUntilTheyAreFreed) {
  const std::size_t before = live_task_allocations();

  void* const block = CoTaskMemAlloc(10);
  EXPECT_EQ(live_task_allocations(), before + 1);
  CoTaskMemFree(block);

  EXPECT_EQ(live_task_allocations(), before);
}

TEST(TaskMemory, ZeroBytesAreABlock) {
  void* const block = CoTaskMemAlloc(0);

  EXPECT_NE(block, nullptr);
  CoTaskMemFree(block);
  CoTaskMemFree(nullptr);
}

TEST(TaskMemory, ReallocKeepsTheContent) {
  const std::size_t before = live_task_allocations();
  void* block = CoTaskMemRealloc(nullptr, 4);
  std::memcpy(block, "abc", 4);

  block = CoTaskMemRealloc(block, 4096);

  EXPECT_STREQ(static_cast<char*>(block), "abc");
  EXPECT_EQ(live_task_allocations(), before + 1);
  EXPECT_EQ(CoTaskMemRealloc(block, 0), nullptr);
  EXPECT_EQ(live_task_allocations(), before);
}

TEST(TaskMemory, IsAlignedForAnyType) {
  for (const std::size_t size : {1u, 7u, 16u, 100u}) {
    void* const block = CoTaskMemAlloc(size);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(block) % alignof(std::max_align_t), 0u);
    CoTaskMemFree(block);
  }
}

TEST(TaskMemory, MoreThanThereIsIsNull) {
  constexpr std::size_t all = std::numeric_limits<std::size_t>::max();
  const std::size_t before = live_task_allocations();
  EXPECT_EQ(CoTaskMemAlloc(all), nullptr);
  EXPECT_EQ(CoTaskMemAlloc(all - 8), nullptr);

  void* const block = CoTaskMemAlloc(4);
  std::memcpy(block, "abc", 4);
  EXPECT_EQ(CoTaskMemRealloc(block, all - 8), nullptr);

  EXPECT_STREQ(static_cast<char*>(block), "abc");
  CoTaskMemFree(block);
  EXPECT_EQ(live_task_allocations(), before);
}

TEST(TaskMemory, MayBeFreedOnAnotherThread) {
  const std::size_t before = live_task_allocations();
  void* const block = CoTaskMemAlloc(10);

  std::thread([block] { CoTaskMemFree(block); }).join();

  EXPECT_EQ(live_task_allocations(), before);
}

TEST(TaskPtr, FreesWhatItOwns) {
  const std::size_t before = live_task_allocations();
  {
    const task_ptr<std::uint32_t> number(static_cast<std::uint32_t*>(CoTaskMemAlloc(4)));
    EXPECT_EQ(live_task_allocations(), before + 1);
  }
  EXPECT_EQ(live_task_allocations(), before);
}

}  // namespace
}  // namespace insula
