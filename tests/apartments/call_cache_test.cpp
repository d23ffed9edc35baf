// SPDX-License-Identifier: MIT
#include "call_cache.hpp"

#include "call.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <thread>
#include <vector>

namespace insula::test {
namespace {

std::vector<call*> taken(std::size_t count) {
  std::vector<call*> calls(count);
  for (call*& one : calls) one = call::take();
  return calls;
}

void recycle(const std::vector<call*>& calls) {
  for (call* one : calls) one->recycle();
}

TEST(CallCache, GivesBackTheCallThatRestedLast) {
  call* const first = call::take();
  first->recycle();
  call* const second = call::take();

  EXPECT_EQ(second, first);
  second->recycle();
}

TEST(CallCache, ARecycledCallRemembersNothing) {
  call* const used = call::take();
  used->code = E_FAIL;
  used->cancelled = true;
  used->until = std::chrono::steady_clock::now();
  used->in_sequence = true;
  used->recycle();

  call* const again = call::take();
  ASSERT_EQ(again, used);
  EXPECT_EQ(again->code, S_OK);
  EXPECT_FALSE(again->cancelled);
  EXPECT_FALSE(again->until);
  EXPECT_FALSE(again->in_sequence);
  EXPECT_EQ(again->home, nullptr);
  again->recycle();
}

TEST(CallCache, CallsThatOneThreadLeftServeTheNext) {
  std::vector<call*> before;
  std::thread([&] {
    before = taken(100);
    recycle(before);
  }).join();
  std::vector<call*> after;
  std::thread([&] {
    after = taken(100);
    recycle(after);
  }).join();

  std::sort(before.begin(), before.end());
  const auto known = std::count_if(after.begin(), after.end(), [&](call* one) {
    return std::binary_search(before.begin(), before.end(), one);
  });
  EXPECT_EQ(known, 100);
}

TEST(CallCache, AThreadThatOnlyGivesPassesCallsOnInBatches) {
  const std::vector<call*> mine = taken(200);
  std::vector<call*> theirs;
  std::thread([&] {
    recycle(mine);      // more than two batches: the rest goes to the depot before the thread ends
    theirs = taken(1);  // keeps a cache of its own
    recycle(theirs);
  }).join();

  const std::vector<call*> again = taken(200);
  const auto known = std::count_if(again.begin(), again.end(), [&](call* one) {
    return std::find(mine.begin(), mine.end(), one) != mine.end();
  });
  EXPECT_EQ(known, 200);
  recycle(again);
}

}  // namespace
}  // namespace insula::test
