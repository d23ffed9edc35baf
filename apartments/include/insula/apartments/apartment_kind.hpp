// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace insula {

/// The three kinds of apartment.
enum class apartment_kind { sta, mta, neutral };

[[nodiscard]] constexpr std::string_view to_string(apartment_kind kind) noexcept {
  switch (kind) {
    case apartment_kind::sta:
      return "STA";
    case apartment_kind::mta:
      return "MTA";
    case apartment_kind::neutral:
      return "neutral apartment";
  }
  return "apartment";
}

}  // namespace insula
