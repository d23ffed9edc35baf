// SPDX-License-Identifier: MIT
#pragma once

#include <insula/core/log.hpp>

#include <mutex>
#include <string>

namespace insula::test {

/// While it lives, takes what the library logs at `warn` and above.
class log_lines {
 public:
  log_lines() : level_before_(current_log_level()) {
    set_log_level(log_level::warn);
    set_log_sink([this](log_level, std::string_view line) {
      const std::lock_guard lock(guard_);
      text_.append(line).push_back('\n');
    });
  }
  ~log_lines() {
    set_log_sink({});
    set_log_level(level_before_);
  }
  log_lines(const log_lines&) = delete;
  log_lines& operator=(const log_lines&) = delete;

  /// From: any thread.
  [[nodiscard]] std::string text() const {
    const std::lock_guard lock(guard_);
    return text_;
  }

 private:
  const log_level level_before_;
  mutable std::mutex guard_;
  std::string text_;  // guarded by guard_
};

}  // namespace insula::test
