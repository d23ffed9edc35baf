// SPDX-License-Identifier: MIT
//
// Structs: every aggregate class without a codec of its own travels as an NDR structure of its
// fields (C706, 14.3.7), reached through Boost.PFR without a list of them; C arrays among them too.
// What must be said of raw pointers among them: struct_fields.hpp.
//
// Not among these, so not marshalable without a codec of their own: classes with constructors,
// private or const fields, virtual functions or base classes, and unions. An empty struct is one
// byte, 0. Bit-fields, references and anonymous unions as fields do not compile. At most 100
// fields.
//
// A struct whose fields are blittable and leave no padding is blittable itself.
#pragma once

#include <insula/marshal/detail/field_codec.hpp>
#include <insula/marshal/ndr_codec.hpp>
#include <insula/marshal/ndr_layout.hpp>
#include <insula/marshal/pointee_sweep.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace insula {

namespace detail {

template <class T, class Index = std::make_index_sequence<field_count<T>>>
struct aggregate_fields;
template <class T, std::size_t... Index>
struct aggregate_fields<T, std::index_sequence<Index...>> {
  static constexpr bool writable = (true && ... && !std::is_const_v<field_at<T, Index>>);
  using parts = ndr_parts<field_part<T, Index>...>;
  using layout = ndr_layout<field_part<T, Index>...>;
};

template <class T>
struct aggregate_codec {
  using fields = aggregate_fields<T>;
  using parts = typename fields::parts;
  static constexpr std::size_t alignment = fields::layout::alignment;
  static constexpr std::size_t min_size = fields::layout::min_size;
  static constexpr std::size_t fixed_size = fields::layout::fixed_size;
  static constexpr bool has_deferred = fields::layout::has_deferred;
  static constexpr bool blittable =
      fields::layout::is_image(sizeof(T)) && std::is_trivially_copyable_v<T>;

  static void write(ndr_writer& writer, const T& value) {
    writer.align(alignment);
    if constexpr (blittable)
      writer.bytes(&value, sizeof value);
    else
      for_each_field(value, [&]<class I>(I, const auto& field) {
        field_codec<T, I::value>::write(writer, value, field);
      });
  }
  static void write_deferred(ndr_writer& writer, const T& value) {
    for_each_field(value, [&]<class I>(I, const auto& field) {
      field_codec<T, I::value>::write_deferred(writer, value, field);
    });
  }
  static void read(ndr_reader& reader, T& value) {
    reader.align(alignment);
    for_each_field(value, [&]<class I>(I, auto& field) {
      field_codec<T, I::value>::read(reader, value, field);
    });
  }
  static void read_deferred(ndr_reader& reader, T& value) {
    for_each_field(value, [&]<class I>(I, auto& field) {
      field_codec<T, I::value>::read_deferred(reader, value, field);
    });
  }
  static void free(T& value) noexcept {
    if constexpr (has_deferred) {
      const pointee_sweep together;
      for_each_field(value, [&]<class I>(I, auto& field) {
        field_codec<T, I::value>::free(value, field);
      });
    }
  }
};

template <class T>
struct empty_codec {
  static constexpr std::size_t alignment = 1;
  static constexpr std::size_t min_size = 1;
  static constexpr std::size_t fixed_size = 1;
  static constexpr bool has_deferred = false;
  static constexpr bool blittable = false;
  static void write(ndr_writer& writer, const T&) { writer.primitive(std::uint8_t{0}); }
  static void write_deferred(ndr_writer&, const T&) {}
  static void read(ndr_reader& reader, T&) { reader.bytes(1); }
  static void read_deferred(ndr_reader&, T&) {}
  static void free(T&) noexcept {}
};

struct no_codec {};

template <class T>
consteval auto choose_codec() {
  if constexpr (!plain_aggregate<T>) return std::type_identity<no_codec>{};
  else if constexpr (std::is_empty_v<T>) return std::type_identity<empty_codec<T>>{};
  else if constexpr (aggregate_fields<T>::writable) return std::type_identity<aggregate_codec<T>>{};
  else return std::type_identity<no_codec>{};
}

}  // namespace detail

template <class T, class Enable>
struct ndr_codec : decltype(detail::choose_codec<T>())::type {};

}  // namespace insula
