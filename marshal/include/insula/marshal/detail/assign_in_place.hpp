// SPDX-License-Identifier: MIT
//
// How the new value of an [in,out] argument replaces the old one at the caller.
//
//   what                   old null or new null   both there
//   interface pointer      replaced, and the old reference is given back
//   BSTR                   replaced, and the old one freed
//   T*                     replaced               the pointer stays, the new value goes where it
//   points text (Char*)           replaced               the same when it fits, else replaced and
//   freed struct, array          part by part anything else          assigned
//
// one<T> is a T*. An array whose size a field says stays where it was when the new one is not
// longer; a longer one replaces it, and the old memory is freed. What lies beyond a shorter one's
// end is left as it is.
//
// A pointer that becomes null does not free what it pointed at: that may not be task memory.
#pragma once

#include <insula/core/contain.hpp>
#include <insula/core/task_memory.hpp>
#include <insula/marshal/codecs.hpp>

#include <cstddef>
#include <string>
#include <type_traits>
#include <utility>

namespace insula::detail {

template <class T>
void reset_value(T& value) noexcept {
  if constexpr (std::is_array_v<T>) {
    for (auto& one : value) reset_value(one);
  } else {
    value = T{};
  }
}

template <class Char>
void assign_text(Char*& old, Char* fresh) noexcept {
  using traits = std::char_traits<Char>;
  if (old != nullptr && fresh != nullptr) {
    const std::size_t length = traits::length(fresh);
    if (length <= traits::length(old)) {
      traits::copy(old, fresh, length + 1);
      CoTaskMemFree(fresh);
      return;
    }
    CoTaskMemFree(old);
  }
  old = fresh;
}

template <class T>
concept field_by_field = std::is_class_v<T> &&
    std::is_base_of_v<aggregate_codec<T>, ndr_codec<T>> && ndr_codec<T>::has_deferred;

template <class T>
inline constexpr bool is_one_pointer = false;
template <class T>
inline constexpr bool is_one_pointer<one<T>> = true;

template <class T>
void assign_in_place(T& old, T& fresh) noexcept;
template <class T>
void assign_fields(T& old, T& fresh) noexcept;

template <class T>
void assign_pointee(T*& old, T* fresh) noexcept {
  if constexpr (std::is_const_v<T>) {
    old = fresh;
  } else if (old != nullptr && fresh != nullptr) {
    assign_in_place(*old, *fresh);
    CoTaskMemFree(fresh);
  } else {
    old = fresh;
  }
}

template <class T>
void assign_in_place(T& old, T& fresh) noexcept {
  if constexpr (std::is_array_v<T>) {
    for (std::size_t i = 0; i != std::extent_v<T>; ++i) assign_in_place(old[i], fresh[i]);
  } else if constexpr (std::is_pointer_v<T>) {
    using pointee = std::remove_pointer_t<T>;
    if constexpr (ndr_interface<pointee>) {
      T const before = std::exchange(old, fresh);
      if (before != nullptr) let_go(before);
    } else if constexpr (ndr_character<pointee>) {
      assign_text(old, fresh);
    } else {
      assign_pointee(old, fresh);
    }
  } else if constexpr (is_one_pointer<T>) {
    assign_pointee(old.pointee, fresh.pointee);
  } else if constexpr (field_by_field<T>) {
    assign_fields(old, fresh);
  } else {
    old = std::move(fresh);
  }
}

template <class E>
void assign_elements(E*& old, std::size_t had, E* fresh, std::size_t count) noexcept {
  if constexpr (!std::is_const_v<E>) {
    if (old != nullptr && fresh != nullptr) {
      const std::size_t common = had < count ? had : count;
      for (std::size_t i = 0; i != common; ++i) assign_in_place(old[i], fresh[i]);
      if (count <= had) {
        CoTaskMemFree(fresh);
        return;
      }
      for (std::size_t i = 0; i != common; ++i) fresh[i] = std::move(old[i]);
      CoTaskMemFree(old);
    }
  }
  old = fresh;
}

template <class T, std::size_t I>
void assign_field(T& old, T& fresh, bool sized) noexcept {
  constexpr field_role role = field_words<T, I>::role;
  auto all_old = fields_of(old);
  auto all_fresh = fields_of(fresh);
  auto& to = boost::pfr::detail::sequence_tuple::get<I>(all_old);
  auto& from = boost::pfr::detail::sequence_tuple::get<I>(all_fresh);
  if (sized != (role == field_role::sized)) return;
  if constexpr (role == field_role::sized)
    assign_elements(to, count_or_zero<T, I>(old), from, count_or_zero<T, I>(fresh));
  else if constexpr (role == field_role::full) to = from;
  else assign_in_place(to, from);
}

template <class T>
void assign_fields(T& old, T& fresh) noexcept {
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    // Arrays first: their old counts lie in fields that are about to change.
    (assign_field<T, I>(old, fresh, true), ...);
    (assign_field<T, I>(old, fresh, false), ...);
  }(std::make_index_sequence<field_count<T>>{});
}

}  // namespace insula::detail
