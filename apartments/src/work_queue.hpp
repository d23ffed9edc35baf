// SPDX-License-Identifier: MIT
#pragma once

#include "inbox.hpp"

#include <insula/core/thread_safety.hpp>

#include <atomic>

namespace insula {

/// Items that many threads put in and many take out; those of one thread in their order. The items
/// are the queue, so that nothing that is put in can be refused for want of memory. Who puts in
/// never waits; those who take out go one at a time.
class work_queue {
 public:
  void push(work_item* item) noexcept { (void)arrived_.push(item); }

  /// Null when there is nothing, or what there is comes just now.
  work_item* try_pop() noexcept {
    if (!sorted_ready_.load(std::memory_order_acquire) && !arrived_.ready()) return nullptr;
    const mutex_lock lock(guard_);
    if (sorted_.empty()) {
      work_item* item = arrived_.take_all();
      while (item != nullptr) {
        work_item* const next = item->next;
        sorted_.push_back(item);
        item = next;
      }
    }
    work_item* const taken = sorted_.pop_front();
    sorted_ready_.store(!sorted_.empty(), std::memory_order_release);
    return taken;
  }

 private:
  alignas(64) inbox arrived_;
  alignas(64) mutex guard_;
  work_list sorted_ INSULA_GUARDED_BY(guard_);  // oldest first
  std::atomic<bool> sorted_ready_{false};       // atomic: a hint that saves the lock
};

}  // namespace insula
