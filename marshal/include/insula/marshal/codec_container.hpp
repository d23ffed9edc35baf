// SPDX-License-Identifier: MIT
//
// std::vector<T>, std::vector<bool> and std::span<const T> (for [in] only): a pointer, never null,
// to an NDR conformant array (C706, 14.3.3), wherever they stand.
//
//   flat      referent id         4
//   deferred  maximum count       4   = number of elements
//             flat elements           one after the other
//             their pointees          in the same order
//
// std::vector<bool> is an array of boolean, one byte each.
#pragma once

#include <insula/marshal/codec_string.hpp>
#include <insula/marshal/ndr_array.hpp>
#include <insula/marshal/ndr_codec.hpp>

#include <cstddef>
#include <span>
#include <type_traits>
#include <vector>

namespace insula {

namespace detail {

template <class T>
struct container_codec {
  using parts = ndr_parts<T>;
  static constexpr std::size_t alignment = 4;
  static constexpr std::size_t min_size = 4;
  static constexpr std::size_t fixed_size = 0;
  static constexpr bool has_deferred = true;
  static constexpr bool blittable = false;
};

template <class T>
void write_conformant(ndr_writer& writer, const T* first, std::size_t count) {
  const ndr_writer::nesting inside(writer);
  writer.count(count);
  write_elements(writer, first, count);
  write_elements_deferred(writer, first, count);
}

}  // namespace detail

template <class T, class Allocator>
struct ndr_codec<std::vector<T, Allocator>> : detail::container_codec<T> {
  using vector = std::vector<T, Allocator>;

  static void write(ndr_writer& writer, const vector&) { writer.primitive(writer.next_referent()); }
  static void write_deferred(ndr_writer& writer, const vector& value) {
    detail::write_conformant(writer, value.data(), value.size());
  }
  static void read(ndr_reader& reader, vector&) { detail::read_reference(reader); }
  static void read_deferred(ndr_reader& reader, vector& value) {
    const ndr_reader::nesting inside(reader);
    value.resize(reader.count(ndr_codec<T>::min_size));
    read_elements(reader, value.data(), value.size());
    read_elements_deferred(reader, value.data(), value.size());
  }
  static void free(vector& value) noexcept { free_elements(value.data(), value.size()); }
};

template <class Allocator>
struct ndr_codec<std::vector<bool, Allocator>> : detail::container_codec<bool> {
  using vector = std::vector<bool, Allocator>;

  static void write(ndr_writer& writer, const vector&) { writer.primitive(writer.next_referent()); }
  static void write_deferred(ndr_writer& writer, const vector& value) {
    const ndr_writer::nesting inside(writer);
    writer.count(value.size());
    for (const bool one : value)
      writer.primitive(one);
  }
  static void read(ndr_reader& reader, vector&) { detail::read_reference(reader); }
  static void read_deferred(ndr_reader& reader, vector& value) {
    const ndr_reader::nesting inside(reader);
    value.resize(reader.count(1));
    for (auto one : value)
      one = reader.primitive<bool>();
  }
  static void free(vector&) noexcept {}
};

template <class T>
struct ndr_codec<std::span<const T>> : detail::container_codec<T> {
  static constexpr bool in_only = true;

  static void write(ndr_writer& writer, const std::span<const T>&) {
    writer.primitive(writer.next_referent());
  }
  static void write_deferred(ndr_writer& writer, const std::span<const T>& value) {
    detail::write_conformant(writer, value.data(), value.size());
  }
  static void read(ndr_reader& reader, std::span<const T>&) { detail::read_reference(reader); }
  static void read_deferred(ndr_reader& reader, std::span<const T>& value) {
    value = read_array_in_place<T>(reader, reader.count(ndr_codec<T>::min_size));
  }
  static void free(std::span<const T>&) noexcept {}
};

}  // namespace insula
