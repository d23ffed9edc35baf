// SPDX-License-Identifier: MIT
#pragma once

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <utility>

namespace insula::test {

/// An event loop as a program might have one, over poll. It knows nothing of apartments.
class poll_loop {
 public:
  poll_loop() : interrupted_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}
  ~poll_loop() { ::close(interrupted_); }
  poll_loop(const poll_loop&) = delete;
  poll_loop& operator=(const poll_loop&) = delete;

  /// From: any thread.
  void post_event(std::function<void()> event) {
    {
      const std::lock_guard lock(guard_);
      events_.push_back(std::move(event));
    }
    interrupt();
  }

  /// Ends the sleep of the turn that runs now, or of the next one. From: any thread.
  void interrupt() noexcept {
    const std::uint64_t one = 1;
    (void)!::write(interrupted_, &one, sizeof one);
  }

  /// One timer: runs `event` when `due` has come, in place of the one before; no `due`: none.
  /// Owner.
  void set_timer(std::optional<std::chrono::steady_clock::time_point> due,
                 std::function<void()> event) {
    due_ = due;
    at_due_ = std::move(event);
  }

  /// Sleeps until there is an event, an interruption, or the time has come; runs the events that
  /// are there then.
  void one_turn(std::optional<std::chrono::steady_clock::time_point> until) {
    ++turns_;
    pollfd one{.fd = interrupted_, .events = POLLIN, .revents = 0};
    (void)::poll(&one, 1, timeout_of(until));
    std::uint64_t raised = 0;
    (void)!::read(interrupted_, &raised, sizeof raised);
    if (due_ && *due_ <= std::chrono::steady_clock::now()) {
      due_.reset();
      std::exchange(at_due_, nullptr)();
    }
    for (std::size_t left = count(); left != 0; --left)
      if (const auto event = take()) event();
  }

  /// Owner: the turns so far.
  [[nodiscard]] int turns() const noexcept { return turns_; }

 private:
  [[nodiscard]] int timeout_of(std::optional<std::chrono::steady_clock::time_point> until) {
    if (count() != 0) return 0;
    if (due_ && (!until || *due_ < *until)) until = due_;
    if (!until) return -1;
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(*until - std::chrono::steady_clock::now());
    return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 60'000));
  }
  [[nodiscard]] std::size_t count() {
    const std::lock_guard lock(guard_);
    return events_.size();
  }
  [[nodiscard]] std::function<void()> take() {
    const std::lock_guard lock(guard_);
    if (events_.empty()) return nullptr;
    std::function<void()> first = std::move(events_.front());
    events_.pop_front();
    return first;
  }

  const int interrupted_;  // fixed
  std::mutex guard_;
  std::deque<std::function<void()>> events_;  // behind guard_
  std::optional<std::chrono::steady_clock::time_point> due_;  // owner
  std::function<void()> at_due_;                              // owner
  int turns_ = 0;                                             // owner
};

}  // namespace insula::test
