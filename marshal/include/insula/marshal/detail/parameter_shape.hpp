// SPDX-License-Identifier: MIT
//
// What the C++ type of a parameter and its attributes say together.
#pragma once

#include <insula/core/bstr.hpp>
#include <insula/marshal/codecs.hpp>
#include <insula/marshal/detail/member_function.hpp>
#include <insula/marshal/parameter_attributes.hpp>

#include <cstddef>
#include <type_traits>

namespace insula::detail {

/// The attributes of one parameter, names resolved to indexes (-1: not said, -2: no such one).
struct parameter_shape {
  direction way = direction::in;
  pointer_kind kind = pointer_kind::ref;
  bool string = false;
  bool bstr = false;
  bool one = false;
  bool described = false;  // its direction, at least
  int size = -1;
  int length = -1;
  int iid = -1;
  bool callee_counts = false;  // size_is names an [out] parameter
};

template <class T>
inline constexpr bool is_interface = false;
template <ndr_interface T>
  requires(!std::is_const_v<T>)
inline constexpr bool is_interface<T> = true;

/// A raw pointer to objects that are neither text nor interfaces: to how many, it does not say.
template <class T>
inline constexpr bool is_plain_pointer = false;
template <class T>
  requires(std::is_object_v<T> && !ndr_character<std::remove_cv_t<T>> && !ndr_interface<T>)
inline constexpr bool is_plain_pointer<T*> = true;

template <class P>
using pointee_of = std::remove_cv_t<std::remove_pointer_t<P>>;

/// What an array consists of: void* with a size is to so many bytes.
template <class T>
using array_element = std::conditional_t<std::is_void_v<T>, std::byte, T>;

/// True for `J*` with J an interface.
template <class P>
consteval bool is_interface_pointer() {
  if constexpr (std::is_pointer_v<P>) return is_interface<std::remove_pointer_t<P>>;
  else return false;
}

/// True for `J**` and `void**`.
template <class P>
consteval bool is_pointer_to_interface_pointer() {
  if constexpr (!std::is_pointer_v<P>) {
    return false;
  } else {
    using inner = std::remove_pointer_t<P>;
    return std::is_same_v<inner, void*> || is_interface_pointer<inner>();
  }
}

/// The direction that the type alone says.
template <class P>
consteval direction natural_direction() {
  if constexpr (std::is_lvalue_reference_v<P>)
    return std::is_const_v<std::remove_reference_t<P>> ? direction::in : direction::in_out;
  else if constexpr (!std::is_pointer_v<P>) return direction::in;
  else if constexpr (is_interface_pointer<P>()) return direction::in;
  else if constexpr (std::is_const_v<std::remove_pointer_t<P>>)
    return ndr_character<pointee_of<P>> ? direction::in : direction::unsaid;
  else if constexpr (is_pointer_to_interface_pointer<P>()) return direction::out;
  else return direction::unsaid;
}

/// `Method` is what INSULA_INTERFACE makes of one method.
template <class Method>
using signature_of =
    function_signature<typename member_function<std::remove_const_t<decltype(
        Method::pointer)>>::function>;

template <class Method, int Index>
using parameter_type = typename signature_of<Method>::template parameter<Index>;

template <class Method, int Index>
consteval direction way_of() {
  if constexpr (Index < Method::attributes.count) {
    constexpr direction said = Method::attributes.items[Index].way;
    if constexpr (said != direction::unsaid) return said;
  }
  return natural_direction<parameter_type<Method, Index>>();
}

template <class Method, int Index>
consteval parameter_shape shape_of() {
  parameter_shape shape;
  shape.way = way_of<Method, Index>();
  if constexpr (Index < Method::attributes.count) {
    constexpr const parameter_attributes& said = Method::attributes.items[Index];
    constexpr int all = signature_of<Method>::parameters::size;
    const auto resolve = [](parameter_reference to) {
      if (!to.said()) return -1;
      const int found = Method::attributes.find(to, all);
      return found < 0 ? -2 : found;
    };
    shape.kind = said.kind;
    shape.string = said.string;
    shape.bstr = said.bstr;
    shape.one = said.one;
    shape.described = said.way != direction::unsaid;
    shape.size = resolve(said.size_is);
    shape.length = resolve(said.length_is);
    shape.iid = resolve(said.iid_is);
    constexpr int size = said.size_is.said() ? Method::attributes.find(said.size_is, all) : -1;
    if constexpr (size >= 0) shape.callee_counts = way_of<Method, size>() == direction::out;
  }
  using P = parameter_type<Method, Index>;
  if constexpr (std::is_pointer_v<P>)
    if constexpr (ndr_character<pointee_of<P>> && std::is_const_v<std::remove_pointer_t<P>>)
      if (shape.size == -1 && !shape.bstr) shape.string = true;
  return shape;
}

}  // namespace insula::detail
