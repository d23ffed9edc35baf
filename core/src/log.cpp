// SPDX-License-Identifier: MIT
//
// The only file that knows spdlog.
#include "insula/core/log.hpp"

#include "insula/core/printable.hpp"
#include "insula/core/thread_safety.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <array>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace insula {
namespace {

constexpr std::array<std::string_view, 6> level_names = {"trace", "debug", "info",
                                                         "warn",  "error", "off"};

std::optional<log_level> level_named(std::string_view name) noexcept {
  for (std::size_t i = 0; i != level_names.size(); ++i)
    if (level_names[i] == name) return static_cast<log_level>(i);
  return std::nullopt;
}

spdlog::level::level_enum spdlog_level(log_level level) noexcept {
  switch (level) {
    case log_level::trace:
      return spdlog::level::trace;
    case log_level::debug:
      return spdlog::level::debug;
    case log_level::info:
      return spdlog::level::info;
    case log_level::warn:
      return spdlog::level::warn;
    case log_level::error:
      return spdlog::level::err;
    case log_level::off:
      break;
  }
  return spdlog::level::off;
}

struct log_output {
  mutex guard;
  log_sink sink INSULA_GUARDED_BY(guard);
  std::shared_ptr<spdlog::logger> logger INSULA_GUARDED_BY(guard);

  void write(log_level level, std::string_view text) INSULA_REQUIRES(guard) {
    if (sink) {
      sink(level, text);
      return;
    }
    if (!logger) {
      logger = std::make_shared<spdlog::logger>("insula",
                                                std::make_shared<spdlog::sinks::stderr_sink_mt>());
      logger->set_level(spdlog::level::trace);
      logger->set_pattern("%Y-%m-%d %H:%M:%S.%e [%n] [%l] [%t] %v");
      logger->flush_on(spdlog::level::trace);
    }
    logger->log(spdlog_level(level), spdlog::string_view_t(text.data(), text.size()));
  }
};

/// Never destroyed: threads may log until the process ends.
log_output& output() {
  static auto* const only = new log_output;
  return *only;
}

}  // namespace

namespace detail {

constinit std::atomic<int> log_threshold{log_threshold_unread};

int load_log_threshold() noexcept {
  const char* const wanted = std::getenv("INSULA_LOG");
  const std::optional<log_level> named = wanted == nullptr ? log_level::warn : level_named(wanted);
  int expected = log_threshold_unread;
  const int level = static_cast<int>(named.value_or(log_level::warn));
  // Only whoever stores it complains, so that the line appears once.
  if (!log_threshold.compare_exchange_strong(expected, level)) return expected;
  if (!named) {
    try {
      log(log_level::warn, "INSULA_LOG=" + std::string(wanted) +
                               " is not a level: trace, debug, info, warn, error, off; using warn");
    } catch (...) {
    }
  }
  return level;
}

}  // namespace detail

std::string_view to_string(log_level level) noexcept {
  const auto index = static_cast<std::size_t>(level);
  return index < level_names.size() ? level_names[index] : std::string_view("?");
}

void set_log_level(log_level level) noexcept {
  detail::log_threshold.store(static_cast<int>(level), std::memory_order_relaxed);
}

log_level current_log_level() noexcept {
  const int threshold = detail::log_threshold.load(std::memory_order_relaxed);
  return static_cast<log_level>(
      threshold == detail::log_threshold_unread ? detail::load_log_threshold() : threshold);
}

void log(log_level level, std::string_view text) noexcept {
  if (!log_enabled(level)) return;
  try {
    // Here, so that no text that came from elsewhere forges a line or steers a terminal.
    std::string spelled;
    if (!is_printable(text)) text = spelled = printable(text);
    log_output& out = output();
    const mutex_lock lock(out.guard);
    out.write(level, text);
  } catch (...) {
    // A line that cannot be written is lost; there is nowhere left to say so.
  }
}

void set_log_sink(log_sink sink) noexcept {
  try {
    log_output& out = output();
    const mutex_lock lock(out.guard);
    out.sink.swap(sink);
  } catch (...) {
  }
}

}  // namespace insula
