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

// Only asked whether they would do; they have bodies because compilers look for them all the same.
struct any_pointer {
  template <class I>
  operator com_ptr<I>() const noexcept {
    std::abort();
  }
  template <object_type I>
  operator I*() const noexcept {
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

/// True when a field of the aggregate T, from the one with this number on, is an interface pointer:
/// takes one, and does not take just anything. Fields after a reference are not seen.
template <class T, std::size_t Index = 0>
consteval bool field_is_pointer() {
  using before = std::make_index_sequence<Index>;
  if constexpr (Index == 32 || !field_takes<T, anything>(before{})) return false;
  else if constexpr (field_takes<T, any_pointer>(before{}) &&
                     !field_takes<T, nothing_known>(before{})) return true;
  else return field_is_pointer<T, Index + 1>();
}

template <class T>
consteval bool is_smuggled();

/// True when T is an interface pointer, or directly holds one.
template <class T>
inline constexpr bool smuggles = is_smuggled<std::remove_cvref_t<T>>();

template <class T>
struct holds_by_kind : std::false_type {};
template <class I>
struct holds_by_kind<com_ptr<I>> : std::true_type {};
template <class I>
struct holds_by_kind<weak_ref<I>> : std::true_type {};
template <class T>
struct holds_by_kind<T*> : std::bool_constant<object_type<std::remove_cv_t<T>>> {};
template <class T, class D>
struct holds_by_kind<std::unique_ptr<T, D>> : holds_by_kind<T*> {};
template <class T>
struct holds_by_kind<std::shared_ptr<T>> : holds_by_kind<T*> {};
template <class T>
struct holds_by_kind<std::reference_wrapper<T>> : holds_by_kind<T*> {};
template <class... T>
struct holds_by_kind<std::variant<T...>> : std::bool_constant<(false || ... || smuggles<T>)> {};
template <class... T>
struct holds_by_kind<std::tuple<T...>> : std::bool_constant<(false || ... || smuggles<T>)> {};
template <class A, class B>
struct holds_by_kind<std::pair<A, B>> : std::bool_constant<smuggles<A> || smuggles<B>> {};

template <class T>
concept has_other_values = requires {
  typename T::value_type;
} && !std::is_same_v<typename T::value_type, T>;

template <class T>
consteval bool is_smuggled() {
  if constexpr (std::is_void_v<T>) return false;
  else if constexpr (holds_by_kind<T>::value) return true;
  // Containers, std::optional, std::array.
  else if constexpr (has_other_values<T>) return smuggles<typename T::value_type>;
  else if constexpr (std::is_class_v<T> && std::is_aggregate_v<T>) return field_is_pointer<T>();
  else return false;
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
