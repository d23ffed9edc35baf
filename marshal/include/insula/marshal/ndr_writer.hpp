// SPDX-License-Identifier: MIT
#pragma once

#include <insula/core/unknown.hpp>
#include <insula/marshal/ndr_primitive.hpp>
#include <insula/marshal/packet_ledger.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace insula {

static_assert(std::endian::native == std::endian::little,
              "the writer copies memory images: a big-endian port needs a swapping writer");

/// Writes NDR 2.0 transfer syntax (C706, chapter 14), little-endian, in one of two passes over the
/// same code: *counting* (no buffer: only the size is learned) and *writing* (into a buffer at
/// least as large as the counting pass said). Alignment is relative to the start of the buffer.
/// From: one thread at a time. Fails: throws `ndr_error` when the buffer is too small, the value
/// nests deeper than `max_depth`, or an interface pointer cannot be marshaled.
class ndr_writer {
 public:
  /// Counting pass.
  ndr_writer() = default;
  /// Writing pass. `ledger` learns where interface packets were put; null only when the value
  /// holds no interface pointers.
  explicit ndr_writer(std::span<std::byte> buffer, packet_ledger* ledger = nullptr)
      : data_(buffer.data() != nullptr ? buffer.data() : &no_bytes_),
        capacity_(buffer.size()),
        ledger_(ledger) {}

  [[nodiscard]] bool counting() const noexcept { return data_ == nullptr; }
  /// Bytes used so far.
  [[nodiscard]] std::size_t size() const noexcept { return size_; }

  /// Pads with zeros up to a multiple of `boundary` (1, 2, 4 or 8).
  void align(std::size_t boundary) {
    const std::size_t padding = (0 - size_) & (boundary - 1);
    if (data_ != nullptr && padding != 0) {
      need(padding);
      std::memset(data_ + size_, 0, padding);
    }
    size_ += padding;
  }

  /// A primitive of 1, 2, 4 or 8 bytes at its own alignment.
  template <class T>
    requires ndr_primitive<T>
  void primitive(T value) {
    align(sizeof(T));
    bytes(&value, sizeof(T));
  }

  /// `count` bytes as they are.
  void bytes(const void* from, std::size_t count) {
    if (data_ != nullptr) {
      need(count);
      if (count != 0) std::memcpy(data_ + size_, from, count);
    }
    size_ += count;
  }

  /// A count of elements, as four bytes. Fails: more than fit.
  void count(std::size_t elements) {
    if (elements > max_size) overflow();
    primitive(static_cast<std::uint32_t>(elements));
  }

  /// A referent id for a unique or full pointer that is not null: distinct in this message.
  std::uint32_t next_referent() noexcept { return next_referent_ += 4; }

  /// Full pointers: the id given to `pointee` before in this message, or a new one with
  /// `*is_new` true. Objects of different types may start at one address: `type` tells them apart.
  std::uint32_t full_referent(const void* pointee, const void* type, bool* is_new);
  /// From here on pointees are written that their receiver may free (or no longer): full pointers
  /// share within what it may free, and within the rest, never across.
  void set_replaceable(bool now) noexcept { replaceable_ = now; }
  /// True for the first who asks: that one writes the pointee of this full pointer.
  bool claim_full_pointee(const void* pointee, const void* type);

  /// An interface pointer: unique pointer to a counted, conformant array of the packet's bytes
  /// (MS-DCOM 2.2.14 MInterfacePointer). Split as NDR wants it: the referent id now, the packet
  /// when its turn among the deferred pointees comes.
  void interface_referent(IUnknown* object) {
    primitive<std::uint32_t>(object == nullptr ? 0 : next_referent());
  }
  /// Nothing for null.
  void interface_body(REFIID iid, IUnknown* object);

  /// Stands around the writing of every pointee that is not text. Throws when pointees nest deeper
  /// than `max_depth`, which a cycle of plain pointers does, or the message has grown too large.
  class nesting {
   public:
    explicit nesting(ndr_writer& writer) : writer_(writer) {
      if (writer_.depth_ == max_depth) too_deep();
      if (writer_.size_ > max_size) overflow();
      ++writer_.depth_;
    }
    ~nesting() { --writer_.depth_; }
    nesting(const nesting&) = delete;
    nesting& operator=(const nesting&) = delete;

   private:
    ndr_writer& writer_;
  };
  static constexpr int max_depth = 512;
  /// A message's length must fit into RPCOLEMESSAGE::cbBuffer with room for a header.
  static constexpr std::size_t max_size = 0xFFFF0000;

  ndr_writer(const ndr_writer&) = delete;
  ndr_writer& operator=(const ndr_writer&) = delete;
  ~ndr_writer() {
    if (full_ != nullptr) forget_full_pointers();
  }

 private:
  void need(std::size_t count) const {
    if (count > capacity_ - size_) overflow();
  }
  [[noreturn]] static void overflow();
  [[noreturn]] static void too_deep();
  void forget_full_pointers() noexcept;

  static inline std::byte no_bytes_{};  // an empty buffer is still a buffer: never written

  std::byte* data_ = nullptr;
  std::size_t capacity_ = 0;
  std::size_t size_ = 0;
  packet_ledger* ledger_ = nullptr;
  std::uint32_t next_referent_ = 0x00020000 - 4;
  int depth_ = 0;
  bool replaceable_ = false;
  struct full_pointers;
  full_pointers* full_ = nullptr;  // made for the first full pointer
};

}  // namespace insula
