// SPDX-License-Identifier: MIT
#include <insula/core/test_gate.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace insula {
namespace {

TEST(TestGate, HoldsTheFirstThreadAndLetsOthersPass) {
  std::atomic<bool> passed{false};
  test_gate gate("test_gate_test.here");
  std::thread held([&] {
    INSULA_TEST_GATE("test_gate_test.here");
    passed = true;
  });
  gate.wait_until_reached();

  INSULA_TEST_GATE("test_gate_test.here");
  EXPECT_FALSE(passed);
  gate.open();
  held.join();

  EXPECT_TRUE(passed);
}

TEST(TestGate, RunsItsScriptOnceOnTheThreadThatComes) {
  int runs = 0;
  std::thread::id where;
  test_gate gate("test_gate_test.here", [&] {
    ++runs;
    where = std::this_thread::get_id();
    INSULA_TEST_GATE("test_gate_test.here");
  });

  EXPECT_FALSE(gate.reached());
  INSULA_TEST_GATE("test_gate_test.here");
  INSULA_TEST_GATE("test_gate_test.here");

  EXPECT_TRUE(gate.reached());
  EXPECT_EQ(runs, 1);
  EXPECT_EQ(where, std::this_thread::get_id());
}

TEST(TestGate, OtherNamesPass) {
  test_gate gate("test_gate_test.here");
  INSULA_TEST_GATE("test_gate_test.elsewhere");
  EXPECT_FALSE(gate.reached());
}

TEST(TestGate, IsOpenWhenItsTestIsOver) {
  { test_gate gate("test_gate_test.here"); }
  INSULA_TEST_GATE("test_gate_test.here");
  SUCCEED();
}

}  // namespace
}  // namespace insula
