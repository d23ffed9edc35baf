// SPDX-License-Identifier: MIT
#include "unique_id.hpp"

#include <sys/random.h>
#include <atomic>
#include <cerrno>
#include <chrono>

namespace insula {

namespace {

std::uint64_t first_id() noexcept {
  std::uint64_t value = 0;
  ssize_t got = -1;
  do {
    got = ::getrandom(&value, sizeof value, 0);
  } while (got < 0 && errno == EINTR);
  if (got != static_cast<ssize_t>(sizeof value))
    value = static_cast<std::uint64_t>(std::chrono::system_clock::now().time_since_epoch().count())
            << 20;
  // The top bits stay clear: a process cannot count its way around to 0.
  return (value >> 8) | 1;
}

}  // namespace

std::uint64_t next_unique_id() noexcept {
  static std::atomic<std::uint64_t> next{first_id()};
  return next.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace insula
