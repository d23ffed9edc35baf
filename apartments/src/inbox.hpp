// SPDX-License-Identifier: MIT
#pragma once

#include "work_item.hpp"

#include <atomic>

namespace insula {

/// The one place where threads meet: many producers, one consumer, no lock.
///
/// One word says everything:
///
///   head_    | meaning                                   | push does
///   ---------|-------------------------------------------|-----------------------------
///   null     | empty, the consumer is awake              | links, no wake needed
///   parked   | empty, the consumer sleeps or is about to | links, producer must wake it
///   closed   | nothing is taken any more                 | refuses
///   item     | newest item, linked to older ones         | links, no wake needed
///
/// The consumer takes the whole stack at once and reverses it, so items of one producer keep their
/// order and a burst costs one atomic exchange.
class inbox {
 public:
  /// `first`: queued, and there was nothing else. `closed`: refused; work_item::code may say
  /// why.
  enum class push_result { queued, first, must_wake, closed };

  /// From: any thread. The item's fields are visible to the consumer that takes it; what the
  /// consumer did before it closed is visible to whoever is refused.
  push_result push(work_item* item) noexcept {
    work_item* seen = head_.load(std::memory_order_acquire);
    do {
      if (seen == closed_mark()) return push_result::closed;
      item->next = seen == parked_mark() ? nullptr : seen;
    } while (!head_.compare_exchange_weak(seen, item, std::memory_order_acq_rel,
                                          std::memory_order_acquire));
    if (seen == nullptr) return push_result::first;
    return seen == parked_mark() ? push_result::must_wake : push_result::queued;
  }

  /// True when there is something to take. From: the consumer.
  [[nodiscard]] bool ready() const noexcept {
    work_item* seen = head_.load(std::memory_order_relaxed);
    return seen != nullptr && seen != parked_mark() && seen != closed_mark();
  }

  /// Everything pushed so far, oldest first, as a chain. From: the consumer.
  work_item* take_all() noexcept {
    if (!ready()) return nullptr;
    return reversed(head_.exchange(nullptr, std::memory_order_acq_rel));
  }

  /// Announces that the consumer goes to sleep; false when something arrived meanwhile. Nests: the
  /// consumer may run a foreign loop's events instead of sleeping, and go to sleep in one of them.
  bool try_park() noexcept {
    work_item* expected = nullptr;
    return head_.compare_exchange_strong(expected, parked_mark(), std::memory_order_acq_rel,
                                         std::memory_order_relaxed) ||
           expected == parked_mark();
  }

  /// Takes the announcement back after a sleep that ended without a push. A sleep around this one
  /// is then not announced any more: push says `first` from now on.
  void unpark() noexcept {
    work_item* expected = parked_mark();
    head_.compare_exchange_strong(expected, nullptr, std::memory_order_acq_rel,
                                  std::memory_order_relaxed);
  }

  /// Refuses everything from now on; what was still inside comes back, oldest first.
  work_item* close() noexcept {
    work_item* seen = head_.exchange(closed_mark(), std::memory_order_acq_rel);
    return seen == parked_mark() || seen == closed_mark() ? nullptr : reversed(seen);
  }

  /// A closed inbox is empty and may serve another consumer.
  void reopen() noexcept { head_.store(nullptr, std::memory_order_release); }

 private:
  static work_item* parked_mark() noexcept { return &parked_; }
  static work_item* closed_mark() noexcept { return &closed_; }

  static work_item* reversed(work_item* newest) noexcept {
    work_item* oldest = nullptr;
    while (newest != nullptr) {
      work_item* older = newest->next;
      newest->next = oldest;
      oldest = newest;
      newest = older;
    }
    return oldest;
  }

  static inline work_item parked_;
  static inline work_item closed_;
  std::atomic<work_item*> head_{nullptr};
};

}  // namespace insula
