// SPDX-License-Identifier: MIT
#pragma once

#include <insula/core/types.hpp>
#include <insula/marshal/detail/parameter_check.hpp>

#include <type_traits>
#include <utility>

namespace insula::detail {

template <class Interface, class Method>
struct checked_method {
  using pointer = std::remove_const_t<decltype(Method::pointer)>;
  static_assert(std::is_member_function_pointer_v<pointer>,
                "Insula: the description names something that is no method of the interface");
  static_assert(std::is_same_v<typename member_function<pointer>::owner, Interface>,
                "Insula: the description names a method of a base interface, which has its own "
                "description");
  static_assert(signature_of<Method>::known,
                "Insula: methods with a reference qualifier, volatile or a C ellipsis cannot be "
                "marshaled");
};

template <class Interface, class Method, class Result>
struct checked_result {
  static_assert(!std::is_reference_v<Result> && !std::is_pointer_v<Result>,
                "Insula: a method cannot return a reference or a raw pointer through a proxy, for "
                "nobody would own what it refers to: return a value, com_ptr or std::string");
  static constexpr bool plain = !std::is_reference_v<Result> && !std::is_pointer_v<Result>;
  static constexpr bool travels = [] {
    if constexpr (!plain || std::is_void_v<Result>) return true;
    else return marshalable<Result> && !ndr_in_only<Result>;
  }();
  static_assert(travels,
                "Insula: the method's result cannot be marshaled: it has no ndr_codec, or is a view");
  static constexpr bool made = [] {
    if constexpr (!plain || std::is_void_v<Result>) return true;
    else return std::is_default_constructible_v<Result>;
  }();
  static_assert(made, "Insula: the method's result needs a default constructor to be read into");
  static constexpr bool accepted = plain && travels && made;
};

template <class Interface, class Method>
struct checked_list {
  static constexpr int given = Method::attributes.count;
  static constexpr int taken = signature_of<Method>::parameters::size;
  static_assert(given <= taken,
                "Insula: the description has more parameters than the method");
  static_assert(
      !signature_of<Method>::is_noexcept ||
          std::is_same_v<typename signature_of<Method>::result, HRESULT>,
      "Insula: a noexcept method must return HRESULT, or a failed call could not be reported");
  static constexpr bool accepted = given <= taken;
};

template <class Method, int... Index>
consteval bool check_parameters(std::integer_sequence<int, Index...>) {
  bool all = true;
  ((all = check_parameter<Method, Index>() && all), ...);
  return all;
}

/// True when the method can be marshaled; else it does not compile, with the reason.
template <class Interface, class Method>
consteval bool check_method() {
  (void)sizeof(checked_method<Interface, Method>);
  if constexpr (!signature_of<Method>::known) {
    return false;
  } else if constexpr (!checked_list<Interface, Method>::accepted) {
    return false;
  } else {
    using signature = signature_of<Method>;
    constexpr bool parameters =
        check_parameters<Method>(std::make_integer_sequence<int, signature::parameters::size>{});
    constexpr bool result =
        checked_result<Interface, Method, std::remove_cv_t<typename signature::result>>::accepted;
    return parameters && result;
  }
}

}  // namespace insula::detail
