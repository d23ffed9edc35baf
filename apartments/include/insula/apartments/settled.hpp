// SPDX-License-Identifier: MIT
#pragma once

#include <insula/apartments/apartment.hpp>

#include <chrono>
#include <coroutine>
#include <memory>
#include <optional>

namespace insula {

/// Something that happens once, and those who wait for it: threads, and at most one coroutine.
/// Under `future` and `task`. From: any thread, unless said otherwise.
class settled {
 public:
  settled();
  ~settled();
  settled(const settled&) = delete;
  settled& operator=(const settled&) = delete;

  /// It has happened: lets everybody go on. Only the first call does anything.
  void settle() noexcept;
  [[nodiscard]] bool is_settled() const noexcept;

  /// Waits as a call waits: the thread of an STA pumps, another blocks. False: the time or the
  /// deadline in force (deadline_scope) came first, or the apartment of the waiting code closes and
  /// its grace is over. What has happened needs no waiting, however late it is.
  bool wait(std::optional<std::chrono::steady_clock::time_point> until = std::nullopt);

  /// Fails: E_UNEXPECTED (com_error) while another coroutine waits.
  /// Resumes `waiter` in the apartment this is called in, or, called in none, on the thread that
  /// settles. False: it has happened already, and `waiter` is not resumed. `*refused` becomes true
  /// before the waiter is resumed when its apartment has closed meanwhile; it then runs on the
  /// thread that settled, or on the closing apartment's thread.
  bool resume_later(std::coroutine_handle<> waiter, bool* refused);

 private:
  struct state;
  const std::shared_ptr<state> state_;  // shared: with the call of settle, which may outlast this
};

namespace detail {

/// Explains why a wait for a task has ended early: RPC_E_TIMEOUT or RPC_E_CALL_CANCELED.
[[noreturn]] void throw_task_not_awaited();

}  // namespace detail

}  // namespace insula
