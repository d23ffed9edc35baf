// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

namespace insula {

class call;
struct work_item;

/// Where call objects rest: one cache per thread. Threads that only give (they serve one-way calls)
/// pass them on in batches to threads that only take, so no call object is allocated twice.
/// Owner: its thread.
class call_cache {
 public:
  /// A chain of resting call objects.
  struct batch {
    work_item* first = nullptr;
    std::size_t count = 0;
    void push(work_item* rested) noexcept;
    work_item* pop() noexcept;
  };

  /// Fails: throws std::bad_alloc.
  call* take();
  void give(call* rested) noexcept;
  /// Leaves everything to other threads, as this thread ends.
  void flush() noexcept;

 private:
  // One to work from, one in reserve, so that a thread that takes and gives by turns does not go to
  // the depot at the border.
  batch current_;
  batch reserve_;
};

}  // namespace insula
