// SPDX-License-Identifier: MIT
#pragma once

#include <insula/marshal/call_as.hpp>
#include <insula/marshal/detail/parameter.hpp>
#include <insula/marshal/interface_info.hpp>
#include <insula/marshal/pointee_sweep.hpp>
#include <insula/marshal/rpc.hpp>

#include <memory>
#include <new>
#include <type_traits>
#include <utility>

namespace insula::detail {

struct server_method;

/// One request on its way into an object.
struct server_call {
  const server_method* method;
  void* server;  // the interface that declares the method
  RPCOLEMESSAGE* message;
  IRpcChannelBuffer* channel;
  REFIID iid;  // that the channel is connected to
};

/// What runs a call step by step; `frame` holds the arguments.
struct server_steps {
  void (*read_request)(ndr_reader&, void* frame, int* parameter);
  HRESULT (*call)(void* server, void* frame);
  void (*write_reply)(ndr_writer&, void* frame, int* parameter);
  void (*free_results)(void* frame) noexcept;
};

/// One method as the stub's side needs it.
struct server_method {
  const interface_info* interface;  // the one that declares the method
  const method_info* method;
  std::size_t reply_size;  // or size_varies
  server_steps steps;
  /// Makes the frame and runs the steps.
  HRESULT (*serve)(const server_call&) noexcept;
};

HRESULT run_server_call(const server_call& call, void* frame) noexcept;

template <class Parameter, int>
struct place_at {
  typename Parameter::place held;
};

template <class Result>
struct server_result {
  Result value{};
};
template <>
struct server_result<void> {};

/// P is the parameter's type; what is passed by value is moved there.
template <class P>
P&& pass(void* argument) noexcept {
  return static_cast<P&&>(*static_cast<std::remove_reference_t<P>*>(argument));
}

template <class Method, class Index>
struct server_functions;

template <class Method, int... Index>
struct server_functions<Method, std::integer_sequence<int, Index...>> {
  using result_type = std::remove_cv_t<typename signature_of<Method>::result>;
  using interface = typename Method::interface_type;

  template <int I>
  using at = parameter<Method, I>;

  static constexpr wire_size result_size = [] {
    if constexpr (std::is_void_v<result_type>) return wire_size{};
    else return size_of_codec<ndr_codec<result_type>>;
  }();
  static constexpr std::size_t reply_size = sum_of(at<Index>::reply..., result_size);

  struct frame : place_at<at<Index>, Index>..., server_result<result_type> {
    void* arguments[sizeof...(Index) + 1];
    frame()
        : arguments{static_cast<place_at<at<Index>, Index>&>(*this).held.argument()..., nullptr} {}
    frame(const frame&) = delete;
    frame& operator=(const frame&) = delete;

    template <int I>
    typename at<I>::place& place() noexcept {
      return static_cast<place_at<at<I>, I>&>(*this).held;
    }
  };

  static void read_request([[maybe_unused]] ndr_reader& reader, void* opaque, int* parameter) {
    [[maybe_unused]] frame& here = *static_cast<frame*>(opaque);
    ((*parameter = Index,
      at<Index>::read_request(reader, here.template place<Index>(), here.arguments)),
     ...);
    ((*parameter = Index,
      at<Index>::prepare(reader, here.template place<Index>(), here.arguments)),
     ...);
    *parameter = -1;
  }

  static HRESULT call(void* server, void* opaque) {
    frame& here = *static_cast<frame*>(opaque);
    interface& object = *static_cast<interface*>(server);
    const auto enter = [&] {
      if constexpr (requires {
                      call_as<Method::pointer>::at_object(
                          object, pass<parameter_type<Method, Index>>(here.arguments[Index])...);
                    })
        return call_as<Method::pointer>::at_object(
            object, pass<parameter_type<Method, Index>>(here.arguments[Index])...);
      else
        return (object.*Method::pointer)(
            pass<parameter_type<Method, Index>>(here.arguments[Index])...);
    };
    if constexpr (std::is_void_v<result_type>) enter();
    else here.value = enter();
    return S_OK;
  }

  static void write_reply([[maybe_unused]] ndr_writer& writer, void* opaque, int* parameter) {
    [[maybe_unused]] frame& here = *static_cast<frame*>(opaque);
    ((*parameter = Index,
      at<Index>::write_reply(writer, here.template place<Index>(), here.arguments)),
     ...);
    *parameter = -1;
    if constexpr (!std::is_void_v<result_type>)
      write_whole<ndr_codec<result_type>>(writer, here.value);
  }

  /// Results may be linked with each other: what two of them point at is freed once.
  static constexpr bool result_frees_pointees = [] {
    if constexpr (std::is_void_v<result_type>) return false;
    else return ndr_codec<result_type>::has_deferred;
  }();
  static constexpr bool frees_together =
      (int{result_frees_pointees} + ... + int{at<Index>::frees_pointees}) > 1;
  struct apart {};

  static void free_results(void* opaque) noexcept {
    frame& here = *static_cast<frame*>(opaque);
    [[maybe_unused]] const std::conditional_t<frees_together, pointee_sweep, apart> together;
    (at<Index>::free_results(here.template place<Index>(), here.arguments), ...);
    if constexpr (!std::is_void_v<result_type>) ndr_codec<result_type>::free(here.value);
  }

  static HRESULT serve(const server_call& request) noexcept {
    frame here;
    return run_server_call(request, &here);
  }
};

template <class Method>
using server_functions_of =
    server_functions<Method,
                     std::make_integer_sequence<int, signature_of<Method>::parameters::size>>;

}  // namespace insula::detail
