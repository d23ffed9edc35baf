// SPDX-License-Identifier: MIT
#include "call_gate.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace insula {
namespace {

TEST(CallGate, LetsManyIn) {
  call_gate gate;
  EXPECT_TRUE(gate.enter());
  EXPECT_TRUE(gate.enter());
  EXPECT_FALSE(gate.leave());
  EXPECT_FALSE(gate.leave());
}

TEST(CallGate, LetsNobodyInOnceClosed) {
  call_gate gate;
  EXPECT_TRUE(gate.close());
  EXPECT_FALSE(gate.enter());
}

TEST(CallGate, TellsOnlyTheFirstWhoClosesItEmpty) {
  call_gate gate;
  EXPECT_TRUE(gate.close());
  EXPECT_FALSE(gate.close());
}

TEST(CallGate, TellsTheLastOneOut) {
  call_gate gate;
  EXPECT_TRUE(gate.enter());
  EXPECT_TRUE(gate.enter());
  EXPECT_FALSE(gate.close());
  EXPECT_FALSE(gate.leave());
  EXPECT_TRUE(gate.leave());
}

TEST(CallGate, TellsExactlyOneAmongManyThreads) {
  for (int round = 0; round != 50; ++round) {
    call_gate gate;
    std::atomic<int> finishers{0};
    std::vector<std::thread> threads;
    for (int i = 0; i != 3; ++i)
      threads.emplace_back([&] {
        for (int n = 0; n != 100; ++n)
          if (gate.enter() && gate.leave()) ++finishers;
      });
    if (gate.close()) ++finishers;
    for (std::thread& thread : threads)
      thread.join();
    EXPECT_EQ(finishers.load(), 1);
  }
}

}  // namespace
}  // namespace insula
