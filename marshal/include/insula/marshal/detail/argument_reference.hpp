// SPDX-License-Identifier: MIT
//
// What another parameter says: how many elements, which interface.
#pragma once

#include <insula/core/unknown.hpp>
#include <insula/marshal/ndr_error.hpp>

#include <cstddef>
#include <type_traits>

namespace insula::detail {

template <class P>
using argument_value = std::remove_cv_t<std::remove_pointer_t<std::remove_cvref_t<P>>>;

/// The integer in argument `Index`, of type P or behind it.
template <int Index, class P>
struct integer_argument {
  using integer = argument_value<P>;

  /// Fails: throws ndr_error for a negative count.
  static std::size_t get(void* const* all) {
    const integer* value = address(all);
    if (value == nullptr) return 0;
    if constexpr (std::is_signed_v<integer>)
      if (*value < 0) refuse_to_write("a count of elements is negative");
    return static_cast<std::size_t>(*value);
  }
  static std::size_t get_or_zero(void* const* all) noexcept {
    const integer* value = address(all);
    if (value == nullptr) return 0;
    if constexpr (std::is_signed_v<integer>)
      if (*value < 0) return 0;
    return static_cast<std::size_t>(*value);
  }

 private:
  static const integer* address(void* const* all) noexcept {
    if constexpr (std::is_pointer_v<std::remove_cvref_t<P>>)
      return *static_cast<const integer* const*>(all[Index]);
    else return static_cast<const integer*>(all[Index]);
  }
};

/// The interface id in argument `Index`.
template <int Index, class P>
struct iid_argument {
  static REFIID get(void* const* all) noexcept {
    if constexpr (std::is_pointer_v<std::remove_cvref_t<P>>) {
      const GUID* iid = *static_cast<const GUID* const*>(all[Index]);
      return iid == nullptr ? IID_NULL : *iid;
    } else {
      return *static_cast<const GUID*>(all[Index]);
    }
  }
};

template <class I>
struct static_iid {
  static REFIID get(void* const*) noexcept { return iid_of<I>(); }
};

}  // namespace insula::detail
