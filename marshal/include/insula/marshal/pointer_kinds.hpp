// SPDX-License-Identifier: MIT
//
// Pointers that say which of NDR's three kinds they are (C706, 14.3.11). A plain T* is unique.
//
//   kind      null   two pointers to one object arrive as    cycles
//   unique    yes    pointers to two copies                  refused
//   ref_ptr   no     pointers to two copies                  refused
//   full_ptr  yes    pointers to one object                  fine
//
// Full pointers share among the [in] arguments of a call, and among the [in,out] ones, whose
// pointees a callee may free; between the two kinds they arrive as two copies.
#pragma once

#include <type_traits>

namespace insula {

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

static_assert(sizeof(full_ptr<int>) == sizeof(int*) && sizeof(ref_ptr<int>) == sizeof(int*));
static_assert(std::is_standard_layout_v<full_ptr<int>> && std::is_standard_layout_v<ref_ptr<int>>);
static_assert(std::is_trivially_copyable_v<full_ptr<int>> &&
              std::is_trivially_copyable_v<ref_ptr<int>>);

}  // namespace insula
