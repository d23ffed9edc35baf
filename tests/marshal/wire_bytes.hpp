// SPDX-License-Identifier: MIT
//
// Values to bytes and back, for tests of the wire.
//   wire_bytes        bytes written down field by field, in either byte order
//   to_wire           what a value is written as; fails the test when counting and writing differ
//   from_wire         reads one value and commits
//   survives_cuts     every shorter message is refused and leaves no task memory behind
#pragma once

#include <insula/core/task_memory.hpp>
#include <insula/marshal/codecs.hpp>
#include <insula/marshal/rpc.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
#include <string_view>
#include <vector>

namespace insula::test {

inline constexpr ULONG little = ndr_local_data_representation;
inline constexpr ULONG big = 0;

class wire_bytes {
 public:
  explicit wire_bytes(ULONG label = little) : swap_(label == big) {}

  wire_bytes& u8(std::uint8_t value) { return number(value); }
  wire_bytes& u16(std::uint16_t value) { return number(value); }
  wire_bytes& u32(std::uint32_t value) { return number(value); }
  wire_bytes& u64(std::uint64_t value) { return number(value); }
  wire_bytes& f64(double value) { return number(std::bit_cast<std::uint64_t>(value)); }
  wire_bytes& text(std::string_view characters) {
    for (const char c : characters)
      bytes.push_back(static_cast<std::byte>(c));
    return *this;
  }
  wire_bytes& zeros(std::size_t count) {
    bytes.insert(bytes.end(), count, std::byte{0});
    return *this;
  }

  std::vector<std::byte> bytes;

 private:
  template <class T>
  wire_bytes& number(T value) {
    std::byte image[sizeof(T)];
    std::memcpy(image, &value, sizeof(T));
    if (swap_) std::reverse(image, image + sizeof(T));
    bytes.insert(bytes.end(), image, image + sizeof(T));
    return *this;
  }
  bool swap_;
};

/// A message buffer as a channel gives it: aligned to 16.
class message {
 public:
  explicit message(const std::vector<std::byte>& bytes)
      : storage_(bytes.size() / sizeof(block) + 1), size_(bytes.size()) {
    if (size_ != 0) std::memcpy(storage_.data(), bytes.data(), size_);
  }
  std::span<std::byte> span() { return {reinterpret_cast<std::byte*>(storage_.data()), size_}; }

 private:
  struct alignas(16) block {
    std::byte bytes[16];
  };
  std::vector<block> storage_;
  std::size_t size_;
};

template <class T>
void write_value(ndr_writer& writer, const T& value) {
  ndr_codec<T>::write(writer, value);
  if constexpr (ndr_codec<T>::has_deferred) ndr_codec<T>::write_deferred(writer, value);
}

template <class T>
void read_value(ndr_reader& reader, T& value) {
  ndr_codec<T>::read(reader, value);
  if constexpr (ndr_codec<T>::has_deferred) ndr_codec<T>::read_deferred(reader, value);
}

template <class T>
std::vector<std::byte> to_wire(const T& value) {
  ndr_writer counter;
  write_value(counter, value);
  std::vector<std::byte> bytes(counter.size(), std::byte{0xEE});
  ndr_writer writer(bytes);
  write_value(writer, value);
  EXPECT_EQ(writer.size(), counter.size());
  return bytes;
}

template <class T>
T from_wire(const std::vector<std::byte>& bytes, ULONG label = little) {
  message in(bytes);
  ndr_reader reader(in.span(), label, reader_memory::task);
  T value{};
  read_value(reader, value);
  EXPECT_EQ(reader.remaining(), 0u);
  reader.commit();
  return value;
}

template <class T>
T round_trip(const T& value) {
  return from_wire<T>(to_wire(value));
}

template <class T>
HRESULT code_of_reading(const std::vector<std::byte>& bytes, ULONG label = little,
                        reader_memory memory = reader_memory::task) {
  message in(bytes);
  try {
    ndr_reader reader(in.span(), label, memory);
    T value{};
    read_value(reader, value);
  } catch (const ndr_error& refused) {
    return refused.code();
  }
  return S_OK;
}

template <class T>
void survives_cuts(const std::vector<std::byte>& whole) {
  const std::size_t before = live_task_allocations();
  for (const reader_memory memory : {reader_memory::task, reader_memory::call}) {
    for (std::size_t size = 0; size != whole.size(); ++size) {
      const std::vector<std::byte> cut(whole.begin(),
                                       whole.begin() + static_cast<std::ptrdiff_t>(size));
      EXPECT_EQ(code_of_reading<T>(cut, little, memory), HRESULT_RPC_X_BAD_STUB_DATA)
          << size << " of " << whole.size() << " bytes";
    }
    EXPECT_EQ(code_of_reading<T>(whole, little, memory), S_OK);
  }
  EXPECT_EQ(live_task_allocations(), before);
}

}  // namespace insula::test
