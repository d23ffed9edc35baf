// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>

namespace document_index {

/// Says that the program was asked to end, to code that serves no apartment meanwhile: the search
/// for files and the single-threaded run. Any thread may ask.
class stop_request {
 public:
  /// The first signal stays; 0 stands for a key.
  void set(int signal) noexcept {
    int none = nothing;
    signal_.compare_exchange_strong(none, signal, std::memory_order_relaxed);
  }
  [[nodiscard]] bool is_set() const noexcept {
    return signal_.load(std::memory_order_relaxed) != nothing;
  }
  /// Of a program that was stopped so: 130 for Ctrl-C and for the key, 143 for SIGTERM.
  [[nodiscard]] int exit_code() const noexcept {
    const int signal = signal_.load(std::memory_order_relaxed);
    return 128 + (signal > 0 ? signal : 2);
  }

 private:
  static constexpr int nothing = -1;
  std::atomic<int> signal_{nothing};
};

}  // namespace document_index
