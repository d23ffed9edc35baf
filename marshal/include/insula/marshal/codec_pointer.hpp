// SPDX-License-Identifier: MIT
//
// Raw pointers to one object: T* and one<T> (unique), ref_ptr<T>, full_ptr<T> (pointer_kinds.hpp).
// A T* has a codec because a parameter may be one; inside structs and containers descriptions
// refuse it (parameter_check.hpp).
//
//   flat      referent id   4   0 for null; for a reference pointer any value
//   deferred  the pointee       its flat part, then its own pointees; of a full pointer only when
//                               it comes for the first time
//
// `read` makes the pointee: in the message or the arena (`call` memory), or with CoTaskMemAlloc.
// Plain pointers deeper than 512 levels, and so every cycle of them, are refused by both sides.
#pragma once

#include <insula/marshal/codec_interface.hpp>
#include <insula/marshal/codec_string.hpp>
#include <insula/marshal/ndr_array.hpp>
#include <insula/marshal/ndr_codec.hpp>
#include <insula/marshal/pointee_sweep.hpp>
#include <insula/marshal/pointer_kinds.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace insula {

namespace detail {

template <class T>
struct pointer_codec {
  using parts = ndr_parts<std::remove_cv_t<T>>;
  static constexpr std::size_t alignment = 4;
  static constexpr std::size_t min_size = 4;
  static constexpr std::size_t fixed_size = 0;
  static constexpr bool has_deferred = true;
  static constexpr bool blittable = false;
};

template <class T>
void write_pointee(ndr_writer& writer, const T* pointee) {
  const ndr_writer::nesting inside(writer);
  ndr_codec<T>::write(writer, *pointee);
  if constexpr (ndr_codec<T>::has_deferred) ndr_codec<T>::write_deferred(writer, *pointee);
}

template <class T>
T* make_pointee(ndr_reader& reader) {
  static_assert(std::is_trivially_destructible_v<T>);
  reader.need_elements(1, ndr_codec<T>::min_size);
  return make_elements<T>(reader, 1);
}

template <class T>
void read_into_pointee(ndr_reader& reader, T* pointee) {
  const ndr_reader::nesting inside(reader);
  ndr_codec<T>::read(reader, *pointee);
  if constexpr (ndr_codec<T>::has_deferred) ndr_codec<T>::read_deferred(reader, *pointee);
}

template <class T>
T* read_pointee(ndr_reader& reader) {
  if constexpr (ndr_codec<T>::blittable) {
    static_assert(std::is_trivially_destructible_v<T>);
    const ndr_reader::nesting inside(reader);
    reader.align(ndr_codec<T>::alignment);
    if (T* lent = reader.in_place<T>(1)) return lent;
  }
  T* pointee = make_pointee<T>(reader);
  read_into_pointee(reader, pointee);
  return pointee;
}

template <class T>
void free_pointee(T* pointee) noexcept {
  if constexpr (ndr_codec<T>::has_deferred)
    pointee_sweep::free(
        pointee, +[](void* p) noexcept { ndr_codec<T>::free(*static_cast<T*>(p)); });
  else pointee_sweep::free(pointee, nullptr);
}

template <class T>
concept needs_destructor = requires {
  sizeof(T);
}
&&!std::is_trivially_destructible_v<T>;

// What a raw pointer to one object can point at: not text, not an interface, and nothing with a
// destructor, for whoever receives it only frees the memory.
template <class T>
concept pointee = std::is_object_v<T> && !ndr_character<std::remove_cv_t<T>> && !ndr_interface<T> &&
                  !needs_destructor<T>;

// Its address stands for the type.
template <class T>
inline constexpr char full_pointer_type = 0;

}  // namespace detail

template <detail::pointee T>
struct ndr_codec<T*> : detail::pointer_codec<T> {
  using pointee = std::remove_cv_t<T>;

