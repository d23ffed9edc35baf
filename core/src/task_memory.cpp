// SPDX-License-Identifier: MIT
//
//   [ size | mark ][ the caller's bytes … ]
//
// The mark tells a block from what is none: it is made of the block's own address, and taken away
// when the block is freed.
#include "insula/core/task_memory.hpp"

#include "live_count.hpp"
#include "task_block.hpp"

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <new>

#include <sys/uio.h>
#include <unistd.h>

namespace insula {
namespace {

constinit live_count live_block_count;

struct alignas(std::max_align_t) header {
  std::size_t size;
  std::uintptr_t mark;
};
static_assert(sizeof(header) == 16);

std::uintptr_t mark_of(const header* first) noexcept {
  constexpr std::uintptr_t pattern = static_cast<std::uintptr_t>(0x9e3779b97f4a7c15u);
  return reinterpret_cast<std::uintptr_t>(first) ^ pattern;
}

header* header_of(void* block) noexcept { return static_cast<header*>(block) - 1; }
const header* header_of(const void* block) noexcept {
  return static_cast<const header*>(block) - 1;
}

bool too_large(std::size_t size) noexcept {
  return size > std::numeric_limits<std::size_t>::max() - sizeof(header);
}

void* marked(void* memory, std::size_t size) noexcept {
  header* const first = ::new (memory) header;
  *first = {size, mark_of(first)};
  return first + 1;
}

}  // namespace

std::size_t live_task_allocations() noexcept { return live_block_count.value(); }

void* CoTaskMemAlloc(std::size_t size) noexcept {
  if (too_large(size)) return nullptr;
  void* const memory = std::malloc(sizeof(header) + size);
  if (memory == nullptr) return nullptr;
  live_block_count.add(1);
  return marked(memory, size);
}

void* CoTaskMemRealloc(void* block, std::size_t size) noexcept {
  if (block == nullptr) return CoTaskMemAlloc(size);
  if (size == 0) {
    CoTaskMemFree(block);
    return nullptr;
  }
  if (too_large(size)) return nullptr;
  header* const first = header_of(block);
  const header before = *first;
  first->mark = 0;  // it may move
  void* const memory = std::realloc(first, sizeof(header) + size);
  if (memory == nullptr) {
    *first = before;
    return nullptr;
  }
  return marked(memory, size);
}

void CoTaskMemFree(void* block) noexcept {
  if (block == nullptr) return;
  live_block_count.add(-1);
  header* const first = header_of(block);
  // Volatile: a store into memory that is freed next would be left out.
  *const_cast<volatile std::uintptr_t*>(&first->mark) = 0;
  std::free(first);
}

std::size_t task_block_size(const void* block) noexcept { return header_of(block)->size; }

int is_task_block(const void* block) noexcept {
  if (block == nullptr) return -1;
  if (reinterpret_cast<std::uintptr_t>(block) % alignof(header) != 0) return 0;
  // The pointer may be anything, so the system does the reading: it fails where there is nothing.
  const header* const first = header_of(block);
  header seen{};
  const iovec to{&seen, sizeof seen};
  const iovec from{const_cast<header*>(first), sizeof seen};
  const ssize_t got = ::process_vm_readv(::getpid(), &to, 1, &from, 1, 0);
  if (got == static_cast<ssize_t>(sizeof seen)) return seen.mark == mark_of(first) ? 1 : 0;
  return got < 0 && errno != EFAULT ? -1 : 0;
}

}  // namespace insula
