// SPDX-License-Identifier: MIT
//
// The replaced functions. The linker's --wrap leads the library's own malloc, mmap and mprotect
// here, and nobody else's: what the C library or a sanitizer asks for is not ours to refuse.
#include "shortage.hpp"

#include <dlfcn.h>
#include <execinfo.h>
#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <new>

namespace insula::test {
namespace {

// Negative: nothing is refused. Else how many requests are left before one is.
constinit std::atomic<std::int64_t> left[3] = {-1, -1, -1};
constinit std::atomic<bool> for_good{false};
constinit std::atomic<std::uint64_t> refusals{0};
constinit std::atomic<std::int64_t> blocks{0};
constinit thread_local int sparing = 0;

constexpr int most_frames = 40;
constinit void* frames[most_frames] = {};
constinit std::atomic<int> frame_count{0};

// The first one loads a library, which takes memory.
[[maybe_unused]] const int frames_are_loaded = ::backtrace(frames, most_frames);

bool refused(resource kind) noexcept {
  std::atomic<std::int64_t>& counter = left[static_cast<int>(kind)];
  if (counter.load(std::memory_order_relaxed) < 0 || sparing != 0) return false;
  const std::int64_t before = counter.fetch_sub(1, std::memory_order_relaxed);
  if (before > 1 || before < 0) return false;
  if (before == 0) {
    counter.store(0, std::memory_order_relaxed);
    if (!for_good.load(std::memory_order_relaxed)) return false;
  } else if (for_good.load(std::memory_order_relaxed)) {
    counter.store(0, std::memory_order_relaxed);
  } else {
    counter.store(-1, std::memory_order_relaxed);
  }
  if (refusals.fetch_add(1, std::memory_order_relaxed) == 0) {
    const shortage::spared ours;
    frame_count.store(::backtrace(frames, most_frames), std::memory_order_relaxed);
  }
  return true;
}

void* counted(void* block) noexcept {
  if (block != nullptr) blocks.fetch_add(1, std::memory_order_relaxed);
  return block;
}

}  // namespace

const char* to_string(resource kind) noexcept {
  switch (kind) {
    case resource::memory:
      return "allocation";
    case resource::thread:
      return "thread start";
    case resource::stack:
      return "stack";
  }
  return "?";
}

shortage::shortage(resource kind, std::uint64_t nth, bool lasting) noexcept {
  refusals.store(0, std::memory_order_relaxed);
  for_good.store(lasting, std::memory_order_relaxed);
  left[static_cast<int>(kind)].store(static_cast<std::int64_t>(nth), std::memory_order_relaxed);
}

shortage::~shortage() {
  for (auto& counter : left) counter.store(-1, std::memory_order_relaxed);
}

bool shortage::met() noexcept { return refusals.load(std::memory_order_relaxed) != 0; }

void shortage::print_place() noexcept {
  const spared ours;
  ::backtrace_symbols_fd(frames, frame_count.load(std::memory_order_relaxed), STDERR_FILENO);
}

shortage::spared::spared() noexcept { ++sparing; }
shortage::spared::~spared() { --sparing; }

std::int64_t live_blocks() noexcept { return blocks.load(std::memory_order_relaxed); }

}  // namespace insula::test

using insula::test::counted;
using insula::test::refused;
using insula::test::resource;

extern "C" {

void* __real_malloc(std::size_t size);
void* __real_realloc(void* block, std::size_t size);
void* __real_mmap(void* where, std::size_t size, int protection, int flags, int file, off_t offset);
int __real_mprotect(void* where, std::size_t size, int protection);

void* __wrap_malloc(std::size_t size) {
  return refused(resource::memory) ? nullptr : __real_malloc(size);
}
void* __wrap_realloc(void* block, std::size_t size) {
  return refused(resource::memory) ? nullptr : __real_realloc(block, size);
}

void* __wrap_mmap(void* where, std::size_t size, int protection, int flags, int file,
                  off_t offset) {
  if ((flags & MAP_STACK) != 0 && refused(resource::stack)) {
    errno = ENOMEM;
    return MAP_FAILED;
  }
  return __real_mmap(where, size, protection, flags, file, offset);
}
int __wrap_mprotect(void* where, std::size_t size, int protection) {
  if (refused(resource::stack)) {
    errno = ENOMEM;
    return -1;
  }
  return __real_mprotect(where, size, protection);
}

// Not wrapped, for it is the C++ library that calls it.
int pthread_create(pthread_t* made, const pthread_attr_t* attributes, void* (*body)(void*),
                   void* argument) {
  if (refused(resource::thread)) return EAGAIN;
  using function = int (*)(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*);
  static const auto real = reinterpret_cast<function>(::dlsym(RTLD_NEXT, "pthread_create"));
  return real(made, attributes, body, argument);
}

}  // extern "C"

// ---- operator new and delete --------------------------------------------------------------------

namespace {

void* taken(std::size_t size, std::size_t alignment) noexcept {
  if (refused(resource::memory)) return nullptr;
  if (size == 0) size = 1;
  if (alignment <= alignof(std::max_align_t)) return counted(__real_malloc(size));
  void* block = nullptr;
  return ::posix_memalign(&block, alignment, size) == 0 ? counted(block) : nullptr;
}

void* taken_or_thrown(std::size_t size, std::size_t alignment) {
  if (void* const block = taken(size, alignment)) return block;
  throw std::bad_alloc();
}

void given_back(void* block) noexcept {
  if (block == nullptr) return;
  insula::test::blocks.fetch_sub(1, std::memory_order_relaxed);
  std::free(block);
}

}  // namespace

void* operator new(std::size_t size) { return taken_or_thrown(size, 1); }
void* operator new[](std::size_t size) { return taken_or_thrown(size, 1); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  return taken_or_thrown(size, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
  return taken_or_thrown(size, static_cast<std::size_t>(alignment));
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return taken(size, 1); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return taken(size, 1); }
void* operator new(std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
  return taken(size, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment, const std::nothrow_t&) noexcept {
  return taken(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* block) noexcept { given_back(block); }
void operator delete[](void* block) noexcept { given_back(block); }
void operator delete(void* block, std::size_t) noexcept { given_back(block); }
void operator delete[](void* block, std::size_t) noexcept { given_back(block); }
void operator delete(void* block, std::align_val_t) noexcept { given_back(block); }
void operator delete[](void* block, std::align_val_t) noexcept { given_back(block); }
void operator delete(void* block, std::size_t, std::align_val_t) noexcept { given_back(block); }
void operator delete[](void* block, std::size_t, std::align_val_t) noexcept { given_back(block); }
void operator delete(void* block, const std::nothrow_t&) noexcept { given_back(block); }
void operator delete[](void* block, const std::nothrow_t&) noexcept { given_back(block); }
