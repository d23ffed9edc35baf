// SPDX-License-Identifier: MIT
#pragma once

#include <insula/apartments/from_now.hpp>

#include <chrono>
#include <optional>

namespace insula {

/// While it lives, synchronous calls to other apartments made by the same code end with
/// RPC_E_TIMEOUT when they have no answer by the deadline. The call may still be executed; its
/// results are dropped. An earlier deadline around it stays in force. The code that serves such a
/// call has the same deadline for the calls it makes.
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

/// The deadline in force for calls of the running code, if there is one.
[[nodiscard]] std::optional<std::chrono::steady_clock::time_point> current_deadline() noexcept;

/// True when the running code serves a call that its caller has cancelled or given up: nobody waits
/// for the result. False outside of calls.
[[nodiscard]] bool current_call_is_cancelled() noexcept;

}  // namespace insula
