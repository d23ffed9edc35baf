// SPDX-License-Identifier: MIT
//
// Which types carry interface pointers of one apartment into another behind marshaling's back.
// For apartment.hpp.
#pragma once

#include <insula/core/com_ptr.hpp>
#include <insula/core/weak_ref.hpp>

#include <cstddef>
#include <cstdlib>
#include <functional>
#include <memory>
#include <ranges>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

namespace insula::detail {

template <class T>
concept object_type = requires { sizeof(T); } && std::is_base_of_v<IUnknown, T>;

/// `Inside` are the aggregates that are being looked into: one may hold more of itself.
template <class T, class... Inside>
consteval bool is_smuggled();

/// True when T is an interface pointer, or holds one: in a field, a base, or as an element.
template <class T>
inline constexpr bool smuggles = is_smuggled<std::remove_cvref_t<T>>();

// Only asked whether they would do; they have bodies because compilers look for them all the same.
template <class... Inside>
struct any_smuggled {
  template <class T>
    requires(is_smuggled<T, Inside...>())
  operator T() const noexcept {
    std::abort();
  }
};
struct anything {
  template <class T>
  operator T() const noexcept {
    std::abort();
  }
};
struct nothing_known {};

template <class T, class Probe, std::size_t... Before>
consteval bool field_takes(std::index_sequence<Before...>) {
  return requires { T{(static_cast<void>(Before), anything{})..., Probe{}}; };
}

/// True when a field (or base) of the aggregate T, from the one with this number on, takes what
/// smuggles, and does not take just anything. Fields after a reference are not seen.
template <class T, std::size_t Index, class... Inside>
consteval bool field_smuggles() {
  using before = std::make_index_sequence<Index>;
  if constexpr (Index == 32 || !field_takes<T, anything>(before{})) return false;
  else if constexpr (field_takes<T, any_smuggled<Inside...>>(before{}) &&
                     !field_takes<T, nothing_known>(before{})) return true;
  else return field_smuggles<T, Index + 1, Inside...>();
}

template <class T>
struct holds_object : std::false_type {};
template <class T>
struct holds_object<T*> : std::bool_constant<object_type<std::remove_cv_t<T>>> {};
template <class I>
struct holds_object<com_ptr<I>> : std::true_type {};
template <class I>
struct holds_object<weak_ref<I>> : std::true_type {};
template <class T>
struct holds_object<std::reference_wrapper<T>> : holds_object<T*> {};

/// What a type of the standard library holds, when its value_type does not tell.
template <class... T>
struct held_types {};
template <class T>
struct held_by : held_types<> {};
template <class... T>
struct held_by<std::variant<T...>> : held_types<T...> {};
template <class... T>
struct held_by<std::tuple<T...>> : held_types<T...> {};
template <class A, class B>
struct held_by<std::pair<A, B>> : held_types<A, B> {};
template <class T, class D>
struct held_by<std::unique_ptr<T, D>>
    : held_types<std::remove_extent_t<T>*, std::remove_extent_t<T>> {};
template <class T>
struct held_by<std::shared_ptr<T>> : held_by<std::unique_ptr<T>> {};
template <class T>
struct held_by<std::weak_ptr<T>> : held_by<std::unique_ptr<T>> {};

template <class... Inside, class... T>
consteval bool any_smuggles(held_types<T...>) {
  return (false || ... || is_smuggled<std::remove_cv_t<T>, Inside...>());
}

template <class T>
concept has_other_values = requires {
  typename T::value_type;
} && !std::is_same_v<typename T::value_type, T>;

template <class T, class... Inside>
consteval bool is_smuggled() {
  if constexpr (holds_object<T>::value) return true;
  else if constexpr (!requires { sizeof(T); } || !std::is_class_v<T>) return false;
  else if constexpr ((false || ... || std::is_same_v<T, Inside>)) return false;
  // Containers, std::optional, std::array.
  else if constexpr (has_other_values<T>)
    return is_smuggled<std::remove_cv_t<typename T::value_type>, Inside..., T>();
  else if constexpr (std::is_aggregate_v<T>) return field_smuggles<T, 0, Inside..., T>();
  else return any_smuggles<Inside..., T>(held_by<T>{});
}

/// Does not compile, with the reason, for what may not leave an apartment.
template <class Result>
struct leaves_by_marshaling {
  static_assert(!smuggles<Result>,
                "Insula: the result of invoke and send is used in another apartment, where an "
                "interface pointer of this one must not be: make the object with "
                "apartment::create, or return an agile_ref to it");
};

}  // namespace insula::detail
