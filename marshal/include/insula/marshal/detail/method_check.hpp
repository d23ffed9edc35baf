// SPDX-License-Identifier: MIT
#pragma once

#include <insula/core/types.hpp>
#include <insula/marshal/detail/parameter_check.hpp>

#include <type_traits>
#include <utility>

namespace insula::detail {

template <class Result>
inline constexpr bool result_has_owner = !std::is_reference_v<Result> && !std::is_pointer_v<Result>;

template <class Result>
consteval bool result_travels() {
  if constexpr (std::is_void_v<Result> || !result_has_owner<Result>) return true;
  else return marshalable<Result> && !ndr_in_only<Result>;
}

template <class Result>
consteval auto pointer_in_result() {
  if constexpr (std::is_void_v<Result> || !result_has_owner<Result>)
    return std::type_identity<void>{};
  else if constexpr (!marshalable<Result>) return std::type_identity<void>{};
  else return std::type_identity<pointer_inside_t<Result>>{};
}

/// Void, or the raw pointer that nobody described in it.
template <class Result>
using pointer_in_result_t = typename decltype(pointer_in_result<Result>())::type;

template <class Result>
consteval bool result_can_be_made() {
  if constexpr (std::is_void_v<Result> || !result_has_owner<Result>) return true;
  else return std::is_default_constructible_v<Result>;
}

template <class Method>
using result_of = std::remove_cv_t<typename signature_of<Method>::result>;

template <class Method>
inline constexpr bool list_fits =
    Method::attributes.count <= signature_of<Method>::parameters::size;

template <class Method>
inline constexpr bool failure_has_a_way =
    !signature_of<Method>::is_noexcept || std::is_same_v<result_of<Method>, HRESULT>;

template <class Method, int... Index>
consteval bool parameters_travel(std::integer_sequence<int, Index...>) {
  return ((defect_of<Method, Index>() == defect::none) && ...);
}

/// Whether the method can be marshaled.
template <class Method>
consteval bool method_travels() {
  using pointer = std::remove_const_t<decltype(Method::pointer)>;
  if constexpr (!std::is_member_function_pointer_v<pointer>) {
    return false;
  } else if constexpr (!signature_of<Method>::known) {
    return false;
  } else if constexpr (!list_fits<Method>) {
    return false;
  } else {
    using result = result_of<Method>;
    constexpr int parameters = signature_of<Method>::parameters::size;
    return std::is_same_v<typename member_function<pointer>::owner,
                          typename Method::interface_type> &&
           result_has_owner<result> && result_travels<result>() &&
           result_can_be_made<result>() && failure_has_a_way<Method> &&
           std::is_void_v<pointer_in_result_t<result>> &&
           parameters_travel<Method>(std::make_integer_sequence<int, parameters>{});
  }
}

template <class Interface, class Method>
struct checked_name {
  using pointer = std::remove_const_t<decltype(Method::pointer)>;
  static_assert(!std::is_same_v<pointer, no_such_method>,
                "Insula: the description names a method that the interface does not have, or has "
                "several of: overloaded methods need names of their own");
  static_assert(std::is_same_v<pointer, no_such_method> ||
                    std::is_member_function_pointer_v<pointer>,
                "Insula: the description names something that is no method of the interface");
};

template <class Interface, class Method>
struct checked_pointer {
  using pointer = std::remove_const_t<decltype(Method::pointer)>;
  static_assert(std::is_same_v<typename member_function<pointer>::owner, Interface>,
                "Insula: the description names a method of a base interface, which has its own "
                "description");
  static_assert(signature_of<Method>::known,
                "Insula: methods with a reference qualifier, volatile or a C ellipsis cannot be "
                "marshaled");
};

template <class Interface, class Method>
struct checked_list {
  static_assert(list_fits<Method>, "Insula: the description has more parameters than the method");
  static_assert(failure_has_a_way<Method>,
                "Insula: a noexcept method must return HRESULT, or a failed call could not be "
                "reported");
};

template <class Interface, class Method, class Result>
struct checked_result {
  static_assert(result_has_owner<Result>,
                "Insula: a method cannot return a reference or a raw pointer through a proxy, for "
                "nobody would own what it refers to: return a value, com_ptr or std::string");
  static_assert(
      result_travels<Result>(),
      "Insula: the method's result cannot be marshaled: it has no ndr_codec, or is a view");
  static_assert(result_can_be_made<Result>(),
                "Insula: the method's result needs a default constructor to be read into");
};

template <class Method, int... Index>
constexpr void check_parameters(std::integer_sequence<int, Index...>) {
  (check_parameter<Method, Index>(), ...);
}

template <class Interface, class Method, class Pointer>
struct checked_result_pointer {
  static_assert(std::is_void_v<Pointer>,
                "Insula: a raw pointer in the method's result travels as one element: use "
                "std::vector for several, INSULA_FIELDS with size_is for as many as a field says, "
                "or one<T>, ref_ptr<T> or full_ptr<T> for one");
};

/// Does not compile, with the reasons, unless the method can be marshaled.
template <class Method>
constexpr void check_method() {
  if constexpr (!method_travels<Method>()) {
    using interface = typename Method::interface_type;
    (void)sizeof(checked_name<interface, Method>);
    if constexpr (std::is_member_function_pointer_v<decltype(Method::pointer)>)
      (void)sizeof(checked_pointer<interface, Method>);
    if constexpr (signature_of<Method>::known) {
      (void)sizeof(checked_list<interface, Method>);
      (void)sizeof(checked_result<interface, Method, result_of<Method>>);
      (void)sizeof(
          checked_result_pointer<interface, Method, pointer_in_result_t<result_of<Method>>>);
      if constexpr (list_fits<Method>)
        check_parameters<Method>(
            std::make_integer_sequence<int, signature_of<Method>::parameters::size>{});
    }
  }
}

}  // namespace insula::detail
