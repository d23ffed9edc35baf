// SPDX-License-Identifier: MIT
#include "futex.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace insula::test {
namespace {

TEST(FutexSignal, RemembersARaiseUntilItIsWaitedFor) {
  futex_signal signal;
  signal.raise();
  signal.wait(std::nullopt);  // would never return
}

TEST(FutexSignal, LetsTheWaiterGoOn) {
  futex_signal signal;
  std::atomic<bool> raised{false};
  std::thread raiser([&] {
    raised = true;
    signal.raise();
  });

  signal.wait(std::nullopt);

  EXPECT_TRUE(raised);
  raiser.join();
}

TEST(FutexSignal, ReturnsWhenTheTimeHasCome) {
  futex_signal signal;
  signal.wait(std::chrono::steady_clock::now() - std::chrono::seconds(1));
}

TEST(FutexSignal, TakesTwoRaisesAsOne) {
  futex_signal signal;
  signal.raise();
  signal.raise();
  signal.wait(std::nullopt);
  // The second one is gone: only the time ends this.
  const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(2);
  signal.wait(until);
  EXPECT_GE(std::chrono::steady_clock::now(), until);
}

}  // namespace
}  // namespace insula::test
