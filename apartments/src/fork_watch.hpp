// SPDX-License-Identifier: MIT
#pragma once

#include <insula/core/types.hpp>

#include <atomic>

namespace insula {

namespace detail {
extern std::atomic<bool> forked_with_apartments;  // atomic: set once, in a child of one thread
}

/// True in a child process that was forked while apartments were open. It has none of the threads
/// that serve them: whoever waited for one would wait for ever.
[[nodiscard]] inline bool in_forked_child() noexcept {
  return detail::forked_with_apartments.load(std::memory_order_relaxed);
}

/// Says so for `what`, once in the log and each time as error info: CO_E_NOT_SUPPORTED.
HRESULT refuse_after_fork(const char* what) noexcept;

/// The same as an exception.
[[noreturn]] void throw_after_fork(const char* what);

/// From now on forks are seen. `apartments_are_open` is asked in the child, which has one thread.
void watch_forks(bool (*apartments_are_open)()) noexcept;

}  // namespace insula
