// SPDX-License-Identifier: MIT
#pragma once

#include <insula/apartments/async_call.hpp>
#include <insula/apartments/from_now.hpp>
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
  std::exception_ptr thrown;

  R take() override {
    if (thrown) std::rethrow_exception(thrown);
    if constexpr (!std::is_void_v<R>) return std::move(*value);
  }
};

template <class R, class F>
std::shared_ptr<future_source<R>> call_now(F call) {
  auto made = std::make_shared<future_value<R>>();
  try {
    if constexpr (std::is_void_v<R>) {
      call();
    } else {
      made->value.emplace(call());
    }
  } catch (...) {
    made->thrown = std::current_exception();
    if (made->thrown == nullptr) throw;  // the thread is being ended
  }
  made->done.settle();
  return made;
}

}  // namespace detail

/// The result of a call that is under way. Move-only. A future that is destroyed lets the call go
/// on and drops its result.
///
/// Belongs to the apartment that made the call: `get` and co_await there; `wait`, `ready` and
/// `cancel` from any thread.
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

  /// Waits as a call waits, until there is a result or the time has come (false). Code in an
  /// apartment that closes, whose grace is over, does not wait: then there may be no result.
  /// Fails: E_POINTER (com_error) for an empty future.
  bool wait_until(std::chrono::steady_clock::time_point until) const {
    return named()->done.wait(until);
  }
  bool wait_for(std::chrono::nanoseconds time) const {
    return wait_until(from_now(time));
  }
  void wait() const { named()->done.wait(); }

  /// Waits, then returns or throws what the plain call would have. Once.
  /// Fails: RPC_E_CALL_CANCELED after `cancel`, and when the apartment of the waiting code closes
  /// and its grace is over; RPC_E_TIMEOUT after the timeout; E_POINTER (com_error) for an empty
  /// future.
  R get() {
    const auto source = named();
    source_.reset();
    if (!source->done.wait()) source->give_up(RPC_E_CALL_CANCELED);
    return source->take();
  }

  /// The result is not wanted any more: whoever waits gets RPC_E_CALL_CANCELED, at once. A call
  /// that has not begun is not executed; one that runs can ask current_call_is_cancelled.
  void cancel() const noexcept {
    if (valid()) source_->give_up(RPC_E_CALL_CANCELED);
  }

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
