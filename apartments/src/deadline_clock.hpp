// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>

namespace insula {

/// Runs things when their time has come, for those who do not wait themselves. A thread of its own
/// that exists only while something is registered.
class deadline_clock {
 public:
  /// Takes the entry out when it goes; the function does not begin after that.
  class registration {
   public:
    registration() noexcept = default;
    explicit registration(std::uint64_t id) noexcept : id_(id) {}
    registration(registration&& other) noexcept : id_(other.id_) { other.id_ = 0; }
    registration& operator=(registration&& other) noexcept;
    ~registration() { reset(); }
    void reset() noexcept;

   private:
    std::uint64_t id_ = 0;
  };

  /// `body` runs on the clock's thread at `when`; it must be short and not throw.
  static registration at(std::chrono::steady_clock::time_point when, std::function<void()> body);
};

}  // namespace insula
