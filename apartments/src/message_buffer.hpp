// SPDX-License-Identifier: MIT
#pragma once

#include <insula/marshal/packet_ledger.hpp>

#include <cstddef>
#include <memory>
#include <new>
#include <span>

namespace insula {

/// The bytes of one message, aligned to 16, and the interface packets inside. Small messages live
/// in the object; the memory of larger ones is kept for the next message up to a limit.
class alignas(64) message_buffer {
 public:
  /// Room for `size` bytes; what was there before is gone.
  std::byte* reserve(std::size_t size) {
    if (size > capacity_) {
      heap_.reset(static_cast<std::byte*>(::operator new(size, std::align_val_t{16})));
      capacity_ = size;
    }
    size_ = size;
    return data();
  }

  [[nodiscard]] std::byte* data() noexcept { return heap_ ? heap_.get() : inline_; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] std::span<std::byte> bytes() noexcept { return {data(), size_}; }

  /// What was written at last may be shorter than what was reserved.
  void shrink_to(std::size_t size) noexcept { size_ = size < size_ ? size : size_; }

  /// Releases interface packets nobody took; forgets the bytes.
  void clear() noexcept {
    if (!packets.empty()) packets.release_unconsumed(bytes());
    size_ = 0;
    if (capacity_ > most_kept) {
      heap_.reset();
      capacity_ = sizeof inline_;
    }
  }

  packet_ledger packets;

 private:
  struct aligned_delete {
    void operator()(std::byte* bytes) const noexcept {
      ::operator delete(bytes, std::align_val_t{16});
    }
  };
  static constexpr std::size_t most_kept = std::size_t{256} * 1024;

  std::size_t size_ = 0;
  std::size_t capacity_ = sizeof inline_;
  std::unique_ptr<std::byte, aligned_delete> heap_;
  alignas(16) std::byte inline_[272];  // the first 16 share a cache line with what is above
};

}  // namespace insula
