// SPDX-License-Identifier: MIT
#pragma once

#include "wait_state.hpp"

namespace insula {

class apartment_core;

/// A wait whose fiber stands aside while another one pumps. Lives on that fiber's stack.
struct parked_wait {
  wait_state* wait;
  const apartment_core* inside;  // where the waiting code runs
  deadline until;
  parked_wait* before = nullptr;  // the list that it is in
  parked_wait* after = nullptr;
};

/// Parked waits, oldest first. Thousands when apartments call each other deeply, so nothing that
/// happens with every call may walk along them. Owner thread.
class parked_wait_list {
 public:
  [[nodiscard]] bool empty() const noexcept { return first_ == nullptr; }

  void add(parked_wait& parked) noexcept {
    parked.before = last_;
    (last_ != nullptr ? last_->after : first_) = &parked;
    last_ = &parked;
  }

  void remove(parked_wait& parked) noexcept {
    (parked.before != nullptr ? parked.before->after : first_) = parked.after;
    (parked.after != nullptr ? parked.after->before : last_) = parked.before;
  }

  template <class Visit>
  void for_each(Visit visit) const {
    for (parked_wait* parked = first_; parked != nullptr; parked = parked->after) visit(*parked);
  }

 private:
  parked_wait* first_ = nullptr;
  parked_wait* last_ = nullptr;
};

}  // namespace insula
