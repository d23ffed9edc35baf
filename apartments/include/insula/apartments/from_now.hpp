// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>

namespace insula {

/// `start + time`, but never past the last time there is: `nanoseconds::max()` means for ever.
[[nodiscard]] constexpr std::chrono::steady_clock::time_point time_after(
    std::chrono::steady_clock::time_point start, std::chrono::nanoseconds time) noexcept {
  constexpr auto last = std::chrono::steady_clock::time_point::max();
  return time > last - start ? last : start + time;
}

/// The time that is so far from now.
[[nodiscard]] inline std::chrono::steady_clock::time_point from_now(
    std::chrono::nanoseconds time) noexcept {
  return time_after(std::chrono::steady_clock::now(), time);
}

}  // namespace insula
