// SPDX-License-Identifier: MIT
#pragma once

#include <insula/apartments/apartment.hpp>

#include <coroutine>
#include <utility>

namespace insula {

/// What `resume_in` gives to co_await.
class resume_in_awaiter {
 public:
  explicit resume_in_awaiter(apartment where) noexcept : where_(std::move(where)) {}

  [[nodiscard]] bool await_ready() const noexcept { return where_.is_current(); }
  bool await_suspend(std::coroutine_handle<> waiter);
  void await_resume() const;

 private:
  apartment where_;
  bool refused_ = false;
};

/// Moves a coroutine into an apartment: `co_await insula::resume_in(ui);`
///
/// The code after it runs inside `where`, as system work of it; if it was there already, it just
/// goes on. Never silently elsewhere: when the apartment has closed, co_await throws com_error
/// (RPC_E_DISCONNECTED) on the thread that awaited; when it closes before the coroutine's turn has
/// come, on the closing apartment's own thread.
[[nodiscard]] inline resume_in_awaiter resume_in(apartment where) noexcept {
  return resume_in_awaiter(std::move(where));
}

}  // namespace insula
