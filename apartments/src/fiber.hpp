// SPDX-License-Identifier: MIT
#pragma once

#include "logical_thread.hpp"
#include "stack_bounds.hpp"

#include <cstddef>
#include <memory>

namespace insula {

/// One stack on which an STA's thread runs calls. The first fiber of a thread is the thread's own
/// stack; the others are made when a call has to wait and somebody else must go on pumping, and are
/// used again. A fiber never leaves the thread that made it.
///
/// Boost.Context does the switching and stays inside fiber.cpp. What belongs to the running code
/// goes along with each switch: the logical thread (apartment, causality, error info) and the C++
/// run time's record of exceptions being handled; the sanitizers are told.
class fiber {
 public:
  /// The calling thread's own stack, already running.
  static std::unique_ptr<fiber> adopt_thread();
  /// A fiber that runs `body(argument)` when first switched to. `body` ends by returning the fiber
  /// to go on with; it is not switched to again after.
  static std::unique_ptr<fiber> make(fiber* (*body)(void*), void* argument, std::size_t stack_size);

  ~fiber();
  fiber(const fiber&) = delete;
  fiber& operator=(const fiber&) = delete;

  /// Leaves `from`, which is running, for `to`; returns when somebody switches back to `from`.
  static void switch_to(fiber& from, fiber& to) noexcept;

  /// Bytes left on this fiber's stack, about. Owner: the running fiber.
  [[nodiscard]] std::size_t stack_left() const noexcept;

  /// Its stack. From: any code of the thread, a signal handler too.
  [[nodiscard]] stack_bounds stack() const noexcept;

  /// What runs on this fiber when no call has been entered.
  logical_thread logical;
  /// The list of the host that it is in: of idle fibers, or of those whose wait is over.
  fiber* next = nullptr;
  bool is_ready = false;  // in the latter
  /// What a foreign loop has on this stack (loop_frames.hpp).
  struct loop_frame_count {
    int loops = 0;
    int waits = 0;
    fiber* below = nullptr;  // the fiber with the next outer frames
  } frames;

 private:
  struct impl;
  fiber();
  std::unique_ptr<impl> impl_;
};

}  // namespace insula
