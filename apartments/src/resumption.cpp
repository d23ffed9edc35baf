// SPDX-License-Identifier: MIT
#include "resumption.hpp"

#include <memory>

namespace insula {
namespace {

struct resumption final : work_item {
  resumption(apartment_core& target_apartment, std::coroutine_handle<> resumed, bool* told)
      : keeps(&target_apartment), waiter(resumed), refused(told) {
    kind = work_class::system;
    run = [](work_item* item) noexcept { static_cast<resumption*>(item)->go_on(false); };
    drop = [](work_item* item) noexcept { static_cast<resumption*>(item)->go_on(true); };
  }

  void go_on(bool closed) noexcept {
    const std::unique_ptr<resumption> mine(this);
    const apartment_scope inside(*keeps, GUID{}, nullptr);
    *refused = closed;
    waiter.resume();
  }

  com_ptr<apartment_core> keeps;
  std::coroutine_handle<> waiter;
  bool* refused;
};

}  // namespace

bool resume_inside(apartment_core& target, std::coroutine_handle<> waiter, bool* refused) {
  auto item = std::make_unique<resumption>(target, waiter, refused);
  if (target.submit(item.get()) == inbox::push_result::closed) return false;
  (void)item.release();
  return true;
}

}  // namespace insula
