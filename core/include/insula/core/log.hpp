// SPDX-License-Identifier: MIT
//
// Insula's own log, to standard error unless a host takes it over.
#pragma once

#include <atomic>
#include <functional>
#include <string_view>

namespace insula {

enum class log_level { trace, debug, info, warn, error, off };

/// The name in lower case, as INSULA_LOG spells it.
std::string_view to_string(log_level level) noexcept;

/// What is less important than `level` is dropped. At first it is the level that the environment
/// variable INSULA_LOG names, else `warn`; a name that does not exist is `warn` and one line
/// that says which do. From: any thread.
void set_log_level(log_level level) noexcept;
log_level current_log_level() noexcept;

namespace detail {
/// The level as a number, read when it is first needed.
extern std::atomic<int> log_threshold;
int load_log_threshold() noexcept;
inline constexpr int log_threshold_unread = -1;
}  // namespace detail

/// One relaxed load: ask before building an expensive text.
inline bool log_enabled(log_level level) noexcept {
  int threshold = detail::log_threshold.load(std::memory_order_relaxed);
  if (threshold == detail::log_threshold_unread) threshold = detail::load_log_threshold();
  return static_cast<int>(level) >= threshold && level != log_level::off;
}

/// Writes one line: line ends, control characters and escape codes in `text` are spelled out
/// (printable.hpp), for a sink too. From: any thread. Waits: blocks while another thread's line is
/// written. Never throws; a line that cannot be written is lost.
void log(log_level level, std::string_view text) noexcept;

/// Receives lines instead of standard error; called by one thread at a time, on the thread that
/// logs. An empty function gives standard error back. The sink must not log and not throw.
using log_sink = std::function<void(log_level, std::string_view)>;
void set_log_sink(log_sink sink) noexcept;

}  // namespace insula
