// SPDX-License-Identifier: MIT
#include "memory_room.hpp"

#include <malloc.h>

namespace document_index {

void limit_allocator() noexcept {
#ifdef __GLIBC__
  // Left alone, glibc keeps an arena per thread, and keeps blocks there up to the size that it has
  // seen freed.
  ::mallopt(M_ARENA_MAX, 4);
  ::mallopt(M_MMAP_THRESHOLD, 256 << 10);
  ::mallopt(M_TRIM_THRESHOLD, 1 << 20);
#endif
}

void memory_room::share::take(std::size_t bytes) {
  std::unique_lock lock(room_.mutex_);
  room_.given_back_.wait(lock, [&] {
    return room_.taken_ == 0 || room_.taken_ + bytes <= room_.bytes_;
  });
  room_.taken_ += bytes;
  taken_ = bytes;
}

void memory_room::give_back(std::size_t bytes) noexcept {
  if (bytes == 0) return;
  {
    const std::lock_guard lock(mutex_);
    taken_ -= bytes;
  }
  given_back_.notify_all();
}

}  // namespace document_index
