// SPDX-License-Identifier: MIT
#pragma once

#include "stop_request.hpp"

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

namespace document_index {

/// Takes the signals that the watch is to hear from all threads that begin afterwards; those that
/// are ignored, as by nohup, stay ignored. To be called before any thread begins.
void block_watched_signals();

/// Hears signals and, if standard input is the program's terminal, keys, on a thread of its own
/// that waits for nobody else:
///
///     Ctrl-C, SIGTERM, SIGHUP, q   ask the program to stop; a second signal ends it at once
///     Ctrl-Z, fg                   give the terminal back, and take it again
///     Ctrl-\                       gives the terminal back and ends as that signal does
///
/// A program that was asked to stop and has not ended after the grace waits for something that does
/// not answer, such as a file system. It is then ended at once, too.
class input_watch {
 public:
  input_watch(stop_request& stop, std::chrono::milliseconds grace);
  ~input_watch();
  input_watch(const input_watch&) = delete;
  input_watch& operator=(const input_watch&) = delete;

  /// Who hears of keys, as long as it lives. One at a time.
  class key_listener {
   public:
    /// `told` runs on the watch's thread and must not throw or wait.
    key_listener(input_watch& watch, std::function<void(char key)> told);
    /// Nobody is told anything after this returns.
    ~key_listener();
    key_listener(const key_listener&) = delete;
    key_listener& operator=(const key_listener&) = delete;

   private:
    input_watch& watch_;
  };

  /// Ends the process, with nothing destroyed but the terminal as it was.
  [[noreturn]] static void leave_at_once(int code) noexcept;

 private:
  using clock = std::chrono::steady_clock;

  void run();
  [[nodiscard]] int time_left() const;
  void end_if_late() const;
  [[nodiscard]] bool take_signal();
  void handle(int signal);
  void ask_to_stop(int signal);
  [[nodiscard]] bool take_key();

  stop_request& stop_;
  const std::chrono::milliseconds grace_;
  std::optional<clock::time_point> asked_;  // when it was asked to stop; the thread's own
  std::mutex mutex_;
  std::function<void(char)> told_;          // guarded by mutex_
  int signals_;                             // signalfd
  int end_;                                 // eventfd, readable when the thread is to end
  std::thread thread_;
};

}  // namespace document_index
