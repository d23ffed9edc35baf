// SPDX-License-Identifier: MIT
#include "resumption.hpp"

#include <utility>

namespace insula {

resumption::resumption(apartment_core& to, std::coroutine_handle<> waiter, bool* refused)
    : keeps_(&to), waiter_(waiter), refused_(refused) {
  kind = work_class::system;
  run = [](work_item* item) noexcept { static_cast<resumption*>(item)->go_on(false); };
  drop = [](work_item* item) noexcept { static_cast<resumption*>(item)->go_on(true); };
}

void resumption::go_on(bool closed) noexcept {
  const std::unique_ptr<resumption> mine(this);
  const apartment_scope inside(*keeps_, GUID{}, nullptr);
  *refused_ = closed;
  waiter_.resume();
}

std::unique_ptr<resumption> resumption::send(std::unique_ptr<resumption> made) noexcept {
  apartment_core& to = *made->keeps_;
  resumption* const sent = made.release();  // from here on it may be gone
  if (to.submit(sent) == inbox::push_result::closed) made.reset(sent);
  return made;
}

}  // namespace insula
