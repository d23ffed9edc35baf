// SPDX-License-Identifier: MIT
//
// A call in two halves, for whoever does not wait in between:
//
//     call_request<HRESULT(std::int32_t, std::int32_t*)> request;
//     if (interface_proxy_base* proxy = find_interface_proxy(adder, iid_of<IAdder>())) {
//       HRESULT code = begin_call(*proxy, &IAdder::Add, request, 2, &sum);   // written, not sent
//       if (SUCCEEDED(code)) code = send_somehow(request.channel(), request.hand_over());
//       HRESULT result = finish_call(request, code);                         // reply read
//     }
//
// The message that hand_over gives belongs to the sender, as after IRpcChannelBuffer::SendReceive:
// it ends either with a reply in the same RPCOLEMESSAGE or without a buffer. Both halves run in the
// proxy's apartment.
#pragma once

#include <insula/core/exception.hpp>
#include <insula/marshal/detail/interface_tables.hpp>
#include <insula/marshal/interface_proxy_base.hpp>
#include <insula/marshal/rpc.hpp>

#include <cstdint>
#include <tuple>
#include <type_traits>
#include <utility>

namespace insula {

/// The half-done call, whatever its signature. Stays where it is; from one thread at a time.
/// Destroyed with a written or a replied message in it, it gives that back.
class pending_request {
 public:
  pending_request() = default;
  pending_request(const pending_request&) = delete;
  pending_request& operator=(const pending_request&) = delete;

  /// To the object's interface; from begin_call to finish_call. Borrowed.
  [[nodiscard]] IRpcChannelBuffer* channel() const noexcept { return channel_.get(); }
  /// Names for errors and logs; null before begin_call.
  [[nodiscard]] const interface_info* interface() const noexcept {
    return method_ == nullptr ? nullptr : method_->interface;
  }
  [[nodiscard]] const method_info* method() const noexcept {
    return method_ == nullptr ? nullptr : method_->method;
  }

  /// The request, now the sender's. The sender puts the reply into the same message.
  [[nodiscard]] RPCOLEMESSAGE* hand_over() noexcept {
    state_ = state::sent;
    return &message_;
  }
  /// The message holds the reply (finish_call says so too).
  void replied() noexcept { state_ = state::replied; }

 protected:
  ~pending_request();

  HRESULT begin(interface_proxy_base& proxy, const detail::client_method& method,
                void* const* arguments) noexcept;
  HRESULT finish(HRESULT sent, void* const* arguments, void* result) noexcept;

 private:
  enum class state : unsigned char { empty, written, sent, replied };

  RPCOLEMESSAGE message_;
  com_ptr<IRpcChannelBuffer> channel_;
  const detail::client_method* method_ = nullptr;
  state state_ = state::empty;
};

namespace detail {

/// What is kept of an argument until the reply: where results go, and values that say how many or
/// which, also those behind [in] pointers. The rest was needed for the request alone.
template <class P>
struct kept_argument {
  static constexpr bool by_reference =
      std::is_lvalue_reference_v<P> && !std::is_const_v<std::remove_reference_t<P>>;
  using value = std::remove_cvref_t<P>;
  static constexpr bool by_value = !by_reference && std::is_trivially_copyable_v<value> &&
                                   std::is_default_constructible_v<value> &&
                                   std::is_copy_assignable_v<value>;
  struct nothing {};
  std::conditional_t<by_reference, value*, std::conditional_t<by_value, value, nothing>> kept{};

  using pointee = std::remove_cv_t<std::remove_pointer_t<value>>;
  static constexpr bool by_pointer =
      std::is_pointer_v<value> && (std::is_integral_v<pointee> || std::is_same_v<pointee, GUID>);
  std::conditional_t<by_pointer, pointee, nothing> behind{};

