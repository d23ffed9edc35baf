// SPDX-License-Identifier: MIT
#pragma once

#include <insula/apartments/settled.hpp>
#include <insula/apartments/unseen_exception.hpp>
#include <insula/core/forced_unwind.hpp>

#include <coroutine>
#include <exception>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace insula {

/// The result of a coroutine that starts at once, on the thread that calls it.
///
///     insula::task<int> total(insula::com_ptr<IStore> store) {
///       int n = co_await insula::async(store, &IStore::count);
///       co_await insula::resume_in(ui);
///       co_return n;
///     }
///
/// A coroutine goes on after `co_await` of a task or future in the apartment in which it awaited.
/// The coroutine runs to its end whether or not the task is kept; an exception that nobody takes
/// out goes to the log (`warn`). Move-only.
template <class T = void>
class [[nodiscard]] task {
 public:
  class promise_type;

  task(task&&) noexcept = default;
  task& operator=(task&&) noexcept = default;

  [[nodiscard]] bool ready() const noexcept { return state_->done.is_settled(); }

  /// Waits as a call waits, then gives the result once, or throws what the coroutine threw.
  /// Fails (com_error): RPC_E_TIMEOUT at the deadline in force (deadline_scope); the coroutine goes
  /// on, and get may be called again. RPC_E_CALL_CANCELED when the apartment of the waiting code
  /// closes and its grace is over.
  T get() {
    if (!state_->done.wait()) detail::throw_task_not_awaited();
    return state_->take();
  }

  auto operator co_await() && noexcept { return awaiter{state_}; }
  auto operator co_await() & noexcept { return awaiter{state_}; }

 private:
  struct nothing {};
  struct state {
    settled done;
    std::optional<std::conditional_t<std::is_void_v<T>, nothing, T>> value;
    detail::unseen_exception thrown;

    T take() {
      thrown.rethrow();
      if constexpr (!std::is_void_v<T>) return std::move(*value);
    }
  };

  struct awaiter {
    std::shared_ptr<state> awaited;
    bool refused = false;

    [[nodiscard]] bool await_ready() const noexcept { return awaited->done.is_settled(); }
    bool await_suspend(std::coroutine_handle<> waiter) {
      return awaited->done.resume_later(waiter, &refused);
    }
    T await_resume() {
      if (refused)
        throw com_error(RPC_E_DISCONNECTED,
                        "a coroutine awaited a task in an apartment that has closed meanwhile");
      return awaited->take();
    }
  };

  explicit task(std::shared_ptr<state> shared) noexcept : state_(std::move(shared)) {}
  std::shared_ptr<state> state_;

 public:
  class promise_base {
   public:
    task get_return_object() { return task(state_); }
    std::suspend_never initial_suspend() noexcept { return {}; }
    void unhandled_exception() noexcept { state_->thrown.keep(caught_exception()); }

    // The frame goes first, so that nothing of the coroutine is alive when its result is seen.
    struct last_step {
      std::shared_ptr<state> finished;
      [[nodiscard]] bool await_ready() const noexcept { return false; }
      void await_suspend(std::coroutine_handle<> self) noexcept {
        const std::shared_ptr<state> kept = std::move(finished);
        self.destroy();
        kept->done.settle();
      }
      void await_resume() const noexcept {}
    };
    last_step final_suspend() noexcept { return {state_}; }

   protected:
    std::shared_ptr<state> state_ = std::make_shared<state>();
  };
};

template <class T>
class task<T>::promise_type : public task<T>::promise_base {
 public:
  template <class V>
  void return_value(V&& value) {
    this->state_->value.emplace(std::forward<V>(value));
  }
};

template <>
class task<void>::promise_type : public task<void>::promise_base {
 public:
  void return_void() noexcept {}
};

}  // namespace insula
