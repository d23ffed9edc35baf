// SPDX-License-Identifier: MIT
#include "round_trip.hpp"

#include "logical_thread.hpp"

namespace insula {

round_trip::round_trip(work_class of, function_ref<void()> work)
    : work_(work), home_(this_port()) {
  kind = of;
  run = &round_trip::run_item;
  drop = &round_trip::drop_item;
}

bool round_trip::through(function_ref<inbox::push_result(work_item*)> submit, const port* other) {
  ++home_.owed;
  const inbox::push_result sent = submit(this);
  if (sent == inbox::push_result::closed) {
    --home_.owed;
    return false;
  }
  wait_.on = target;
  // Given up or not, the item is on this stack and must come back first.
  while (!wait_for(wait_, std::nullopt, other, sent == inbox::push_result::queued))
    wait_.expired = false;
  return ran_;
}

void round_trip::run_item(work_item* item) noexcept {
  auto& mine = *static_cast<round_trip*>(item);
  mine.work_();
  mine.ran_ = true;
  mine.go_home();
}

void round_trip::drop_item(work_item* item) noexcept {
  static_cast<round_trip*>(item)->go_home();
}

void round_trip::arrive_home(work_item* item) noexcept {
  auto& mine = *static_cast<round_trip*>(item);
  --mine.home_.owed;
  mine.wait_.resolve();
}

void round_trip::go_home() noexcept {
  kind = work_class::reply;
  run = &round_trip::arrive_home;
  drop = &round_trip::arrive_home;
  (void)home_.push(this);  // open: its owner waits for this very item
}

}  // namespace insula
