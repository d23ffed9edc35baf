// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <thread>

namespace document_index {

/// Takes SIGINT, SIGTERM and SIGHUP from all threads that begin afterwards. To be called first.
void block_stop_signals();

/// "Ctrl-C" and so on.
[[nodiscard]] const char* stop_signal_name(int signal) noexcept;

/// Watches for those signals, and for keys if standard input is the program's terminal, which it
/// then has without line editing while it lives.
class input_watch {
 public:
  /// Both run on the watch's own thread and must not throw.
  struct listeners {
    std::function<void(char key)> key;  // empty: keys are of no interest
    std::function<void(int signal)> signal;
  };
  explicit input_watch(listeners told);
  /// Nobody is told anything after this returns.
  ~input_watch();
  input_watch(const input_watch&) = delete;
  input_watch& operator=(const input_watch&) = delete;

  /// True if there is a terminal to press keys at.
  [[nodiscard]] static bool has_keys() noexcept;

 private:
  class terminal_mode;
  void run();
  bool take_signal();
  bool take_key();

  const listeners told_;
  std::unique_ptr<terminal_mode> mode_;  // null: no keys
  int signals_;                          // signalfd
  int end_;                              // eventfd, readable when the thread is to end
  std::thread thread_;
};

}  // namespace document_index
