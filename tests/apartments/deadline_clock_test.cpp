// SPDX-License-Identifier: MIT
#include "deadline_clock.hpp"

#include "milestone.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <thread>
#include <vector>

namespace insula::test {
namespace {

using clock = std::chrono::steady_clock;

TEST(DeadlineClock, RunsWhatIsDue) {
  milestone ran;
  const auto registered = deadline_clock::at(clock::now(), [&] { ran.pass(); });
  ran.await();
}

TEST(DeadlineClock, RunsTheSoonerOneAlthoughItSleepsForALaterOne) {
  const auto later = deadline_clock::at(clock::now() + std::chrono::hours{1}, [] { FAIL(); });
  milestone ran;
  std::thread other([&] {
    const auto sooner = deadline_clock::at(clock::now(), [&] { ran.pass(); });
    ran.await();
  });
  other.join();
}

TEST(DeadlineClock, DoesNotRunWhatWasTakenOut) {
  auto taken_out = deadline_clock::at(clock::now() + std::chrono::hours{1}, [] { FAIL(); });
  taken_out.reset();
  milestone ran;
  const auto another = deadline_clock::at(clock::now(), [&] { ran.pass(); });
  ran.await();
}

TEST(DeadlineClock, TakingOutWaitsForABodyThatRuns) {
  milestone entered;
  bool ended = false;
  auto registered = deadline_clock::at(clock::now(), [&] {
    entered.pass();
    for (int i = 0; i != 1000; ++i) std::this_thread::yield();
    ended = true;
  });
  entered.await();
  registered.reset();
  EXPECT_TRUE(ended);
}

TEST(DeadlineClock, ABodyMayTakeItselfOut) {
  milestone ran;
  deadline_clock::registration own;
  milestone registered;
  own = deadline_clock::at(clock::now(), [&] {
    registered.await();
    own.reset();
    ran.pass();
  });
  registered.pass();
  ran.await();
}

TEST(DeadlineClock, ManyAreTakenOutInReverse) {
  constexpr std::size_t count = 200'000;
  std::vector<deadline_clock::registration> registered;
  for (std::size_t i = 0; i != count; ++i)
    registered.push_back(
        deadline_clock::at(clock::now() + std::chrono::hours{1}, [] { FAIL(); }));
  while (!registered.empty()) registered.pop_back();
}

TEST(DeadlineClock, ServesManyThreadsAtOnce) {
  constexpr int rounds = 200;
  std::vector<std::thread> threads;
  for (int i = 0; i != 4; ++i)
    threads.emplace_back([] {
      for (int n = 0; n != rounds; ++n) {
        auto later = deadline_clock::at(clock::now() + std::chrono::hours{1}, [] { FAIL(); });
        milestone ran;
        const auto now = deadline_clock::at(clock::now(), [&] { ran.pass(); });
        ran.await();
      }
    });
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace insula::test
