// SPDX-License-Identifier: MIT
//
// How one field of a struct travels: by the codec of its type, or as INSULA_FIELDS says. An array
// whose size another field tells is a unique pointer to a conformant array:
//
//   flat      referent id     4   0 for null, which stands for no elements
//   deferred  maximum count   4   the same as the field says
//             elements            then all that hangs below them
#pragma once

#include <insula/marshal/ndr_array.hpp>
#include <insula/marshal/pointee_sweep.hpp>
#include <insula/marshal/pointer_kinds.hpp>
#include <insula/marshal/struct_fields.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace insula::detail {

template <class S, std::size_t I>
consteval auto choose_part() {
  using field = std::remove_const_t<field_at<S, I>>;
  using words = field_words<S, I>;
  using target = std::remove_pointer_t<field>;
  if constexpr (words::role == field_role::plain) return std::type_identity<field>{};
  else if constexpr (words::role == field_role::ref) return std::type_identity<ref_ptr<target>>{};
  else if constexpr (words::role == field_role::full) return std::type_identity<full_ptr<target>>{};
  else if constexpr (words::role == field_role::sized)
    return std::type_identity<sized_elements<target>>{};
  else return std::type_identity<one<target>>{};
}

/// The type whose codec field `I` of S uses.
template <class S, std::size_t I>
using field_part = typename decltype(choose_part<S, I>())::type;

/// The integer in the field that says how many elements field `I` has.
template <class S, std::size_t I>
auto count_in(const S& whole) noexcept {
  auto fields = fields_of(whole);
  return boost::pfr::detail::sequence_tuple::get<field_words<S, I>::count_field>(fields);
}

/// Of which nobody vouches for the sign: 0 for a negative one.
template <class S, std::size_t I>
std::size_t count_or_zero(const S& whole) noexcept {
  const auto count = count_in<S, I>(whole);
  if constexpr (std::is_signed_v<decltype(count)>)
    if (count < 0) return 0;
  return static_cast<std::size_t>(count);
}

template <class E>
void free_sized(void* memory, std::size_t count) noexcept {
  auto* first = static_cast<E*>(memory);
  for (std::size_t i = 0; i != count; ++i) ndr_codec<E>::free(first[i]);
}

template <class S, std::size_t I, class Part = field_part<S, I>>
struct field_codec {
  using codec = ndr_codec<Part>;
  static constexpr bool wrapped = field_words<S, I>::role != field_role::plain;

  template <class F>
  static void write(ndr_writer& writer, const S&, const F& field) {
    if constexpr (wrapped) codec::write(writer, Part(field));
    else codec::write(writer, field);
  }
  template <class F>
  static void write_deferred(ndr_writer& writer, const S&, const F& field) {
    if constexpr (wrapped) write_deferred_part(writer, Part(field));
    else write_deferred_part(writer, field);
  }
  template <class F>
  static void read(ndr_reader& reader, const S&, F& field) {
    if constexpr (wrapped) {
      Part read;
      codec::read(reader, read);
      field = read.pointee;
    } else {
      codec::read(reader, field);
    }
  }
  template <class F>
  static void read_deferred(ndr_reader& reader, const S&, F& field) {
    if constexpr (wrapped) {
      Part read;
      codec::read_deferred(reader, read);
      field = read.pointee;
    } else {
      read_deferred_part(reader, field);
    }
  }
  template <class F>
  static void free(const S&, F& field) noexcept {
    if constexpr (wrapped) {
      Part whole(std::exchange(field, nullptr));
      codec::free(whole);
    } else {
      codec::free(field);
    }
  }
};

template <class S, std::size_t I, class T>
struct field_codec<S, I, sized_elements<T>> {
  using element = std::remove_cv_t<T>;

  static void write(ndr_writer& writer, const S& whole, T* const& field) {
    const auto count = count_in<S, I>(whole);
    if constexpr (std::is_signed_v<decltype(count)>)
      if (count < 0) refuse_to_write("a count of elements is negative");
    if (field == nullptr && count != 0)
      refuse_to_write("a count of elements comes without the elements");
    writer.primitive(field == nullptr ? std::uint32_t{0} : writer.next_referent());
  }
  static void write_deferred(ndr_writer& writer, const S& whole, T* const& field) {
    if (field == nullptr) return;
    const ndr_writer::nesting inside(writer);
    const std::size_t count = count_or_zero<S, I>(whole);
    writer.count(count);
    write_elements<element>(writer, field, count);
    write_elements_deferred<element>(writer, field, count);
  }
  static void read(ndr_reader& reader, const S&, T*& field) {
    field = nullptr;
    reader.keep_referent(reader.primitive<std::uint32_t>());
  }
  static void read_deferred(ndr_reader& reader, const S& whole, T*& field) {
    const auto count = count_in<S, I>(whole);
    if constexpr (std::is_signed_v<decltype(count)>)
      if (count < 0) ndr_reader::bad_data();
    if (reader.take_referent() == 0) {
      if (count != 0) ndr_reader::bad_data();
      return;
    }
    if (reader.count(ndr_codec<element>::min_size) != count_or_zero<S, I>(whole))
      ndr_reader::bad_data();
    field = const_cast<element*>(
        read_array_in_place<element>(reader, count_or_zero<S, I>(whole)).data());
  }
  static void free(const S& whole, T*& field) noexcept {
    pointee_sweep::free(const_cast<element*>(std::exchange(field, nullptr)),
                        count_or_zero<S, I>(whole),
                        ndr_codec<element>::has_deferred ? &free_sized<element> : nullptr);
  }
};

}  // namespace insula::detail