  /// `asked_again`: client_method.hpp.
  void keep(std::remove_reference_t<P>& argument, [[maybe_unused]] bool asked_again) noexcept {
    if constexpr (by_reference) kept = std::addressof(argument);
    else if constexpr (by_value) kept = argument;
    if constexpr (by_pointer && by_value)
      if (asked_again && argument != nullptr) kept = &(behind = *argument);
  }
  void* address() noexcept {
    if constexpr (by_reference) return kept;
    else return &kept;
  }
};

/// The entry of the method that `pointer` points at in the description of its interface.
template <class Pointer>
const client_method* find_client_method(Pointer pointer) noexcept {
  using interface = typename member_function<Pointer>::owner;
  static_assert(described<interface>,
                "Insula: this interface has no description: put INSULA_INTERFACE after it");
  using tables = typename description_of<interface>::tables;
  const client_method* found = nullptr;
  tables::for_each([&]<class Method>(std::size_t index) {
    if constexpr (std::is_same_v<std::remove_const_t<decltype(Method::pointer)>, Pointer>)
      if (Method::pointer == pointer) found = &tables::client[index];
  });
  return found;
}

}  // namespace detail

/// A call with signature `Function` (plain: R(P...)) between its two halves. [out] pointers and
/// references must stay good until finish_call.
template <class Function>
class call_request;

template <class R, class... P>
class call_request<R(P...)> : public pending_request {
 public:
  call_request() = default;

  /// As begin_call, with the method found already.
  HRESULT begin(interface_proxy_base& proxy, const detail::client_method& method, P... arguments) {
    void* all[] = {detail::address_of(arguments)..., nullptr};
    std::apply(
        [&](auto&... kept) {
          [[maybe_unused]] std::uint64_t asked_again = method.asked_again;
          ((kept.keep(arguments, (asked_again & 1) != 0), asked_again >>= 1), ...);
        },
        kept_);
    return pending_request::begin(proxy, method, all);
  }

  /// As finish_call.
  R finish(HRESULT sent) {
    using result_type = std::remove_cv_t<R>;
    if constexpr (std::is_same_v<result_type, HRESULT>) {
      HRESULT result = S_OK;
      const HRESULT code = finish_with(sent, &result);
      return FAILED(code) ? code : result;
    } else if constexpr (std::is_void_v<result_type>) {
      throw_if_failed(finish_with(sent, nullptr));
    } else {
      result_type result{};
      throw_if_failed(finish_with(sent, &result));
      return result;
    }
  }

 private:
  HRESULT finish_with(HRESULT sent, void* result) noexcept {
    return std::apply(
        [&](auto&... kept) {
          void* all[] = {kept.address()..., nullptr};
          return pending_request::finish(sent, all, result);
        },
        kept_);
  }

  std::tuple<detail::kept_argument<P>...> kept_;
};

/// The call_request that fits a method pointer: `call_request_for<decltype(&IAdder::Add)>`.
template <class Pointer>
using call_request_for = call_request<typename detail::function_signature<
    typename detail::member_function<Pointer>::function>::plain>;

/// Writes the request for `method` with these arguments into a buffer of the proxy's channel.
/// `proxy` serves the interface of `method` (find_interface_proxy with the id of the interface that
/// `method` belongs to). Waits: never. Fails, with [out] arguments zeroed and error info: as the
/// same call would before it is sent; E_INVALIDARG when the description does not have `method`.
/// After a failure there is nothing to finish.
template <class Pointer, class... A>
HRESULT begin_call(interface_proxy_base& proxy, Pointer method, call_request_for<Pointer>& request,
                   A&&... arguments) {
  const detail::client_method* entry = detail::find_client_method(method);
  if (entry == nullptr) return E_INVALIDARG;
  return request.begin(proxy, *entry, std::forward<A>(arguments)...);
}

/// Reads the reply when `sent` says that there is one, and does what the method's return does: an
/// HRESULT, or a value or an exception. With a failure in `sent`, [out] arguments are zeroed and
/// the failure is the result, explained by the calling logical thread's error info.
template <class R, class... P>
R finish_call(call_request<R(P...)>& request, HRESULT sent) {
  return request.finish(sent);
}

}  // namespace insula
