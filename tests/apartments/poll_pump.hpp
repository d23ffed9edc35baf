// SPDX-License-Identifier: MIT
#pragma once

#include <insula/apartments/pump.hpp>
#include <insula/core/function_ref.hpp>

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>

namespace insula::test {

/// A foreign event loop as a program might have it: poll over one descriptor.
class poll_pump final : public pump {
 public:
  poll_pump() : event_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}
  ~poll_pump() override { ::close(event_); }
  poll_pump(const poll_pump&) = delete;
  poll_pump& operator=(const poll_pump&) = delete;

  void attach(pump_client& client) override { client_ = &client; }
  void detach() noexcept override { client_ = nullptr; }
  void wait(std::optional<std::chrono::steady_clock::time_point> until) override {
    block_until(until);
  }
  void wake() noexcept override {
    const std::uint64_t one = 1;
    (void)!::write(event_, &one, sizeof one);
  }

  /// The foreign loop itself: it knows nothing of apartments but `drain` and `next_timer`.
  void run_until(function_ref<bool()> done) {
    while (!done()) {
      client_->drain();
      if (!done()) block_until(client_->next_timer());
    }
  }

  [[nodiscard]] bool attached() const noexcept { return client_ != nullptr; }
  [[nodiscard]] pump_client& client() const noexcept { return *client_; }

 private:
  void block_until(std::optional<std::chrono::steady_clock::time_point> until) {
    int timeout = -1;
    if (until) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(
          *until - std::chrono::steady_clock::now());
      timeout = static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 60'000));
    }
    pollfd one{.fd = event_, .events = POLLIN, .revents = 0};
    (void)::poll(&one, 1, timeout);
    std::uint64_t raised = 0;
    (void)!::read(event_, &raised, sizeof raised);
  }

  const int event_;                 // fixed
  pump_client* client_ = nullptr;   // owner
};

}  // namespace insula::test
