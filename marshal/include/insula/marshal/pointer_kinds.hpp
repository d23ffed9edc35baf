// SPDX-License-Identifier: MIT
//
// Pointers to one element that say so, and which of NDR's three kinds they are (C706, 14.3.11). Of
// a plain T* in a struct or container nobody knows how many it points at: struct_fields.hpp.
//
//   kind      null   two pointers to one object arrive as    cycles
//   one       yes    pointers to two copies                  refused   (NDR's unique pointer)
//   ref_ptr   no     pointers to two copies                  refused
//   full_ptr  yes    pointers to one object                  fine
//
// Full pointers share among the [in] arguments of a call, and among the [in,out] ones, whose
// pointees a callee may free; between the two kinds they arrive as two copies.
#pragma once

#include <type_traits>

namespace insula {

/// A T* to one T, or null. Same layout as T*.
template <class T>
struct one {
  T* pointee = nullptr;

  constexpr one() noexcept = default;
  constexpr one(T* p) noexcept : pointee(p) {}
  constexpr operator T*() const noexcept { return pointee; }
  constexpr T* operator->() const noexcept { return pointee; }
};

/// A T* that shares: every full pointer in a message that points to one T arrives pointing to one
/// T. Same layout as T*.
template <class T>
struct full_ptr {
  T* pointee = nullptr;

  constexpr full_ptr() noexcept = default;
  constexpr full_ptr(T* p) noexcept : pointee(p) {}
  constexpr operator T*() const noexcept { return pointee; }
  constexpr T* operator->() const noexcept { return pointee; }
};

/// A T* that is never null when sent. Same layout as T*.
template <class T>
struct ref_ptr {
  T* pointee = nullptr;

  constexpr ref_ptr() noexcept = default;
  constexpr ref_ptr(T* p) noexcept : pointee(p) {}
  constexpr operator T*() const noexcept { return pointee; }
  constexpr T* operator->() const noexcept { return pointee; }
};

namespace detail {

/// An array whose size a field says: only the type that stands for it.
template <class T>
struct sized_elements {
  sized_elements() = delete;  // no aggregate: that would have a codec for whatever T is
};

template <class P>
inline constexpr bool is_like_a_pointer = sizeof(P) == sizeof(int*) &&
                                          std::is_standard_layout_v<P> &&
                                          std::is_trivially_copyable_v<P>;
static_assert(is_like_a_pointer<one<int>> && is_like_a_pointer<ref_ptr<int>> &&
              is_like_a_pointer<full_ptr<int>>);

}  // namespace detail

}  // namespace insula
