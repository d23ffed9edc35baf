// SPDX-License-Identifier: MIT
#pragma once

#include "indexed_heap.hpp"
#include "wait_state.hpp"

namespace insula {

class sta_apartment;
struct logical_thread;

/// A wait whose fiber stands aside while another one pumps. Lives on that fiber's stack.
struct parked_wait {
  wait_state* wait;
  sta_apartment* inside;  // where the waiting code runs; null: in no STA
  deadline until;
  logical_thread* running;  // the waiting code
  parked_wait* next = nullptr;  // the list that it is in
  parked_wait* previous = nullptr;
  heap_place place{};  // among those with a deadline

  [[nodiscard]] bool before(const parked_wait& other) const noexcept {
    return *until < *other.until;
  }
};

/// The parked waits of one apartment, oldest first. Thousands when apartments call each other
/// deeply, so nothing that happens with every call may walk along them; those with a deadline are
/// in an indexed_heap of their host's as well. Owner thread.
class parked_wait_list {
 public:
  void add(parked_wait& parked) noexcept {
    parked.previous = last_;
    (last_ != nullptr ? last_->next : first_) = &parked;
    last_ = &parked;
  }

  void remove(parked_wait& parked) noexcept {
    (parked.previous != nullptr ? parked.previous->next : first_) = parked.next;
    (parked.next != nullptr ? parked.next->previous : last_) = parked.previous;
  }

  template <class Visit>
  void for_each(Visit visit) const {
    for (parked_wait* parked = first_; parked != nullptr; parked = parked->next) visit(*parked);
  }

 private:
  parked_wait* first_ = nullptr;
  parked_wait* last_ = nullptr;
};

}  // namespace insula
