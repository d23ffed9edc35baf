// SPDX-License-Identifier: MIT
#pragma once

#include <insula/core/exception.hpp>
#include <insula/marshal/detail/parameter.hpp>
#include <insula/marshal/interface_info.hpp>
#include <insula/marshal/interface_proxy_base.hpp>

#include <cstdint>
#include <memory>
#include <type_traits>
#include <utility>

namespace insula::detail {

/// One method as the proxy's side needs it. `arguments` are addresses (parameter_base.hpp);
/// `*parameter` follows the parameter that is worked on, for the error's text.
struct client_method {
  const interface_info* interface;  // the one that declares the method
  const method_info* method;
  std::size_t request_size;  // or size_varies
  /// One bit for each [in] parameter, counted from the lowest, that says how many elements or which
  /// interface another parameter has: it is asked again when the reply is read.
  std::uint64_t asked_again;
  /// The first reference pointer that is null, or -1.
  int (*null_reference)(void* const* arguments) noexcept;
  void (*write_request)(ndr_writer&, void* const* arguments, int* parameter);
  /// Reads, then commits the reader and hands over. `result` may be null: then it is left out.
  void (*read_reply)(ndr_reader&, void* const* arguments, void* result, int* parameter);
  void (*clear)(void* const* arguments) noexcept;
};

/// One whole call. `result` takes what the method returns. On failure, every [out] argument is
/// zeroed, and error info says what happened.
HRESULT call_client_method(interface_proxy_base& proxy, const client_method& method,
                           void* const* arguments, void* result) noexcept;

// The halves of a call, for calls that nobody waits for. `*channel` is counted.
HRESULT write_client_request(interface_proxy_base& proxy, const client_method& method,
                             void* const* arguments, RPCOLEMESSAGE* message,
                             com_ptr<IRpcChannelBuffer>* channel) noexcept;
HRESULT read_client_reply(IRpcChannelBuffer* channel, const client_method& method,
                          void* const* arguments, RPCOLEMESSAGE* message, void* result) noexcept;
/// Gives back the message's buffer and the references in it.
void drop_message(IRpcChannelBuffer* channel, RPCOLEMESSAGE* message) noexcept;

template <class Parameter, int>
struct arrival_at {
  typename Parameter::arrival held{};
};

template <class Method, class Index>
struct client_functions;

template <class Method, int... Index>
struct client_functions<Method, std::integer_sequence<int, Index...>> {
  using result_type = std::remove_cv_t<typename signature_of<Method>::result>;

  template <int I>
  using at = parameter<Method, I>;

  static constexpr std::size_t request_size = sum_of(at<Index>::request...);

  static constexpr std::uint64_t asked_again = [] {
    std::uint64_t all = 0;
    [[maybe_unused]] constexpr direction ways[] = {way_of<Method, Index>()..., direction::unsaid};
    [[maybe_unused]] const auto add = [&](const parameter_shape& shape) {
      for (const int named : {shape.size, shape.length, shape.iid})
        if (named >= 0 && named < 64 && ways[named] == direction::in) all |= 1ull << named;
    };
    (add(shape_of<Method, Index>()), ...);
    return all;
  }();

  static int null_reference([[maybe_unused]] void* const* all) noexcept {
    int found = -1;
    (void)(... || (at<Index>::null_reference(all[Index], all) && (found = Index, true)));
    return found;
  }

  static void write_request([[maybe_unused]] ndr_writer& writer, [[maybe_unused]] void* const* all,
                            int* parameter) {
    ((*parameter = Index, at<Index>::write_request(writer, all[Index], all)), ...);
    *parameter = -1;
  }

  struct arrivals : arrival_at<at<Index>, Index>... {};

  static void read_reply(ndr_reader& reader, [[maybe_unused]] void* const* all, void* result,
                         int* parameter) {
    [[maybe_unused]] arrivals held;
    ((*parameter = Index,
      at<Index>::read_reply(reader, all[Index], all,
                            static_cast<arrival_at<at<Index>, Index>&>(held).held)),
     ...);
    [[maybe_unused]] void* const settled[] = {
        at<Index>::settled(all[Index], static_cast<arrival_at<at<Index>, Index>&>(held).held)...,
        nullptr};
    ((*parameter = Index,
      at<Index>::check_reply(settled, static_cast<arrival_at<at<Index>, Index>&>(held).held)),
     ...);
    *parameter = -1;
    if constexpr (!std::is_void_v<result_type>)
      if (result != nullptr)
        read_whole<ndr_codec<result_type>>(reader, *static_cast<result_type*>(result));
    reader.commit();
    (at<Index>::adopt(all[Index], static_cast<arrival_at<at<Index>, Index>&>(held).held), ...);
  }

  static void clear([[maybe_unused]] void* const* all) noexcept {
    (at<Index>::clear(all[Index], all), ...);
  }
};

template <class Method>
using client_functions_of =
    client_functions<Method,
                     std::make_integer_sequence<int, signature_of<Method>::parameters::size>>;

/// Where an argument lies, as an object of its type without qualifiers.
template <class T>
void* address_of(T& argument) noexcept {
  return const_cast<void*>(static_cast<const volatile void*>(std::addressof(argument)));
}

/// The body of a proxy's method.
template <class R>
R call_through(interface_proxy_base& proxy, const client_method& method, void* const* arguments) {
  using result_type = std::remove_cv_t<R>;
  if constexpr (std::is_same_v<result_type, HRESULT>) {
    HRESULT result = S_OK;
    const HRESULT sent = call_client_method(proxy, method, arguments, &result);
    return FAILED(sent) ? sent : result;
  } else if constexpr (std::is_void_v<result_type>) {
    throw_if_failed(call_client_method(proxy, method, arguments, nullptr));
  } else {
    result_type result{};
    throw_if_failed(call_client_method(proxy, method, arguments, &result));
    return result;
  }
}

}  // namespace insula::detail
