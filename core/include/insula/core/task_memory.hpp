// SPDX-License-Identifier: MIT
//
// Memory that one side of an interface allocates and the other side frees.
#pragma once

#include <cstddef>
#include <memory>

namespace insula {

extern "C" {

/// `size` bytes, aligned for any type; 0 bytes give a block too. Null when there is no memory.
/// From: any thread; may be freed on another one.
void* CoTaskMemAlloc(std::size_t size) noexcept;
/// Changes the size, moving the block when it must. A null `block` allocates; size 0 frees and
/// gives null. On failure it gives null and the block stays as it was.
void* CoTaskMemRealloc(void* block, std::size_t size) noexcept;
/// Null is allowed.
void CoTaskMemFree(void* block) noexcept;

}  // extern "C"

/// Blocks of task memory, and BSTRs, that nobody has freed yet. Exact when no other thread is
/// allocating or freeing. From: any thread.
std::size_t live_task_allocations() noexcept;

struct task_memory_deleter {
  void operator()(void* block) const noexcept { CoTaskMemFree(block); }
};

/// Owns a block of task memory. The T in it is not destroyed: use it for plain data.
template <class T>
using task_ptr = std::unique_ptr<T, task_memory_deleter>;

}  // namespace insula
