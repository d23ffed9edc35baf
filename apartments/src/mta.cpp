// SPDX-License-Identifier: MIT
#include <insula/apartments/mta.hpp>

#include "lease.hpp"
#include "membership.hpp"
#include "mta_apartment.hpp"

#include <utility>

namespace insula {

mta_lease::mta_lease() : thread_(lease_thread()) {
  throw_if_failed(CoInitializeEx(nullptr, COINIT_MULTITHREADED));
  apartment_ = apartment::current();
}

mta_lease::mta_lease(mta_lease&& other) noexcept
    : apartment_(std::move(other.apartment_)), thread_(std::exchange(other.thread_, 0)) {
  if (thread_ != 0) require_lease_thread(thread_, "mta_lease");
}

mta_lease::~mta_lease() {
  if (thread_ == 0) return;
  require_lease_thread(thread_, "mta_lease");
  leave_lease({});
}

mta_usage::mta_usage() { throw_if_failed(CoIncrementMTAUsage(&cookie_)); }

mta_usage::~mta_usage() {
  if (cookie_ != nullptr) CoDecrementMTAUsage(cookie_);
}

apartment mta_usage::get() const { return apartment(*implicit_mta()); }

std::size_t mta_pool_threads() noexcept {
  auto* const open = static_cast<mta_apartment*>(implicit_mta());
  return open != nullptr ? open->pool_threads() : 0;
}

}  // namespace insula
