// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <csignal>
#include <stop_token>
#include <string>

namespace document_index {

/// The wish that the program ends, for everything that can take long: each asks it now and then, or
/// has a std::stop_callback on its token.
class stop_request {
 public:
  static constexpr int by_key = 0;

  /// The first one stays. From: any thread.
  void set(int signal) noexcept {
    int none = nothing;
    if (signal_.compare_exchange_strong(none, signal)) source_.request_stop();
  }
  [[nodiscard]] bool is_set() const noexcept { return source_.stop_requested(); }
  [[nodiscard]] std::stop_token token() const noexcept { return source_.get_token(); }

  /// Once it is set: "Ctrl-C" and so on.
  [[nodiscard]] std::string reason() const {
    switch (signal_.load()) {
      case by_key:
        return "q was pressed";
      case SIGINT:
        return "Ctrl-C";
      case SIGTERM:
        return "SIGTERM";
      default:
        return "the terminal is gone";
    }
  }
  /// Of a program that was stopped so: 130 for Ctrl-C and for the key, 143 for SIGTERM, 129 when
  /// the terminal is gone.
  [[nodiscard]] int exit_code() const noexcept {
    const int signal = signal_.load();
    return 128 + (signal == by_key ? SIGINT : signal);
  }

 private:
  static constexpr int nothing = -1;
  std::atomic<int> signal_{nothing};
  std::stop_source source_;
};

}  // namespace document_index
