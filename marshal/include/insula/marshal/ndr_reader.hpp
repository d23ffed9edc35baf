// SPDX-License-Identifier: MIT
#pragma once

#include <insula/core/unknown.hpp>
#include <insula/marshal/ndr_primitive.hpp>
#include <insula/marshal/rpc.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <type_traits>

namespace insula {

/// Who owns the memory that a reader makes for pointees.
enum class reader_memory {
  /// Server side, [in] arguments: pointees live in the message itself where their wire image is
  /// their memory image, else in an arena; all of it goes with the reader.
  call,
  /// Results at the client, and [in,out] pointees that a callee may replace: from CoTaskMemAlloc.
  /// Theirs once everything was read (`commit`); before that the reader takes them back.
  task,
};

/// Reads NDR 2.0 transfer syntax of either byte order from bytes that nobody vouches for: every
/// length is checked against what is left before memory is taken, nesting is bounded, and nonsense
/// ends in `ndr_error` carrying RPC_X_BAD_STUB_DATA as an HRESULT. The buffer is writable because
/// unmarshaling an interface packet marks it consumed (packet_ledger.hpp).
/// A value whose read threw is only destroyed, never given to `ndr_codec::free`: the reader takes
/// back what it had made for it.
/// From: one thread at a time.
class ndr_reader {
 public:
  /// Fails: EBCDIC text or floating point other than IEEE in `data_representation`.
  ndr_reader(std::span<std::byte> buffer, ULONG data_representation, reader_memory memory)
      : data_(buffer.data()),
        size_(buffer.size()),
        memory_(memory),
        swapped_(data_representation != ndr_local_data_representation &&
                 is_big_endian(data_representation)) {}
  ~ndr_reader() {
    if (store_ != nullptr) drop_store();
  }
  ndr_reader(const ndr_reader&) = delete;
  ndr_reader& operator=(const ndr_reader&) = delete;

  [[nodiscard]] bool swapped() const noexcept { return swapped_; }
  [[nodiscard]] reader_memory memory() const noexcept { return memory_; }
  /// For the pointees read from here on.
  void set_memory(reader_memory memory) noexcept { memory_ = memory; }
  [[nodiscard]] std::size_t remaining() const noexcept { return size_ - position_; }
  [[nodiscard]] std::size_t position() const noexcept { return position_; }

  void align(std::size_t boundary) {
    const std::size_t padding = (0 - position_) & (boundary - 1);
    need(padding);
    position_ += padding;
  }

  /// A bool is true for any byte but zero.
  template <class T>
    requires ndr_primitive<T>
  T primitive() {
    if constexpr (std::is_same_v<T, bool>) {
      return primitive<std::uint8_t>() != 0;
    } else {
      align(sizeof(T));
      need(sizeof(T));
      T value;
      if (swapped_) {
        std::byte image[sizeof(T)];
        for (std::size_t i = 0; i != sizeof(T); ++i)
          image[i] = data_[position_ + sizeof(T) - 1 - i];
        std::memcpy(&value, image, sizeof(T));
      } else {
        std::memcpy(&value, data_ + position_, sizeof(T));
      }
      position_ += sizeof(T);
      return value;
    }
  }

  /// The next `count` bytes, in place.
  std::byte* bytes(std::size_t count) {
    need(count);
    std::byte* here = data_ + position_;
    position_ += count;
    return here;
  }

  /// The next `count` elements of a blittable type, in place, if the message may be lent out:
  /// `call` memory, our byte order, and aligned in memory. Else null, and nothing is taken.
  template <class T>
  T* in_place(std::size_t elements) {
    if (memory_ != reader_memory::call || swapped_) return nullptr;
    std::byte* here = data_ + position_;
    if (reinterpret_cast<std::uintptr_t>(here) % alignof(T) != 0) return nullptr;
    need_elements(elements, sizeof(T));
    position_ += elements * sizeof(T);
    return reinterpret_cast<T*>(here);
  }

