// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <utility>

namespace insula {

inline void cpu_relax() noexcept {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

/// Learns how long looking is cheaper than sleeping. A look that pays moves the budget towards a
/// few times what it took; one that does not pay halves it; when nothing pays, only every 16th
/// wait looks at all, so that steady traffic is noticed again.
/// Rounds, not time: a clock costs as much as the calls being measured. Owner thread.
class spin_budget {
 public:
  template <class Ready>
  bool spin(Ready ready) noexcept {
    unsigned rounds = rounds_;
    if (rounds == 0) {
      if (++skipped_ % 16 != 0) return false;
      rounds = most / 4;
    }
    for (unsigned i = 0; i != rounds; ++i) {
      if (ready()) {
        paid_ = true;
        const unsigned wanted = std::min(most, 8 * i + 256);
        rounds_ = std::max(wanted, rounds_ - rounds_ / 8);
        return true;
      }
      cpu_relax();
    }
    paid_ = false;
    rounds_ = rounds_ < 256 ? 0 : rounds_ / 2;
    return false;
  }

  /// True when the last look paid and nobody has asked since.
  bool take_paid() noexcept { return std::exchange(paid_, false); }

  /// Looks for as long as a sleep and a wake cost, whatever was learned, and learns nothing.
  template <class Ready>
  static bool spin_through_a_wake(Ready ready) noexcept {
    for (unsigned i = 0; i != most; ++i) {
      if (ready()) return true;
      cpu_relax();
    }
    return false;
  }

 private:
  static constexpr unsigned most = 2500;  // 40 to 100 microseconds: what a sleep and a wake cost
  unsigned rounds_ = most;                // owner
  unsigned skipped_ = 0;                  // owner
  bool paid_ = false;                     // owner
};

}  // namespace insula
