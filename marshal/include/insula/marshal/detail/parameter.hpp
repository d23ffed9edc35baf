// SPDX-License-Identifier: MIT
#pragma once

#include <insula/marshal/detail/parameter_array.hpp>
#include <insula/marshal/detail/parameter_interface.hpp>
#include <insula/marshal/detail/parameter_pointer.hpp>
#include <insula/marshal/detail/parameter_shape.hpp>
#include <insula/marshal/detail/parameter_string.hpp>
#include <insula/marshal/detail/parameter_value.hpp>

#include <type_traits>

namespace insula::detail {

template <class Method, int Index>
using integer_of = integer_argument<Index, parameter_type<Method, Index>>;

template <class Method, parameter_shape Shape>
consteval auto choose_length() {
  if constexpr (Shape.string) return std::type_identity<text_length>{};
  else if constexpr (Shape.length < 0) return std::type_identity<whole_length>{};
  else
    return std::type_identity<
        said_length<integer_of<Method, Shape.length>, way_of<Method, Shape.length>()>>{};
}

template <class J, class Method, parameter_shape Shape>
consteval auto choose_iid() {
  if constexpr (Shape.iid >= 0)
    return std::type_identity<iid_argument<Shape.iid, parameter_type<Method, Shape.iid>>>{};
  else return std::type_identity<static_iid<J>>{};
}

template <class P, class Method, parameter_shape Shape>
consteval auto choose_array() {
  using T = array_element<pointee_of<P>>;
  using count = integer_of<Method, Shape.size>;
  if constexpr (Shape.callee_counts)
    return std::type_identity<callee_array_parameter<std::remove_pointer_t<T>, count>>{};
  else
    return std::type_identity<
        array_parameter<T, Shape.way, Shape.kind, count,
                        typename decltype(choose_length<Method, Shape>())::type>>{};
}

/// The one of parameter_*.hpp that carries a parameter of type P.
template <class P, class Method, parameter_shape Shape>
consteval auto choose_parameter() {
  using T = std::remove_cvref_t<P>;
  if constexpr (std::is_lvalue_reference_v<P> && Shape.way != direction::in) {
    return std::type_identity<
        pointer_parameter<T, ndr_codec<T>, Shape.way, pointer_kind::ref, true>>{};
  } else if constexpr (!std::is_pointer_v<P>) {
    return std::type_identity<value_parameter<T, ndr_codec<T>>>{};
  } else {
    using target = pointee_of<P>;
    if constexpr (is_interface_pointer<P>())
      return std::type_identity<interface_parameter<
          target, typename decltype(choose_iid<target, Method, Shape>())::type>>{};
    else if constexpr (Shape.size >= 0) return choose_array<P, Method, Shape>();
    else if constexpr (Shape.bstr && !std::is_pointer_v<target>)
      return std::type_identity<value_parameter<BSTR, bstr_codec>>{};
    else if constexpr (Shape.bstr)
      return std::type_identity<
          pointer_parameter<BSTR, bstr_codec, Shape.way, Shape.kind, false>>{};
    else if constexpr (Shape.string && ndr_character<target>)
      return std::type_identity<string_parameter<target, Shape.kind>>{};
    else if constexpr (is_pointer_to_interface_pointer<P>() && Shape.way != direction::in) {
      using J = std::remove_pointer_t<target>;
      return std::type_identity<
          interface_pointer_parameter<J, Shape.way, Shape.kind,
                                      typename decltype(choose_iid<J, Method, Shape>())::type>>{};
    } else {
      return std::type_identity<
          pointer_parameter<target, ndr_codec<target>, Shape.way, Shape.kind, false>>{};
    }
  }
}

template <class Method, int Index>
using parameter = typename decltype(choose_parameter<parameter_type<Method, Index>, Method,
                                                     shape_of<Method, Index>()>())::type;

}  // namespace insula::detail
