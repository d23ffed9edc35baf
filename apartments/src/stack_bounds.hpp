// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

namespace insula {

/// The address space kept free below a stack, so that a frame which does not fit faults there and
/// does not reach into the stack beside it. Compilers touch the far end of a frame first, so it is
/// larger than the frames of reasonable code; it takes no memory.
inline constexpr std::size_t stack_guard_size = std::size_t{1} << 20;

/// A stack: it grows down from `bottom + size` to `bottom`, and below lies what faults.
struct stack_bounds {
  const char* bottom = nullptr;  // the lowest usable address; null: not known
  std::size_t size = 0;
  bool of_fiber = false;  // else the thread's own

  /// True for an address that code reaches whose stack is too small.
  [[nodiscard]] bool overflows_at(const void* address) const noexcept {
    const char* const at = static_cast<const char*>(address);
    return bottom != nullptr && at < bottom && bottom - at <= std::ptrdiff_t{stack_guard_size};
  }
};

/// The calling thread's own stack, without what guards it.
[[nodiscard]] stack_bounds own_stack() noexcept;

/// As large as the stacks that the process gives its threads.
[[nodiscard]] std::size_t default_stack_size() noexcept;

/// While it lives, the stack of the calling thread, which the library has started, has a guard of
/// stack_guard_size and not of one page. From: the beginning of the thread.
class wide_stack_guard {
 public:
  wide_stack_guard() noexcept;
  ~wide_stack_guard();
  wide_stack_guard(const wide_stack_guard&) = delete;
  wide_stack_guard& operator=(const wide_stack_guard&) = delete;

 private:
  char* guard_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace insula
