// SPDX-License-Identifier: MIT
//
// Counts by replacing operator new for the whole test program, or, where a sanitizer has its own,
// by the sanitizer's hooks. In a file of its own, so that no compiler sees malloc behind a new.
#include "heap_count.hpp"

#include <cstdlib>
#include <new>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define INSULA_TEST_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define INSULA_TEST_SANITIZED 1
#endif
#endif

namespace {

thread_local std::size_t allocations = 0;

}  // namespace

std::size_t insula::test::heap_allocations() noexcept { return allocations; }

#if defined(INSULA_TEST_SANITIZED)

// As <sanitizer/allocator_interface.h> declares it, which not every compiler's package brings.
extern "C" int __sanitizer_install_malloc_and_free_hooks(
    void (*on_malloc)(const volatile void*, std::size_t), void (*on_free)(const volatile void*));

namespace {

[[maybe_unused]] const int hooked = __sanitizer_install_malloc_and_free_hooks(
    [](const volatile void*, std::size_t) { ++allocations; }, [](const volatile void*) {});

}  // namespace

#else

void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

#endif
