// SPDX-License-Identifier: MIT
#include "stack_bounds.hpp"

#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>

namespace insula {
namespace {

thread_local constinit std::size_t widened_by = 0;

std::uintptr_t page_size() noexcept {
  static const auto size = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  return size;
}

}  // namespace

stack_bounds own_stack() noexcept {
  stack_bounds found;
  pthread_attr_t attributes;
  if (::pthread_getattr_np(::pthread_self(), &attributes) != 0) return found;
  void* lowest = nullptr;
  std::size_t size = 0;
  std::size_t guard = 0;
  if (::pthread_attr_getstack(&attributes, &lowest, &size) == 0 && lowest != nullptr) {
    // Whether the guard is part of what is reported has changed between versions of the C library;
    // a page that is counted as guard and is none does no harm.
    (void)::pthread_attr_getguardsize(&attributes, &guard);
    guard += widened_by;
    if (guard < size) found = {static_cast<const char*>(lowest) + guard, size - guard, false};
  }
  ::pthread_attr_destroy(&attributes);
  return found;
}

std::size_t default_stack_size() noexcept {
  constexpr std::size_t usual = std::size_t{8} << 20;
  constexpr std::size_t most = std::size_t{1} << 30;  // more is somebody's way to say "no limit"
  pthread_attr_t attributes;
  if (::pthread_getattr_default_np(&attributes) != 0) return usual;
  std::size_t size = 0;
  if (::pthread_attr_getstacksize(&attributes, &size) != 0 || size == 0) size = usual;
  ::pthread_attr_destroy(&attributes);
  return std::min(size, most);
}

wide_stack_guard::wide_stack_guard() noexcept {
  const stack_bounds stack = own_stack();
  if (stack.bottom == nullptr || stack.size < 4 * stack_guard_size) return;  // too small to share
  const auto bottom = reinterpret_cast<std::uintptr_t>(stack.bottom);
  const std::uintptr_t first = (bottom + page_size() - 1) / page_size() * page_size();
  // NOLINTNEXTLINE(performance-no-int-to-ptr): rounded up to a page
  guard_ = reinterpret_cast<char*>(first);
  size_ = stack_guard_size;
  if (::mprotect(guard_, size_, PROT_NONE) != 0) {
    size_ = 0;
    return;
  }
  widened_by = size_;
}

// The C library keeps the stacks of threads that have ended for others, who want it whole.
wide_stack_guard::~wide_stack_guard() {
  if (size_ == 0) return;
  (void)::mprotect(guard_, size_, PROT_READ | PROT_WRITE);
  widened_by = 0;
}

}  // namespace insula
