// SPDX-License-Identifier: MIT
//
// Refuses, at compile time, what cannot be marshaled, and names it: the compiler prints
// refused<defect, Interface, Method, number of the parameter, its name, its C++ type, and, for a
// type without a codec, the innermost such type>.
#pragma once

#include <insula/marshal/detail/parameter_shape.hpp>
#include <insula/marshal/ndr_codec.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>

namespace insula::detail {

enum class defect : std::uint8_t {
  none,
  direction_unsaid,
  one_element_unsaid,
  pointer_inside,
  direction_impossible,
  not_marshalable,
  pointee_with_destructor,
  incomplete,
  interface_without_iid,
  view_as_result,
  reference_names_nothing,
  count_not_integer,
  iid_not_guid_before,
  array_of_what,
  text_buffer_without_size,
  bstr_of_what,
  full_only_in,
  no_default,
  callee_array_elements,
};

/// Text as a template argument, for the compiler to print. GCC prints an array of characters as
/// text; clang prints it as numbers, but a list of characters as characters.
#ifdef __clang__
template <char... Characters>
struct printed_name {};
template <class Method, int Index, std::size_t... Position>
consteval auto print_name(std::index_sequence<Position...>) {
  return printed_name<Method::attributes.items[Index].name[Position]...>{};
}
#else
template <std::size_t Size>
struct printed_text {
  char characters[Size + 1] = {};
};
template <printed_text Name>
struct printed_name {};
template <class Method, int Index, std::size_t... Position>
consteval auto print_name(std::index_sequence<Position...>) {
  return printed_name<printed_text<sizeof...(Position)>{
      {Method::attributes.items[Index].name[Position]..., '\0'}}>{};
}
#endif

template <class Method, int Index>
consteval std::size_t name_length() {
  if constexpr (Index >= Method::attributes.count) return 0;
  else return std::string_view(Method::attributes.items[Index].name).size();
}

template <defect What, class Interface, class Method, int Number, class Name, class Type,
          class Culprit>
struct refused {
#define INSULA_REFUSE(what, text) static_assert(What != defect::what, "Insula: " text)
  INSULA_REFUSE(direction_unsaid,
                "a pointer to a non-const type does not say which way it goes: describe the "
                "parameter with in(), out() or in_out()");
  INSULA_REFUSE(one_element_unsaid,
                "a pointer to objects travels as one element: use std::span or std::vector for "
                "several, or describe the parameter: in(size_is()) for as many as another "
                "parameter says, in() for one");
  INSULA_REFUSE(pointer_inside,
                "a raw pointer in a struct or container, named last, travels as one element: use "
                "std::span or std::vector for several, INSULA_FIELDS with size_is for as many as a "
                "field says, or one<T>, ref_ptr<T> or full_ptr<T> for one");
  INSULA_REFUSE(direction_impossible,
                "the parameter's C++ type cannot carry a value the described way: a result needs a "
                "T& or a pointer to something that is not const");
  INSULA_REFUSE(not_marshalable,
                "this type cannot be marshaled: what is named last has no ndr_codec and is no "
                "plain struct (public fields, no base class; never a union, a function or void)");
  INSULA_REFUSE(pointee_with_destructor,
                "a raw pointer can only be to what is trivially destructible, for its receiver "
                "just frees the memory: use std::unique_ptr, std::optional or a container");
  INSULA_REFUSE(incomplete,
                "the type is only declared here: define it before the interface is described");
  INSULA_REFUSE(interface_without_iid,
                "the parameter's interface has no id: put INSULA_IID or INSULA_INTERFACE after it");
  INSULA_REFUSE(view_as_result,
                "a view can be passed in, but not come back, for nobody would own what it shows");
  INSULA_REFUSE(reference_names_nothing,
                "size_is, length_is or iid_is names no parameter of this method");
  INSULA_REFUSE(count_not_integer,
                "size_is or length_is names a parameter that is no integer and points at none "
                "(an array or text says no count)");
  INSULA_REFUSE(iid_not_guid_before,
                "iid_is must name a GUID parameter that comes before, for an interface pointer");
  INSULA_REFUSE(array_of_what,
                "size_is and length_is are for pointers (length_is only with size_is), bstr and "
                "iid_is for single values");
  INSULA_REFUSE(text_buffer_without_size,
                "a buffer for text that comes back needs size_is, or use Char** or std::string&");
  INSULA_REFUSE(bstr_of_what, "bstr is for BSTR and BSTR*");
  INSULA_REFUSE(full_only_in, "full is for [in] pointers to one object that is no interface");
  INSULA_REFUSE(no_default, "the type needs a default constructor to be read into");
  INSULA_REFUSE(callee_array_elements,
                "an array that the callee allocates is a T** to trivially destructible elements");
#undef INSULA_REFUSE
};

/// One integer, or a pointer to one: not an array of them, which may be empty, and not text.
template <class Method, int Named>
consteval bool is_count() {
  using value = std::remove_cv_t<
      std::remove_pointer_t<std::remove_cvref_t<parameter_type<Method, Named>>>>;
  constexpr parameter_shape named = shape_of<Method, Named>();
  return std::is_integral_v<value> && !std::is_same_v<value, bool> && named.size == -1 &&
         !named.string && !named.bstr;
}

template <class Method, int Named>
consteval bool is_iid() {
  using value = std::remove_cv_t<
      std::remove_pointer_t<std::remove_cvref_t<parameter_type<Method, Named>>>>;
  return std::is_same_v<value, GUID> && shape_of<Method, Named>().size == -1;
}

template <class Method, int Index, parameter_shape Shape>
consteval defect defect_of_references() {
  using P = parameter_type<Method, Index>;
  if constexpr (Shape.size == -2 || Shape.length == -2 || Shape.iid == -2)
    return defect::reference_names_nothing;
  if constexpr (Shape.size >= 0) {
    if constexpr (!is_count<Method, Shape.size>()) return defect::count_not_integer;
    if constexpr (!std::is_pointer_v<P> || is_interface_pointer<P>()) return defect::array_of_what;
    if constexpr (Shape.bstr || Shape.iid >= 0) return defect::array_of_what;
  }
  if constexpr (Shape.length >= 0) {
    if constexpr (!is_count<Method, Shape.length>()) return defect::count_not_integer;
    if constexpr (Shape.size < 0 || Shape.callee_counts) return defect::array_of_what;
  }
  if constexpr (Shape.iid >= 0) {
    if constexpr (Shape.iid >= Index) return defect::iid_not_guid_before;
    else {
      if (!is_iid<Method, Shape.iid>()) return defect::iid_not_guid_before;
      if (!is_interface_pointer<P>() && !is_pointer_to_interface_pointer<P>())
        return defect::iid_not_guid_before;
    }
  }
  return defect::none;
}

template <class T>
inline constexpr bool points_at_destructor = false;
template <class T>
inline constexpr bool points_at_destructor<T*> =
    std::is_class_v<T> && requires { sizeof(T); } && !std::is_trivially_destructible_v<T>;
template <class T>
inline constexpr bool points_at_destructor<one<T>> = points_at_destructor<T*>;
template <class T>
inline constexpr bool points_at_destructor<sized_elements<T>> = points_at_destructor<T*>;
template <class T>
inline constexpr bool points_at_destructor<ref_ptr<T>> = points_at_destructor<T*>;
template <class T>
inline constexpr bool points_at_destructor<full_ptr<T>> = points_at_destructor<T*>;

/// What the compiler prints for a raw pointer that nobody described.
template <class Pointer, class In>
struct raw_pointer {};

template <class T, class... Seen>
struct pointer_inside;

template <class Parts, class In, class... Seen>
struct pointer_among {
  using type = void;
};
template <class First, class... Rest, class In, class... Seen>
struct pointer_among<ndr_parts<First, Rest...>, In, Seen...> {
  static consteval auto find() {
    using part = std::remove_cv_t<First>;
    if constexpr (is_plain_pointer<part>) {
      return std::type_identity<raw_pointer<part, In>>{};
    } else {
      using inside = typename pointer_inside<part, Seen...>::type;
      if constexpr (!std::is_void_v<inside>) return std::type_identity<inside>{};
      else
        return std::type_identity<
            typename pointer_among<ndr_parts<Rest...>, In, Seen...>::type>{};
    }
  }
  using type = typename decltype(find())::type;
};

template <class T, class... Seen>
struct pointer_inside {
  static consteval auto find() {
    if constexpr ((std::is_same_v<T, Seen> || ...)) return std::type_identity<void>{};
    else return pointer_among<typename codec_parts<T>::type, T, T, Seen...>{};
  }
  using type = typename decltype(find())::type;
};

/// The first raw pointer inside T, as raw_pointer<Pointer, struct or container>; else void.
template <class T>
using pointer_inside_t = typename pointer_inside<std::remove_cv_t<T>>::type;

template <class T, direction Way>
consteval defect defect_of_value() {
  if constexpr (!std::is_object_v<T>) return defect::not_marshalable;
  else if constexpr (std::is_class_v<T> && !requires { sizeof(T); }) return defect::incomplete;
  else if constexpr (!marshalable<T>)
    return points_at_destructor<ndr_culprit_t<T>> ? defect::pointee_with_destructor
                                                  : defect::not_marshalable;
  else if constexpr (!std::is_void_v<pointer_inside_t<T>>) return defect::pointer_inside;
  else if constexpr (Way != direction::in && ndr_in_only<T>) return defect::view_as_result;
  else if constexpr (!std::is_default_constructible_v<T>) return defect::no_default;
  else return defect::none;
}

template <class J, bool Named>
consteval defect defect_of_interface() {
  if constexpr (Named || has_iid<J>) return defect::none;
  else return defect::interface_without_iid;
}

template <class T>
consteval bool is_incomplete() {
  if constexpr (std::is_pointer_v<T>) return is_incomplete<std::remove_pointer_t<T>>();
  else if constexpr (std::is_class_v<T>) return !requires { sizeof(T); };
  else return false;
}

template <class P, parameter_shape Shape>
consteval defect defect_of_pointer() {
  using raw = std::remove_pointer_t<P>;
  using T = pointee_of<P>;
  constexpr bool returns = Shape.way != direction::in;
  if constexpr ((std::is_void_v<T> && Shape.iid < 0 && Shape.size < 0) || std::is_function_v<T>)
    return defect::not_marshalable;
  else if constexpr (is_incomplete<P>()) return defect::incomplete;
  else if constexpr (Shape.way == direction::unsaid)
    return std::is_const_v<raw> ? defect::one_element_unsaid : defect::direction_unsaid;
  else if constexpr (Shape.one && Shape.size >= 0) return defect::array_of_what;
  else if constexpr (returns && (std::is_const_v<raw> || is_interface_pointer<P>()))
    return defect::direction_impossible;
  else if constexpr (Shape.kind == pointer_kind::full &&
                     (returns || Shape.size >= 0 || Shape.string || Shape.bstr ||
                      is_interface_pointer<P>() || is_pointer_to_interface_pointer<P>()))
    return defect::full_only_in;
  else if constexpr (Shape.bstr)
    return std::is_same_v<P, BSTR*> || (std::is_same_v<P, BSTR> && !returns) ? defect::none
                                                                            : defect::bstr_of_what;
  else if constexpr (Shape.string && !ndr_character<T>) return defect::array_of_what;
  else if constexpr (Shape.string && returns && Shape.size < 0)
    return defect::text_buffer_without_size;
  else if constexpr (is_interface_pointer<P>()) return defect_of_interface<T, Shape.iid >= 0>();
  else if constexpr (is_pointer_to_interface_pointer<P>() && Shape.size < 0 && returns)
    return defect_of_interface<std::remove_pointer_t<T>, Shape.iid >= 0>();
  else if constexpr (Shape.callee_counts) {
    if constexpr (!std::is_pointer_v<T>) return defect::callee_array_elements;
    else {
      using element = std::remove_pointer_t<T>;
      constexpr defect inside = defect_of_value<element, direction::out>();
      if constexpr (inside != defect::none) return inside;
      else
        return std::is_trivially_destructible_v<element> && Shape.way == direction::out &&
                       Shape.kind == pointer_kind::ref
                   ? defect::none
                   : defect::callee_array_elements;
    }
  } else if constexpr (is_plain_pointer<T> && Shape.size >= 0) {
    return marshalable<T> ? defect::pointer_inside : defect_of_value<T, Shape.way>();
  } else {
    return defect_of_value<std::conditional_t<Shape.size >= 0, array_element<T>, T>, Shape.way>();
  }
}

template <class Method, int Index>
consteval defect defect_of() {
  using P = parameter_type<Method, Index>;
  constexpr parameter_shape shape = shape_of<Method, Index>();
  constexpr defect references = defect_of_references<Method, Index, shape>();
  if constexpr (references != defect::none) return references;
  else if constexpr (std::is_pointer_v<P>) return defect_of_pointer<P, shape>();
  else if constexpr (shape.bstr || shape.string) return defect::bstr_of_what;
  else if constexpr (shape.way != direction::in &&
                     natural_direction<P>() != direction::in_out)
    return defect::direction_impossible;
  else if constexpr (is_plain_pointer<std::remove_cvref_t<P>> && !shape.described)
    return defect::one_element_unsaid;
  else return defect_of_value<std::remove_cvref_t<P>, shape.way>();
}

template <class T>
consteval auto culprit_of() {
  using plain = std::remove_cvref_t<T>;
  if constexpr (!std::is_object_v<plain>) return std::type_identity<plain>{};
  else if constexpr (marshalable<plain> && !std::is_void_v<pointer_inside_t<plain>>)
    return std::type_identity<pointer_inside_t<plain>>{};
  else if constexpr (marshalable<plain>) return std::type_identity<plain>{};
  else return std::type_identity<ndr_culprit_t<plain>>{};
}

/// Does not compile, with the reason, unless the parameter can be marshaled.
template <class Method, int Index>
constexpr void check_parameter() {
  constexpr defect found = defect_of<Method, Index>();
  if constexpr (found != defect::none) {
    using P = parameter_type<Method, Index>;
    constexpr std::size_t length = name_length<Method, Index>();
    using name = decltype(print_name<Method, length == 0 ? 0 : Index>(
        std::make_index_sequence<length>{}));
    using culprit = typename decltype(culprit_of<std::conditional_t<
        std::is_pointer_v<P>, std::remove_pointer_t<P>, P>>())::type;
    (void)sizeof(refused<found, typename Method::interface_type, Method, Index + 1, name, P,
                         culprit>);
  }
}

}  // namespace insula::detail
