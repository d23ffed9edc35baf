// SPDX-License-Identifier: MIT
//
// Every test gives back what it took.
//   leak_snapshot   what is there now, to be compared with what is there later
//   leak_guard      a listener that compares before and after each test; in every test program that
//                   links tests/support
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <string>

namespace insula::test {

struct leak_snapshot {
  std::size_t objects = 0;
  std::size_t task_blocks = 0;
  std::size_t stub_managers = 0;
  std::size_t proxy_managers = 0;
  std::size_t threads = 0;
  bool in_apartment = false;  // the calling thread, explicitly or because there is an MTA

  /// From: the test's thread. Drops the error info that this thread holds: it is no leak.
  static leak_snapshot take();

  /// A sentence for each thing that there is more of now; empty when all is well.
  /// Waits: blocks while there are more threads, at most `ceiling`: a joined thread is listed a
  /// little longer.
  [[nodiscard]] std::string left_behind(
      std::chrono::milliseconds ceiling = std::chrono::seconds(20)) const;
};

class leak_guard final : public testing::EmptyTestEventListener {
 public:
  /// The one that watches this program.
  static const leak_guard& installed();
  [[nodiscard]] int tests_watched() const noexcept { return tests_watched_; }

  void OnTestProgramStart(const testing::UnitTest& program) override;
  void OnTestStart(const testing::TestInfo& test) override;
  void OnTestEnd(const testing::TestInfo& test) override;

 private:
  leak_snapshot before_;
  int tests_watched_ = 0;
};

}  // namespace insula::test
