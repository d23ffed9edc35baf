// SPDX-License-Identifier: MIT
//
// std::optional<T> and std::unique_ptr<T>: a unique pointer. std::shared_ptr<T> the same: two that
// share arrive as two copies (full_ptr keeps sharing).
//
//   flat      referent id   4   0 for none
//   deferred  the T
#pragma once

#include <insula/marshal/codec_pointer.hpp>
#include <insula/marshal/ndr_codec.hpp>

#include <memory>
#include <optional>
#include <type_traits>

namespace insula {

template <class T>
struct ndr_codec<std::optional<T>> : detail::pointer_codec<T> {
  static void write(ndr_writer& writer, const std::optional<T>& value) {
    writer.primitive(value ? writer.next_referent() : 0);
  }
  static void write_deferred(ndr_writer& writer, const std::optional<T>& value) {
    if (value) detail::write_pointee<T>(writer, &*value);
  }
  static void read(ndr_reader& reader, std::optional<T>& value) {
    value.reset();
    reader.keep_referent(reader.primitive<std::uint32_t>());
  }
  static void read_deferred(ndr_reader& reader, std::optional<T>& value) {
    if (reader.take_referent() != 0) detail::read_into_pointee(reader, &value.emplace());
  }
  static void free(std::optional<T>& value) noexcept {
    if (value) ndr_codec<T>::free(*value);
  }
};

namespace detail {

// `Maker::make()` gives an owner of a new T.
template <class Owner, class Maker>
struct owner_codec : pointer_codec<typename Owner::element_type> {
  using element = std::remove_cv_t<typename Owner::element_type>;

  static void write(ndr_writer& writer, const Owner& value) {
    writer.primitive(value ? writer.next_referent() : 0);
  }
  static void write_deferred(ndr_writer& writer, const Owner& value) {
    if (value) write_pointee<element>(writer, value.get());
  }
  static void read(ndr_reader& reader, Owner& value) {
    value.reset();
    reader.keep_referent(reader.primitive<std::uint32_t>());
  }
  static void read_deferred(ndr_reader& reader, Owner& value) {
    if (reader.take_referent() == 0) return;
    reader.need_elements(1, ndr_codec<element>::min_size);
    auto made = Maker::make();
    read_into_pointee(reader, made.get());
    value = std::move(made);
  }
};

// Classes, for a lambda would give the codec a base of internal linkage.
template <class T>
struct unique_maker {
  static auto make() { return std::make_unique<T>(); }
};
template <class T>
struct shared_maker {
  static auto make() { return std::make_shared<T>(); }
};

}  // namespace detail

template <class T>
  requires std::is_object_v<T> && (!std::is_array_v<T>)
struct ndr_codec<std::unique_ptr<T>>
    : detail::owner_codec<std::unique_ptr<T>, detail::unique_maker<std::remove_cv_t<T>>> {
  static void free(std::unique_ptr<T>& value) noexcept {
    if constexpr (!std::is_const_v<T>)
      if (value) ndr_codec<T>::free(*value);
  }
};

template <class T>
  requires std::is_object_v<T> && (!std::is_array_v<T>)
struct ndr_codec<std::shared_ptr<T>>
    : detail::owner_codec<std::shared_ptr<T>, detail::shared_maker<std::remove_cv_t<T>>> {
  static void free(std::shared_ptr<T>& value) noexcept {
    // Others may share the object that a callee gave.
    if constexpr (!std::is_const_v<T>)
      if (value.use_count() == 1) ndr_codec<T>::free(*value);
  }
};

}  // namespace insula
