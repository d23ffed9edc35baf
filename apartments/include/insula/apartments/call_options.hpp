// SPDX-License-Identifier: MIT
#pragma once

#include <insula/apartments/from_now.hpp>

#include <chrono>
#include <optional>

namespace insula {

/// While it lives, every wait for another apartment that the same code begins ends by the deadline,
/// with RPC_E_TIMEOUT: of calls, QueryInterface for what a proxy does not have yet, `invoke`,
/// `send`, `create`, IContextCallback, CoCreateInstance, sta_thread::add; of `get` and `wait` of
/// futures and tasks (`wait` gives false). What has not begun by then is withdrawn and never runs.
/// A call that runs goes on, and its results are dropped; work of `invoke`, `send` and `create`
/// that runs is waited for, since it uses the waiting code's variables, and then fails with
/// RPC_E_TIMEOUT all the same. `last_call_fate` tells the cases apart, and so does the sentence.
/// What needs no other apartment does not fail, however late it is.
///
/// An earlier deadline around it stays in force. Code that serves such a call, and work of
/// `invoke`, `send` and `create`, has the same deadline for the waits it begins. Closing an
/// apartment has a grace of its own and takes no notice of deadlines.
///
///     insula::deadline_scope limit(std::chrono::milliseconds(200));
///     HRESULT hr = slow->Compute(42, &result);   // RPC_E_TIMEOUT after 200 ms
///
/// From: the thread that made it, innermost first.
class deadline_scope {
 public:
  explicit deadline_scope(std::chrono::steady_clock::time_point until);
  explicit deadline_scope(std::chrono::nanoseconds allowed) : deadline_scope(from_now(allowed)) {}
  ~deadline_scope();
  deadline_scope(const deadline_scope&) = delete;
  deadline_scope& operator=(const deadline_scope&) = delete;

 private:
  std::optional<std::chrono::steady_clock::time_point> outer_;
};

/// What is known of a call that ended before its answer.
enum class call_fate {
  not_executed,  // it has not begun and never will
  executed,      // it has run to its end; its results were dropped
  unknown,       // it had begun: it may be running still
};

/// Of the last call of the running code that failed with RPC_E_TIMEOUT or RPC_E_CALL_CANCELED,
/// before the next one. Calls here are all that deadline_scope covers; a task is always `unknown`.
[[nodiscard]] call_fate last_call_fate() noexcept;

/// The deadline in force for calls of the running code, if there is one.
[[nodiscard]] std::optional<std::chrono::steady_clock::time_point> current_deadline() noexcept;

/// True when the running code serves a call that its caller has cancelled or given up: nobody waits
/// for the result. False outside of calls.
[[nodiscard]] bool current_call_is_cancelled() noexcept;

}  // namespace insula
