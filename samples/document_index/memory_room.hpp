// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>

namespace document_index {

/// Keeps the allocator from holding back, per thread, what large texts took. To be called before
/// any thread begins.
void limit_allocator() noexcept;

/// Bounds the bytes of text that are in memory at one time, however many workers there are: who has
/// a large file takes a share before reading it and gives it back when the store has the text.
/// One share may be larger than all the room; then it is alone. From: any thread.
class memory_room {
 public:
  explicit memory_room(std::size_t bytes) : bytes_(bytes) {}

  class share {
   public:
    explicit share(memory_room& room) noexcept : room_(room) {}
    ~share() { room_.give_back(taken_); }
    share(const share&) = delete;
    share& operator=(const share&) = delete;

    /// Once per share. Waits: until others have given back enough.
    void take(std::size_t bytes);

   private:
    memory_room& room_;
    std::size_t taken_ = 0;
  };

 private:
  void give_back(std::size_t bytes) noexcept;

  const std::size_t bytes_;
  std::mutex mutex_;
  std::condition_variable given_back_;
  std::size_t taken_ = 0;  // guarded by mutex_
};

}  // namespace document_index
