// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>

namespace insula {

/// A signal that one thread waits for and any thread raises; raising is remembered until waited
/// for. No memory is touched by a raise after the waiter could have seen it, but for the address
/// handed to the kernel.
class futex_signal {
 public:
  /// Owner: sleeps until raised since the last wait, or until the time has come. Spurious: never.
  void wait(std::optional<std::chrono::steady_clock::time_point> until) noexcept;
  /// From: any thread.
  void raise() noexcept;

 private:
  std::atomic<std::uint32_t> raised_{0};  // 0: a waiter may sleep; 1: raised
};

}  // namespace insula
