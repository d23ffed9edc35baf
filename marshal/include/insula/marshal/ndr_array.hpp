// SPDX-License-Identifier: MIT
//
// The elements of arrays, in bulk where their memory image is their wire image. The counts that
// precede them on the wire are the caller's business.
#pragma once

#include <insula/marshal/ndr_codec.hpp>
#include <insula/marshal/pointee_sweep.hpp>

#include <cstddef>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <type_traits>

namespace insula {

/// Flat parts of `count` elements, one after the other, from the alignment of the element on.
template <class T>
void write_elements(ndr_writer& writer, const T* first, std::size_t count) {
  using codec = ndr_codec<T>;
  writer.align(codec::alignment);
  if constexpr (codec::blittable) {
    writer.bytes(first, count * sizeof(T));
  } else {
    for (std::size_t i = 0; i != count; ++i)
      codec::write(writer, first[i]);
  }
}

template <class T>
void write_elements_deferred(ndr_writer& writer, const T* first, std::size_t count) {
  if constexpr (ndr_codec<T>::has_deferred)
    for (std::size_t i = 0; i != count; ++i)
      ndr_codec<T>::write_deferred(writer, first[i]);
}

/// Into `count` default-constructed elements; the count was checked against what is left.
template <class T>
void read_elements(ndr_reader& reader, T* first, std::size_t count) {
  using codec = ndr_codec<T>;
  reader.align(codec::alignment);
  if constexpr (codec::blittable) {
    if (!reader.swapped()) {
      reader.need_elements(count, sizeof(T));
      const std::byte* from = reader.bytes(count * sizeof(T));
      if (count != 0) std::memcpy(static_cast<void*>(first), from, count * sizeof(T));
      return;
    }
  }
  for (std::size_t i = 0; i != count; ++i)
    codec::read(reader, first[i]);
}

template <class T>
void read_elements_deferred(ndr_reader& reader, T* first, std::size_t count) {
  if constexpr (ndr_codec<T>::has_deferred)
    for (std::size_t i = 0; i != count; ++i)
      ndr_codec<T>::read_deferred(reader, first[i]);
}

template <class T>
void free_elements(T* first, std::size_t count) noexcept {
  if constexpr (ndr_codec<T>::has_deferred) {
    const pointee_sweep together;
    for (std::size_t i = 0; i != count; ++i) ndr_codec<T>::free(first[i]);
  }
}

namespace detail {

// Elements that the reader made and must destroy.
template <class T>
struct made_elements {
  T* first;
  std::size_t count;
  static void destroy(void* self) noexcept {
    auto* made = static_cast<made_elements*>(self);
    std::destroy_n(made->first, made->count);
  }
};

// `count` default-constructed elements in the reader's memory.
template <class T>
T* make_elements(ndr_reader& reader, std::size_t count) {
  static_assert(alignof(T) <= alignof(std::max_align_t), "over-aligned types do not travel");
  T* first = static_cast<T*>(reader.allocate(count * sizeof(T), alignof(T)));
  if constexpr (std::is_trivially_destructible_v<T>) {
    for (std::size_t i = 0; i != count; ++i)
      ::new (static_cast<void*>(first + i)) T{};
  } else {
    void* at = reader.allocate(sizeof(made_elements<T>), alignof(made_elements<T>));
    auto* made = ::new (at) made_elements<T>{first, 0};
    reader.on_destroy(&made_elements<T>::destroy, made);
    for (; made->count != count; ++made->count)
      ::new (static_cast<void*>(first + made->count)) T{};
  }
  return first;
}

}  // namespace detail

/// The `count` elements of an array with all that hangs below them (the whole construct: flat
/// parts, then pointees), for [in] arguments: the span lies in the message itself where alignment
/// and byte order allow, else in memory of the reader; both end with the reader.
template <class T>
std::span<const T> read_array_in_place(ndr_reader& reader, std::size_t count) {
  using codec = ndr_codec<T>;
  const ndr_reader::nesting inside(reader);
  reader.align(codec::alignment);
  if (count == 0) return {};
  if constexpr (codec::blittable)
    if (const T* lent = reader.in_place<T>(count)) return {lent, count};
  reader.need_elements(count, codec::min_size);
  T* first = detail::make_elements<T>(reader, count);
  read_elements(reader, first, count);
  read_elements_deferred(reader, first, count);
  return {first, count};
}

}  // namespace insula
