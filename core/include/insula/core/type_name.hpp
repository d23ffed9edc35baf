// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace insula::detail {

/// T as the compiler spells it, for errors and logs. Needs no run-time type information.
template <class T>
constexpr std::string_view type_name() noexcept {
  // "... type_name() [with T = thing; ...]" or, from clang, "... type_name() [T = thing]".
  constexpr std::string_view whole = __PRETTY_FUNCTION__;
  constexpr std::string_view before = "T = ";
  constexpr std::size_t first = whole.find(before) + before.size();
  constexpr std::size_t last = whole.find_first_of(";]", first);
  return whole.substr(first, last - first);
}

}  // namespace insula::detail
