// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>

namespace insula::test {

/// A point that one thread passes and others wait for, blocking: not for the thread of an STA that
/// must serve calls meanwhile. A wait of minutes is a hang and ends the program with a sentence.
class milestone {
 public:
  explicit milestone(const char* what = "a milestone") : what_(what) {}
  milestone(const milestone&) = delete;
  milestone& operator=(const milestone&) = delete;

  void pass() {
    const std::lock_guard lock(mutex_);
    passed_ = true;
    changed_.notify_all();
  }

  void await() {
    std::unique_lock lock(mutex_);
    if (changed_.wait_for(lock, std::chrono::minutes(2), [this] { return passed_; })) return;
    std::fprintf(stderr, "hang: nobody passed %s\n", what_);
    std::abort();
  }

  [[nodiscard]] bool passed() const {
    const std::lock_guard lock(mutex_);
    return passed_;
  }

 private:
  const char* const what_;  // fixed
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool passed_ = false;  // behind mutex_
};

}  // namespace insula::test
