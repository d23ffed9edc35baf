// SPDX-License-Identifier: MIT
//
// Numbers, characters, bool, enums, std::byte and GUID.
//
//   C++                          NDR
//   integers of 1, 2, 4, 8       small, short, long, hyper (long and size_t are 8 on Linux)
//   char, char8_t                char, without conversion
//   char16_t                     short;  char32_t, wchar_t: long
//   bool                         boolean: one byte, any but zero read as true
//   enum                         its underlying type (IDL's plain `enum` is 2 bytes: give yours
//                                a 16-bit underlying type to match one). An enum without a fixed
//                                underlying type is read without a check of its range.
//   float, double                float, double
//   long double                  structure of two hypers, its memory image with the low half first;
//                                NDR has no such number, so both sides must be of one platform
//   GUID                         structure of long, short, short, 8 bytes
#pragma once

#include <insula/core/guid.hpp>
#include <insula/marshal/ndr_codec.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>

namespace insula {

namespace detail {

template <class T>
consteval bool holds_bool() {
  if constexpr (std::is_enum_v<T>) return std::is_same_v<std::underlying_type_t<T>, bool>;
  else return std::is_same_v<T, bool>;
}

}  // namespace detail

template <class T>
struct ndr_codec<T, std::enable_if_t<ndr_primitive<T> && !std::is_const_v<T>>> {
  static constexpr std::size_t alignment = sizeof(T);
  static constexpr std::size_t min_size = sizeof(T);
  static constexpr std::size_t fixed_size = sizeof(T);
  static constexpr bool has_deferred = false;

  static constexpr bool blittable = !detail::holds_bool<T>();

  static void write(ndr_writer& writer, const T& value) { writer.primitive(value); }
  static void write_deferred(ndr_writer&, const T&) {}
  static void read(ndr_reader& reader, T& value) {
    if constexpr (!blittable) value = static_cast<T>(reader.primitive<bool>());
    else value = reader.primitive<T>();
  }
  static void read_deferred(ndr_reader&, T&) {}
  static void free(T&) noexcept {}
};

template <>
struct ndr_codec<long double> {
  static constexpr std::size_t alignment = 8;
  static constexpr std::size_t min_size = 16;
  static constexpr std::size_t fixed_size = 16;
  static constexpr bool has_deferred = false;
  static constexpr bool blittable = false;  // the x87 format leaves 6 of its 16 bytes unset

  static void write(ndr_writer& writer, const long double& value) {
    std::uint64_t halves[2] = {};
    std::memcpy(halves, &value, value_size);
    for (const std::uint64_t half : halves)
      writer.primitive(half);
  }
  static void write_deferred(ndr_writer&, const long double&) {}
  static void read(ndr_reader& reader, long double& value) {
    std::uint64_t halves[2] = {};
    for (std::uint64_t& half : halves)
      half = reader.primitive<std::uint64_t>();
    std::memcpy(&value, halves, value_size);
  }
  static void read_deferred(ndr_reader&, long double&) {}
  static void free(long double&) noexcept {}

 private:
  static constexpr std::size_t value_size =
      std::numeric_limits<long double>::digits == 64 ? 10 : sizeof(long double);
};

template <>
struct ndr_codec<GUID> {
  static constexpr std::size_t alignment = 4;
  static constexpr std::size_t min_size = 16;
  static constexpr std::size_t fixed_size = 16;
  static constexpr bool has_deferred = false;
  static constexpr bool blittable = true;

  static void write(ndr_writer& writer, const GUID& value) {
    writer.align(alignment);
    writer.bytes(&value, sizeof value);
  }
  static void write_deferred(ndr_writer&, const GUID&) {}
  static void read(ndr_reader& reader, GUID& value) {
    value.Data1 = reader.primitive<std::uint32_t>();
    value.Data2 = reader.primitive<std::uint16_t>();
    value.Data3 = reader.primitive<std::uint16_t>();
    std::memcpy(value.Data4, reader.bytes(sizeof value.Data4), sizeof value.Data4);
  }
  static void read_deferred(ndr_reader&, GUID&) {}
  static void free(GUID&) noexcept {}
};

}  // namespace insula
