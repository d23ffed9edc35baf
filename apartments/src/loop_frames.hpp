// SPDX-License-Identifier: MIT
#pragma once

#include "fiber.hpp"

namespace insula {

/// On which stacks of a thread its foreign loop has frames: loops, one inside the other, and the
/// turns that `pump::wait` runs. They must end last in, first out. So of the fibers with such
/// frames only the one with the innermost may go on; a fiber without any always may.
///
/// The frames of one fiber lie together: while another fiber has frames above them it does not run,
/// and so makes no more. The chain of fibers is their order. Owner: the thread.
class loop_frames {
 public:
  /// The fiber with the innermost frame; null: there is none.
  [[nodiscard]] fiber* innermost() const noexcept { return innermost_; }
  [[nodiscard]] static bool any_on(const fiber& one) noexcept {
    return one.frames.loops + one.frames.waits != 0;
  }
  [[nodiscard]] bool may_run(const fiber& one) const noexcept {
    return &one == innermost_ || !any_on(one);
  }

  /// `running` has opened so many loops since anybody looked.
  void opened(fiber& running, int loops) noexcept {
    hold(running);
    running.frames.loops += loops;
  }
  /// So many loops, the innermost, were closed since anybody looked.
  void closed(int loops) noexcept {
    if (innermost_ == nullptr) return;
    int& open = innermost_->frames.loops;
    open = loops < open ? open - loops : 0;
    drop_if_empty(*innermost_);
  }
  /// The work that ran on `finished` is over, and so is every loop in it.
  void forget(fiber& finished) noexcept {
    if (!any_on(finished)) return;
    finished.frames = {.below = finished.frames.below};
    drop_if_empty(finished);
  }

  /// A call of pump::wait on the fiber that runs.
  class wait_scope {
   public:
    wait_scope(loop_frames& all, fiber& running) noexcept : all_(all), running_(running) {
      all_.hold(running_);
      ++running_.frames.waits;
    }
    ~wait_scope() {
      --running_.frames.waits;
      all_.drop_if_empty(running_);
    }
    wait_scope(const wait_scope&) = delete;
    wait_scope& operator=(const wait_scope&) = delete;

   private:
    loop_frames& all_;
    fiber& running_;
  };

 private:
  void hold(fiber& running) noexcept {
    if (any_on(running)) return;
    running.frames.below = innermost_;
    innermost_ = &running;
  }
  void drop_if_empty(fiber& one) noexcept {
    if (any_on(one)) return;
    fiber** link = &innermost_;
    while (*link != nullptr && *link != &one) link = &(*link)->frames.below;
    if (*link != nullptr) *link = one.frames.below;
    one.frames.below = nullptr;
  }

  fiber* innermost_ = nullptr;
};

}  // namespace insula
