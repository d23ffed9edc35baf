// SPDX-License-Identifier: MIT
//
// The program's own malloc family: glibc's, counted. The C library's own calls come here too.
#include "allocation_count.hpp"

#include <atomic>
#include <cerrno>
#include <cstddef>

extern "C" {
void* __libc_malloc(std::size_t size) noexcept;
void* __libc_calloc(std::size_t count, std::size_t size) noexcept;
void* __libc_realloc(void* memory, std::size_t size) noexcept;
void* __libc_memalign(std::size_t alignment, std::size_t size) noexcept;
}

namespace insula::bench {
namespace {

std::atomic<bool> counting{false};          // atomic: a switch, ordered with nothing
std::atomic<std::uint64_t> allocations{0};  // atomic: a statistic

void count() noexcept {
  if (counting.load(std::memory_order_relaxed)) allocations.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace

allocation_count::allocation_count() {
  allocations.store(0, std::memory_order_relaxed);
  counting.store(true, std::memory_order_relaxed);
}
allocation_count::~allocation_count() { counting.store(false, std::memory_order_relaxed); }

std::uint64_t allocation_count::so_far() const {
  return allocations.load(std::memory_order_relaxed);
}

}  // namespace insula::bench

extern "C" {

void* malloc(std::size_t size) noexcept {
  insula::bench::count();
  return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) noexcept {
  insula::bench::count();
  return __libc_calloc(count, size);
}
void* realloc(void* memory, std::size_t size) noexcept {
  insula::bench::count();
  return __libc_realloc(memory, size);
}
void* memalign(std::size_t alignment, std::size_t size) noexcept {
  insula::bench::count();
  return __libc_memalign(alignment, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  insula::bench::count();
  return __libc_memalign(alignment, size);
}
int posix_memalign(void** memory, std::size_t alignment, std::size_t size) noexcept {
  insula::bench::count();
  void* const made = __libc_memalign(alignment, size);
  if (made == nullptr) return ENOMEM;
  *memory = made;
  return 0;
}

}  // extern "C"
