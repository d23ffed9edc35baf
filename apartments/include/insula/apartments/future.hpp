// SPDX-License-Identifier: MIT
#pragma once

#include <insula/apartments/async_call.hpp>
#include <insula/apartments/from_now.hpp>
#include <insula/apartments/unseen_exception.hpp>
#include <insula/marshal/call_request.hpp>

#include <chrono>
#include <coroutine>
#include <exception>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace insula {

namespace detail {

template <class P>
inline constexpr bool returns_through =
    std::is_lvalue_reference_v<P> && !std::is_const_v<std::remove_reference_t<P>>;

/// Where the result of one asynchronous call comes from.
template <class R>
class future_source : public async_call {
 public:
  /// Once, after it has settled.
  virtual R take() = 0;
};

/// From another apartment.
template <class R, class... P>
class future_call final : public future_source<R> {
 public:
  call_request<R(P...)> request;
  R take() override { return finish_call(request, this->take_reply()); }
};

/// From a call that was made at once, in this apartment.
template <class R>
class future_value final : public future_source<R> {
 public:
  struct nothing {};
  std::optional<std::conditional_t<std::is_void_v<R>, nothing, R>> value;
  unseen_exception thrown;

  R take() override {
    thrown.rethrow();
    if constexpr (!std::is_void_v<R>) return std::move(*value);
  }
};

/// Where a method is in the table of its interface; 0 when there is no description to tell.
template <class C, class Pointer>
ULONG slot_of(Pointer method) noexcept {
  if constexpr (described<C>) {
    if (const client_method* const entry = find_client_method(method)) return entry->method->slot;
  }
  return 0;
}

/// `method` and its interface C are for the log.
template <class R, class C, class Pointer, class F>
std::shared_ptr<future_source<R>> call_now(Pointer method, F call) {
  auto made = std::make_shared<future_value<R>>();
  try {
    if constexpr (std::is_void_v<R>) {
      call();
    } else {
      made->value.emplace(call());
    }
  } catch (...) {
    const std::exception_ptr thrown = std::current_exception();
    if (thrown == nullptr) throw;  // the thread is being ended
    made->thrown.keep(thrown, iid_of<C>(), slot_of<C>(method));
  }
  made->done.settle();
  return made;
}

}  // namespace detail

/// The result of a call that is under way. Move-only. A future that is destroyed lets the call go
/// on and drops its result; what the call threw, and that it was not executed, goes to the log
/// (`warn`), unless it was cancelled.
///
/// Belongs to the apartment that made the call: `get` and co_await there; `wait`, `ready`, `cancel`
/// and `cancel_and_wait` from any thread.
template <class R>
class [[nodiscard]] future {
 public:
  future() noexcept = default;
  explicit future(std::shared_ptr<detail::future_source<R>> source) noexcept
      : source_(std::move(source)) {}
  future(future&&) noexcept = default;
  future& operator=(future&&) noexcept = default;

  /// False for an empty future, and after `get`.
  [[nodiscard]] bool valid() const noexcept { return source_ != nullptr; }
  /// False for an empty future.
  [[nodiscard]] bool ready() const noexcept { return valid() && source_->done.is_settled(); }

  /// Waits as a call waits, until there is a result or the time, or the deadline in force
  /// (deadline_scope), has come (false). Code in an apartment that closes, whose grace is over,
  /// does not wait: then there may be no result.
  /// Fails: E_POINTER (com_error) for an empty future.
  bool wait_until(std::chrono::steady_clock::time_point until) const {
    return named()->done.wait(until);
  }
  bool wait_for(std::chrono::nanoseconds time) const {
    return wait_until(from_now(time));
  }
  bool wait() const { return named()->done.wait(); }

  /// Waits, then returns or throws what the plain call would have. Once.
  /// Fails: RPC_E_CALL_CANCELED after `cancel`, and when the apartment of the waiting code closes
  /// and its grace is over; RPC_E_TIMEOUT after the timeout, and at the deadline in force, which
  /// gives the call up as a plain call is given up; last_call_fate tells whether it was executed.
  /// E_POINTER (com_error) for an empty future.
  R get() {
    const auto source = named();
    source_.reset();
    if (!source->done.wait()) source->give_up_waiting();
    return source->take();
  }

  /// The result is not wanted any more: whoever waits gets RPC_E_CALL_CANCELED, at once. A call
  /// that has not begun is not executed; one that runs can ask current_call_is_cancelled.
  void cancel() const noexcept {
    if (valid()) source_->give_up(RPC_E_CALL_CANCELED);
  }

  /// Cancels, then waits as a call waits until the callee has stopped, so that what it uses may go.
  /// True at once for a call that had not begun, or had ended. False: the deadline in force came
  /// first, or the apartment of the waiting code closes and its grace is over; it may be running
  /// still. An answer to an STA arrives on its thread: who waits elsewhere needs that thread to
  /// serve.
  /// Fails: E_POINTER (com_error) for an empty future.
  bool cancel_and_wait() const { return named()->cancel_and_wait(); }

  /// Goes on in the apartment that awaited, with what `get` would give.
  auto operator co_await() && {
    awaiter waits{named()};
    source_.reset();
    return waits;
  }

 private:
  struct awaiter {
    std::shared_ptr<detail::future_source<R>> source;
    bool refused = false;

    [[nodiscard]] bool await_ready() const noexcept { return source->done.is_settled(); }
    bool await_suspend(std::coroutine_handle<> waiter) {
      return source->done.resume_later(waiter, &refused);
    }
    R await_resume() {
      if (refused)
        throw com_error(RPC_E_DISCONNECTED, "a coroutine awaited a call in an apartment that has "
                                            "closed meanwhile; the result is lost");
      return source->take();
    }
  };

  [[nodiscard]] const std::shared_ptr<detail::future_source<R>>& named() const {
    if (!source_)
      throw com_error(E_POINTER,
                      "an empty future was used: it has no call, or its result was taken already");
    return source_;
  }

  std::shared_ptr<detail::future_source<R>> source_;
};

}  // namespace insula
