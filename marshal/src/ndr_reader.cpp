// SPDX-License-Identifier: MIT
#include <insula/marshal/ndr_reader.hpp>

#include <insula/core/task_memory.hpp>
#include <insula/marshal/interface_packet.hpp>
#include <insula/marshal/ndr_error.hpp>

#include <algorithm>
#include <memory>
#include <new>
#include <unordered_map>
#include <vector>

#if defined(__SANITIZE_ADDRESS__)
#define INSULA_PIECES_APART true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define INSULA_PIECES_APART true
#endif
#endif
#ifndef INSULA_PIECES_APART
#define INSULA_PIECES_APART false
#endif

namespace insula {

struct ndr_reader::store {
  struct undo {
    void (*run)(void*) noexcept;
    void* object;
    reader_memory memory;
  };
  struct full_pointer {
    const void* type;
    void* pointee;
    reader_memory memory;
  };

  store() = default;
  store(const store&) = delete;
  store& operator=(const store&) = delete;
  ~store() {
    for (auto one = undos.rbegin(); one != undos.rend(); ++one)
      one->run(one->object);
  }

  void* from_arena(std::size_t size, std::size_t alignment) {
    // So that the address sanitizer sees a callee that writes beyond what it was given.
    if constexpr (INSULA_PIECES_APART) {
      blocks_.push_back(std::make_unique_for_overwrite<std::byte[]>(size));
      return blocks_.back().get();
    }
    void* at = free_;
    if (std::align(alignment, size, at, room_) == nullptr) {
      const std::size_t block = std::max(next_block_, size + alignment);
      blocks_.push_back(std::make_unique_for_overwrite<std::byte[]>(block));
      next_block_ = std::min(2 * next_block_, largest_block);
      at = blocks_.back().get();
      room_ = block;
      (void)std::align(alignment, size, at, room_);
    }
    free_ = static_cast<std::byte*>(at) + size;
    room_ -= size;
    return at;
  }

  std::vector<undo> undos;
  std::unordered_map<std::uint32_t, full_pointer> full_pointers;
  std::unique_ptr<std::uint32_t[]> many_referents;

 private:
  static constexpr std::size_t first_block = 512;
  static constexpr std::size_t largest_block = std::size_t{256} * 1024;

  alignas(std::max_align_t) std::byte first_[first_block];
  std::vector<std::unique_ptr<std::byte[]>> blocks_;
  std::byte* free_ = first_;
  std::size_t room_ = first_block;
  std::size_t next_block_ = 4 * first_block;
};

// C706, 14.1: the high half of the first byte tells the order of integers (0 big, 1 little), the
// low half the alphabet (0 ASCII); the second byte is 0 for IEEE numbers.
bool ndr_reader::is_big_endian(ULONG label) {
  const ULONG integers = label >> 4 & 0xF;
  const ULONG alphabet = label & 0xF;
  const ULONG floating = label >> 8 & 0xFF;
  if (integers > 1 || alphabet != 0 || floating != 0)
    throw ndr_error(HRESULT_RPC_X_BAD_STUB_DATA,
                    "the message is not in ASCII and IEEE numbers, which is all that is read here");
  return integers == 0;
}

ndr_reader::store& ndr_reader::stored() {
  // Not value-initialised: that would fill the first block of the arena for nothing.
  if (store_ == nullptr) store_ = new store;
  return *store_;
}

void ndr_reader::drop_store() noexcept { delete store_; }

void ndr_reader::bad_data() {
  throw ndr_error(HRESULT_RPC_X_BAD_STUB_DATA,
                  "the message is malformed: it does not hold the values that "
                  "the method's description says");
}

void* ndr_reader::allocate(std::size_t size, std::size_t alignment) {
  void* memory = nullptr;
  if (memory_ == reader_memory::call) {
    memory = stored().from_arena(size, alignment);
  } else {
    memory = CoTaskMemAlloc(size);
    if (memory == nullptr) throw std::bad_alloc();
    try {
      on_destroy(&CoTaskMemFree, memory);
    } catch (...) {
      CoTaskMemFree(memory);
      throw;
    }
  }
  std::memset(memory, 0, size);
  return memory;
}

void ndr_reader::on_destroy(void (*undo)(void*) noexcept, void* object) {
  stored().undos.push_back({undo, object, memory_});
}

void ndr_reader::commit() noexcept {
  if (store_ == nullptr) return;
  std::erase_if(store_->undos,
                [](const store::undo& one) { return one.memory == reader_memory::task; });
}

void ndr_reader::grow_referents() {
  auto larger = std::make_unique_for_overwrite<std::uint32_t[]>(4 * capacity_);
  std::copy(referents_, referents_ + tail_, larger.get());
  store& here = stored();
  here.many_referents = std::move(larger);
  referents_ = here.many_referents.get();
  capacity_ *= 4;
}

void* ndr_reader::full_pointee(std::uint32_t referent, const void* type) const {
  if (store_ == nullptr) return nullptr;
  const auto found = store_->full_pointers.find(referent);
  if (found == store_->full_pointers.end()) return nullptr;
  if (found->second.type != type || found->second.memory != memory_) bad_data();
  return found->second.pointee;
}

void ndr_reader::remember_full_pointee(std::uint32_t referent, const void* type, void* pointee) {
  stored().full_pointers[referent] = {type, pointee, memory_};
}

void ndr_reader::interface_body(REFIID iid, void** out) {
  *out = nullptr;
  const auto maximum = primitive<std::uint32_t>();
  const std::uint32_t length = count(1);
  if (maximum != length) bad_data();
  const HRESULT code = read_interface_packet({bytes(length), length}, iid, out);
  if (FAILED(code)) throw ndr_error(code, "an interface pointer could not be unmarshaled");
}

}  // namespace insula