  static void write(ndr_writer& writer, T* const& value) {
    writer.primitive(value == nullptr ? 0 : writer.next_referent());
  }
  static void write_deferred(ndr_writer& writer, T* const& value) {
    if (value != nullptr) detail::write_pointee<pointee>(writer, value);
  }
  static void read(ndr_reader& reader, T*& value) {
    value = nullptr;
    reader.keep_referent(reader.primitive<std::uint32_t>());
  }
  static void read_deferred(ndr_reader& reader, T*& value) {
    if (reader.take_referent() != 0) value = detail::read_pointee<pointee>(reader);
  }
  static void free(T*& value) noexcept {
    detail::free_pointee(const_cast<pointee*>(std::exchange(value, nullptr)));
  }
};

template <detail::pointee T>
struct ndr_codec<one<T>> : detail::pointer_codec<T> {
  using raw = ndr_codec<T*>;

  static void write(ndr_writer& writer, const one<T>& value) { raw::write(writer, value.pointee); }
  static void write_deferred(ndr_writer& writer, const one<T>& value) {
    raw::write_deferred(writer, value.pointee);
  }
  static void read(ndr_reader& reader, one<T>& value) { raw::read(reader, value.pointee); }
  static void read_deferred(ndr_reader& reader, one<T>& value) {
    raw::read_deferred(reader, value.pointee);
  }
  static void free(one<T>& value) noexcept { raw::free(value.pointee); }
};

// Has no functions that read or write: the codec of the struct does, which knows the count.
template <class T>
  requires std::is_object_v<T> && (!detail::needs_destructor<T>)
struct ndr_codec<detail::sized_elements<T>> : detail::pointer_codec<T> {
  static void read();
};

template <detail::pointee T>
struct ndr_codec<ref_ptr<T>> : detail::pointer_codec<T> {
  using pointee = std::remove_cv_t<T>;

  static void write(ndr_writer& writer, const ref_ptr<T>& value) {
    if (value.pointee == nullptr) refuse_null_reference();
    writer.primitive(writer.next_referent());
  }
  static void write_deferred(ndr_writer& writer, const ref_ptr<T>& value) {
    detail::write_pointee<pointee>(writer, value.pointee);
  }
  static void read(ndr_reader& reader, ref_ptr<T>& value) {
    value.pointee = nullptr;
    (void)reader.primitive<std::uint32_t>();
  }
  static void read_deferred(ndr_reader& reader, ref_ptr<T>& value) {
    value.pointee = detail::read_pointee<pointee>(reader);
  }
  static void free(ref_ptr<T>& value) noexcept {
    detail::free_pointee(const_cast<pointee*>(std::exchange(value.pointee, nullptr)));
  }
};

template <detail::pointee T>
struct ndr_codec<full_ptr<T>> : detail::pointer_codec<T> {
  using pointee = std::remove_cv_t<T>;
  static constexpr const void* type = &detail::full_pointer_type<pointee>;

  static void write(ndr_writer& writer, const full_ptr<T>& value) {
    bool is_new = false;
    writer.primitive(value.pointee == nullptr ? std::uint32_t{0}
                                              : writer.full_referent(value.pointee, type, &is_new));
  }
  static void write_deferred(ndr_writer& writer, const full_ptr<T>& value) {
    if (value.pointee != nullptr && writer.claim_full_pointee(value.pointee, type))
      detail::write_pointee<pointee>(writer, value.pointee);
  }
  static void read(ndr_reader& reader, full_ptr<T>& value) {
    value.pointee = nullptr;
    reader.keep_referent(reader.primitive<std::uint32_t>());
  }
  static void read_deferred(ndr_reader& reader, full_ptr<T>& value) {
    const std::uint32_t referent = reader.take_referent();
    if (referent == 0) return;
    if (void* known = reader.full_pointee(referent, type)) {
      value.pointee = static_cast<pointee*>(known);
      return;
    }
    pointee* made = detail::make_pointee<pointee>(reader);
    // Remembered before it is read: a cycle comes back here.
    reader.remember_full_pointee(referent, type, made);
    value.pointee = made;
    detail::read_into_pointee(reader, made);
  }
  static void free(full_ptr<T>& value) noexcept {
    detail::free_pointee(const_cast<pointee*>(std::exchange(value.pointee, nullptr)));
  }
};

}  // namespace insula