  /// A count of elements that take at least `min_element_size` bytes each: refused when that many
  /// cannot be left in the message.
  std::uint32_t count(std::size_t min_element_size) {
    const auto elements = primitive<std::uint32_t>();
    need_elements(elements, min_element_size);
    return elements;
  }
  /// Refuses when `elements` times `element_size` bytes are not left.
  void need_elements(std::size_t elements, std::size_t element_size) const {
    if (elements > remaining() / element_size) bad_data();
  }

  /// Memory for a pointee (see reader_memory), zeroed. `alignment` at most that of max_align_t.
  void* allocate(std::size_t size, std::size_t alignment);

  /// Undo on failure (`task` memory), or clean-up at the end (`call` memory), as `memory()` says
  /// now: `undo(object)` runs when the reader is destroyed, unless it belongs to `task` memory and
  /// the reader was committed. Latest first.
  void on_destroy(void (*undo)(void*) noexcept, void* object);

  /// Everything was read: task memory and what on_destroy guards with it is the caller's now.
  void commit() noexcept;

  /// Pointers are read in two steps. `read` finds the referent id and leaves it here;
  /// `read_deferred` of the same value picks it up. First in, first out within one construct;
  /// `nesting` opens a construct inside it.
  void keep_referent(std::uint32_t referent) {
    if (tail_ == capacity_) grow_referents();
    referents_[tail_++] = referent;
  }
  std::uint32_t take_referent() {
    if (head_ == tail_) bad_data();
    const std::uint32_t referent = referents_[head_++];
    if (head_ == tail_) head_ = tail_ = base_;
    return referent;
  }

  /// Full pointers: what `referent` stood for earlier in this message, or null. `type` is the
  /// same for pointers to one type only; an id that stood for another type, or for a pointee in the
  /// other kind of memory, is refused.
  void* full_pointee(std::uint32_t referent, const void* type) const;
  void remember_full_pointee(std::uint32_t referent, const void* type, void* pointee);

  /// Stands around the reading of every pointee that is not text; throws when the message nests
  /// deeper than `max_depth`.
  class nesting {
   public:
    explicit nesting(ndr_reader& reader)
        : reader_(reader), head_(reader.head_), base_(reader.base_) {
      if (reader_.depth_ == max_depth) bad_data();
      ++reader_.depth_;
      reader_.head_ = reader_.base_ = reader_.tail_;
    }
    ~nesting() {
      --reader_.depth_;
      reader_.tail_ = reader_.base_;
      reader_.head_ = head_;
      reader_.base_ = base_;
      if (head_ == reader_.tail_) reader_.head_ = reader_.tail_ = base_;
    }
    nesting(const nesting&) = delete;
    nesting& operator=(const nesting&) = delete;

   private:
    ndr_reader& reader_;
    std::size_t head_;
    std::size_t base_;
  };
  static constexpr int max_depth = 512;

  /// The packet of an interface pointer whose referent id was not null; `*out` is counted, and the
  /// caller's at once.
  void interface_body(REFIID iid, void** out);

  [[noreturn]] static void bad_data();

 private:
  void need(std::size_t count) const {
    if (count > size_ - position_) bad_data();
  }
  static bool is_big_endian(ULONG label);
  struct store;  // arena blocks, undo list, full pointers, many referents: made when first needed
  store& stored();
  void drop_store() noexcept;
  void grow_referents();

  std::byte* data_;
  std::size_t size_;
  std::size_t position_ = 0;
  reader_memory memory_;
  bool swapped_;
  int depth_ = 0;
  // The referents of the open constructs, stacked: those of the innermost from base_, its next to
  // be taken at head_, the end of all at tail_.
  std::size_t head_ = 0;
  std::size_t base_ = 0;
  std::size_t tail_ = 0;
  std::size_t capacity_ = few_;
  static constexpr std::size_t few_ = 8;
  std::array<std::uint32_t, few_> few_referents_;
  std::uint32_t* referents_ = few_referents_.data();
  store* store_ = nullptr;  // owned
};

}  // namespace insula
