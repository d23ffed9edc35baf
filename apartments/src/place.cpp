// SPDX-License-Identifier: MIT
//
// What core asks about apartments: where the running code is, for objects that check their home.
#include "place.hpp"

#include "apartment_core.hpp"
#include "open_apartments.hpp"

namespace insula {
namespace {

detail::home_tag current() noexcept { return detail::tag_of(current_apartment()); }

std::string describe(detail::home_tag home) {
  const auto is_meant = [home](const apartment_core& one) { return detail::tag_of(&one) == home; };
  const com_ptr<apartment_core> found = find_open_apartment(is_meant);
  return found ? found->description() : std::string();
}

constexpr detail::home_source apartments{&current, &describe};

}  // namespace

bool tell_core_of_places() noexcept {
  detail::set_home_source(apartments);
  return true;
}

}  // namespace insula
