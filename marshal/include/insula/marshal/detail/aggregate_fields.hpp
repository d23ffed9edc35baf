// SPDX-License-Identifier: MIT
//
// The fields of an aggregate class, counted and reached without a list of them.
// Why Boost.PFR, and why in a public header: docs/decisions/aggregates-through-pfr.md
#pragma once

#include <boost/pfr/core.hpp>

#include <cstddef>
#include <exception>
#include <type_traits>
#include <utility>

namespace insula::detail {

// Only asked whether they would do; they have bodies because compilers look for them all the same.
struct any_field {
  template <class T>
  operator T() const noexcept {
    std::terminate();
  }
};
template <class T>
struct any_base_of {
  template <class B>
    requires(std::is_base_of_v<B, T> && !std::is_same_v<B, T>)
  operator B() const noexcept {
    std::terminate();
  }
};
template <std::size_t>
using any_field_at = any_field;

template <class T>
concept plain_aggregate =
    requires { sizeof(T); } && std::is_class_v<T> && std::is_aggregate_v<T> &&
    !std::is_polymorphic_v<T> && requires { T{}; } && !requires { T{any_base_of<T>{}}; };

// Fields are counted by how many initialisers T{...} takes. An array takes as many as it has
// elements, for they may stand without braces of their own; `{}` initialises a whole field, and so
// tells how many: with `{}` in the place of fewer, too many follow. (Boost.PFR's own count leaves
// arrays uncorrected, and g++ 12 fails inside it for arrays of classes with destructors.)
template <class T, std::size_t... Any>
consteval bool takes(std::index_sequence<Any...>) {
  return requires { T{any_field_at<Any>{}...}; };
}
template <class T, std::size_t Count>
inline constexpr bool takes_initializers = takes<T>(std::make_index_sequence<Count>{});

// The most initialisers, known to be at least Low and less than High.
template <class T, std::size_t Low, std::size_t High>
consteval std::size_t most_initializers() {
  if constexpr (High - Low == 1) {
    return Low;
  } else {
    constexpr std::size_t middle = (Low + High) / 2;
    if constexpr (takes_initializers<T, middle>) return most_initializers<T, middle, High>();
    else return most_initializers<T, Low, middle>();
  }
}
template <class T, std::size_t Guess = 8>
consteval std::size_t initializer_count() {
  if constexpr (takes_initializers<T, Guess>) return initializer_count<T, Guess * 4>();
  else return most_initializers<T, 0, Guess>();
}

template <class T, std::size_t... Before, std::size_t... After>
consteval bool takes_braces(std::index_sequence<Before...>, std::index_sequence<After...>) {
  return requires { T{any_field_at<Before>{}..., {}, any_field_at<After>{}...}; };
}
template <class T, std::size_t Before, std::size_t After>
inline constexpr bool braces_at = takes_braces<T>(std::make_index_sequence<Before>{},
                                                  std::make_index_sequence<After>{});

template <class T, std::size_t All, std::size_t At, std::size_t Low, std::size_t High>
consteval std::size_t initializers_of_field() {
  if constexpr (Low == High) {
    return Low;
  } else {
    constexpr std::size_t middle = (Low + High) / 2;
    if constexpr (braces_at<T, At, All - At - middle>)
      return initializers_of_field<T, All, At, Low, middle>();
    else return initializers_of_field<T, All, At, middle + 1, High>();
  }
}

template <class T, std::size_t All, std::size_t At>
consteval std::size_t fields_from() {
  if constexpr (At == All) {
    return 0;
  } else if constexpr (braces_at<T, At, All - At - 1> || !braces_at<T, At, 0>) {
    return 1 + fields_from<T, All, At + 1>();
  } else {
    return 1 + fields_from<T, All, At + initializers_of_field<T, All, At, 2, All - At>()>();
  }
}

template <class T>
inline constexpr std::size_t field_count = fields_from<T, initializer_count<T>(), 0>();

// References to the fields. The public functions of Boost.PFR insist on its count.
template <class T>
constexpr auto fields_of(T& value) noexcept {
  return boost::pfr::detail::tie_as_tuple(value, boost::pfr::detail::size_t_<field_count<T>>{});
}
template <class T>
constexpr auto fields_of(const T& value) noexcept {
  return boost::pfr::detail::tie_as_tuple(value, boost::pfr::detail::size_t_<field_count<T>>{});
}

/// Field `I` of T, as it is declared.
template <class T, std::size_t I>
using field_at = std::remove_reference_t<decltype(boost::pfr::detail::sequence_tuple::get<I>(
    std::declval<decltype(fields_of(std::declval<T&>()))&>()))>;

/// Calls `function(std::integral_constant<std::size_t, I>, field)` for each field.
template <class T, class Function>
void for_each_field(T& value, Function function) {
  [[maybe_unused]] auto fields = fields_of(value);
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (function(std::integral_constant<std::size_t, I>{},
              boost::pfr::detail::sequence_tuple::get<I>(fields)),
     ...);
  }(std::make_index_sequence<field_count<std::remove_const_t<T>>>{});
}

}  // namespace insula::detail
