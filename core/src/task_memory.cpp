// SPDX-License-Identifier: MIT
#include "insula/core/task_memory.hpp"

#include "live_count.hpp"

#include <cstdlib>

namespace insula {
namespace {
constinit live_count live_block_count;
}

std::size_t live_task_allocations() noexcept { return live_block_count.value(); }

void* CoTaskMemAlloc(std::size_t size) noexcept {
  void* const block = std::malloc(size == 0 ? 1 : size);
  if (block != nullptr) live_block_count.add(1);
  return block;
}

void* CoTaskMemRealloc(void* block, std::size_t size) noexcept {
  if (block == nullptr) return CoTaskMemAlloc(size);
  if (size == 0) {
    CoTaskMemFree(block);
    return nullptr;
  }
  return std::realloc(block, size);
}

void CoTaskMemFree(void* block) noexcept {
  if (block == nullptr) return;
  live_block_count.add(-1);
  std::free(block);
}

}  // namespace insula
