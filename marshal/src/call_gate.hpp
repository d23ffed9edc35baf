// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstdint>

namespace insula {

/// Counts who is inside an object, and once closed lets nobody in any more. Exactly one caller of
/// `leave` or `close` is told that the object is empty for good and has to finish it.
///
///     state_          meaning
///     n               open, n are inside
///     closed | n      closed, n are still inside
///     closed          closed and empty; stays so
class call_gate {
 public:
  /// False when closed; the caller is then not inside.
  [[nodiscard]] bool enter() noexcept {
    std::uint32_t seen = state_.load(std::memory_order_relaxed);
    do {
      if ((seen & closed) != 0) return false;
    } while (!state_.compare_exchange_weak(seen, seen + 1, std::memory_order_acquire,
                                           std::memory_order_relaxed));
    return true;
  }

  /// True for the last one out of a closed gate.
  [[nodiscard]] bool leave() noexcept {
    return state_.fetch_sub(1, std::memory_order_acq_rel) == (closed | 1);
  }

  /// True when it was open and nobody is inside.
  [[nodiscard]] bool close() noexcept {
    return state_.fetch_or(closed, std::memory_order_acq_rel) == 0;
  }

 private:
  static constexpr std::uint32_t closed = 0x80000000;

  std::atomic<std::uint32_t> state_{0};  // atomic: leaving pairs with whoever finishes
};

}  // namespace insula
