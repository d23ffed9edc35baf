// SPDX-License-Identifier: MIT
//
// What core asks about apartments: where the running code is, for objects that check their home.
#include "place.hpp"

#include "apartment_core.hpp"
#include "call.hpp"
#include "open_apartments.hpp"

#include <insula/core/forced_unwind.hpp>

namespace insula {
namespace {

detail::home_tag current() noexcept { return detail::tag_of(current_apartment()); }

std::string describe(detail::home_tag home) {
  const auto is_meant = [home](const apartment_core& one) { return detail::tag_of(&one) == home; };
  const com_ptr<apartment_core> found = find_open_apartment(is_meant);
  return found ? found->description() : std::string();
}

constexpr detail::home_source apartments{&current, &describe};

// For sentences about code that does what it must not.
std::string running_code() {
  const logical_thread* const running = this_thread().logical;
  if (running == nullptr || running->apartment == nullptr) return "code in no apartment";
  const std::string where = " in " + running->apartment->description();
  const call* const serving = running->serving;
  if (serving == nullptr) return "code that was posted, sent or invoked" + where;
  return called_method(serving->endpoint->iid(), serving->method) + where;
}

}  // namespace

bool tell_core_of_places() noexcept {
  detail::set_home_source(apartments);
  set_running_code_source(&running_code);
  return true;
}

}  // namespace insula
