// SPDX-License-Identifier: MIT
//
// The same call without waiting.
//   async    gives a future: wait for it, co_await it, cancel it, give it a deadline
//   notify   nobody wants the result
#pragma once

#include <insula/apartments/async_call.hpp>
#include <insula/apartments/future.hpp>
#include <insula/marshal/call_request.hpp>

#include <exception>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace insula {

namespace detail {

template <class R>
R fail_null(const char* caller, REFIID iid) {
  const HRESULT code = refuse_null(caller, iid);
  if constexpr (std::is_same_v<R, HRESULT>) return code;
  else throw_last_error(code);
}

}  // namespace detail

/// How long an asynchronous call may take.
struct async_options {
  /// After it, the future fails with RPC_E_TIMEOUT; the call is not executed if it has not begun.
  std::optional<std::chrono::nanoseconds> timeout{};
};

/// Calls `method` of `object` without waiting for it.
///
///     insula::future<std::uint32_t> n = insula::async(store, &IStore::count);
///     HRESULT code = insula::async(calc, &ICalc::Add, 1, 2, &sum).get();
///
/// Arguments as in the plain call; they are marshaled before this returns. [out] pointers and
/// references must stay good until the result has been taken or the future is gone: they are
/// written in `get` (or when co_await gives the result), in this apartment, never behind your back.
/// Order: with the other calls made from this apartment to the object, synchronous or not.
/// When the object lives in this apartment, the call is made at once, here, and the future is
/// ready. From: the apartment that `object` may be used in. Waits: never. Fails: through the
/// future; E_POINTER when `object` is null.
template <class I, class R, class C, class... P, class... A>
  requires std::is_base_of_v<C, I>
[[nodiscard]] future<R> async(const async_options& options, I* object, R (C::*method)(P...),
                              A&&... arguments) {
  using call = detail::future_call<R, P...>;
  com_ptr<IUnknown> keeps;
  interface_proxy_base* const proxy = find_interface_proxy(object, iid_of<C>(), &keeps);
  if (proxy == nullptr) {
    return future<R>(detail::call_now<R, C>(method, [&]() -> R {
      if (object == nullptr) return detail::fail_null<R>("async", iid_of<C>());
      return (object->*method)(std::forward<A>(arguments)...);
    }));
  }
  auto state = std::make_shared<call>();
  const HRESULT begun = begin_call(*proxy, method, state->request, std::forward<A>(arguments)...);
  state->start(begun, std::move(keeps), state->request, state, options.timeout);
  return future<R>(std::move(state));
}

template <class I, class R, class C, class... P, class... A>
[[nodiscard]] future<R> async(I* object, R (C::*method)(P...), A&&... arguments) {
  return async(async_options{}, object, method, std::forward<A>(arguments)...);
}

template <class I, class R, class C, class... P, class... A>
[[nodiscard]] future<R> async(const com_ptr<I>& object, R (C::*method)(P...), A&&... arguments) {
  return async(async_options{}, object.get(), method, std::forward<A>(arguments)...);
}

template <class I, class R, class C, class... P, class... A>
[[nodiscard]] future<R> async(const async_options& options, const com_ptr<I>& object,
                              R (C::*method)(P...), A&&... arguments) {
  return async(options, object.get(), method, std::forward<A>(arguments)...);
}

/// Calls `method` of `object` and forgets it: no result and no [out] values. What it throws, and
/// the error info that a failing HRESULT comes with, go to the log (`warn`), and so does a call
/// that was not executed. Everything else as `async`, which it is in order with. Returns S_OK when
/// the request was sent. Fails: what sending it failed with; E_POINTER when `object` is null.
template <class I, class R, class C, class... P, class... A>
HRESULT notify(I* object, R (C::*method)(P...), A&&... arguments) {
  static_assert((!detail::returns_through<P> && ...),
                "notify: this method has a reference parameter to write to, and nobody to take it");
  if (object == nullptr) return detail::refuse_null("notify", iid_of<C>());
  com_ptr<IUnknown> keeps;
  interface_proxy_base* const proxy = find_interface_proxy(object, iid_of<C>(), &keeps);
  if (proxy == nullptr) {
    const HRESULT usable = is_proxy(object);
    if (FAILED(usable)) return usable;
    try {
      (void)(object->*method)(std::forward<A>(arguments)...);
    } catch (...) {
      if (std::current_exception() == nullptr) throw;  // the thread is being ended
      detail::log_unseen_exception(iid_of<C>());
    }
    return S_OK;
  }
  call_request<R(P...)> request;
  const HRESULT begun = begin_call(*proxy, method, request, std::forward<A>(arguments)...);
  return FAILED(begun) ? begun : detail::send_one_way(std::move(keeps), request);
}

template <class I, class R, class C, class... P, class... A>
HRESULT notify(const com_ptr<I>& object, R (C::*method)(P...), A&&... arguments) {
  return notify(object.get(), method, std::forward<A>(arguments)...);
}

}  // namespace insula
