// SPDX-License-Identifier: MIT
#pragma once

#include <type_traits>

namespace insula {

/// A number that NDR has, of 1, 2, 4 or 8 bytes: not long double.
template <class T>
concept ndr_primitive = (std::is_arithmetic_v<T> || std::is_enum_v<T>) && (sizeof(T) <= 8) &&
                        !std::is_same_v<std::remove_cv_t<T>, long double>;

}  // namespace insula
