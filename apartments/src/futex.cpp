// SPDX-License-Identifier: MIT
#include "futex.hpp"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <ctime>

namespace insula {
namespace {

// FUTEX_WAIT_BITSET takes an absolute CLOCK_MONOTONIC time, which is what steady_clock counts.
void futex_wait(std::atomic<std::uint32_t>& word, std::uint32_t value, const timespec* until) {
  ::syscall(SYS_futex, reinterpret_cast<std::uint32_t*>(&word),
            FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG, value, until, nullptr,
            FUTEX_BITSET_MATCH_ANY);
}

}  // namespace

void futex_signal::wait(std::optional<std::chrono::steady_clock::time_point> until) noexcept {
  timespec limit{};
  if (until) {
    const auto ns =
        std::chrono::duration_cast<std::chrono::nanoseconds>(until->time_since_epoch()).count();
    limit = {.tv_sec = ns / 1'000'000'000, .tv_nsec = ns % 1'000'000'000};
  }
  while (raised_.exchange(0, std::memory_order_acquire) == 0) {
    if (until && std::chrono::steady_clock::now() >= *until) return;
    futex_wait(raised_, 0, until ? &limit : nullptr);
  }
}

void futex_signal::raise() noexcept {
  // Already raised: the waiter has been, or will be, told.
  if (raised_.exchange(1, std::memory_order_release) != 0) return;
  ::syscall(SYS_futex, reinterpret_cast<std::uint32_t*>(&raised_),
            FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1, nullptr, nullptr, 0);
}

}  // namespace insula
