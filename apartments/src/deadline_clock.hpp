// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <utility>

namespace insula {

/// Runs things when their time has come, for those who do not wait themselves. A thread of its own
/// that ends soon after the last has been taken out. Threads that register and take out do not
/// wait for each other, unless theirs is the soonest of all.
class deadline_clock {
 public:
  /// Takes the entry out when it goes; the function does not begin after that.
  class registration {
   public:
    registration() noexcept = default;
    registration(std::chrono::steady_clock::time_point when, std::uint64_t id) noexcept
        : when_(when), id_(id) {}
    registration(registration&& other) noexcept
        : when_(other.when_), id_(std::exchange(other.id_, 0)) {}
    registration& operator=(registration&& other) noexcept;
    ~registration() { reset(); }
    void reset() noexcept;

   private:
    std::chrono::steady_clock::time_point when_;
    std::uint64_t id_ = 0;  // 0: nothing is registered
  };

  /// `body` runs on the clock's thread at `when`; it must be short and not throw.
  /// Fails: std::bad_alloc; com_error (RPC_E_OUT_OF_RESOURCES) when the clock has no thread and
  /// none can be had. Then nothing is registered, and the next attempt asks for a thread again.
  static registration at(std::chrono::steady_clock::time_point when, std::function<void()> body);
};

}  // namespace insula
