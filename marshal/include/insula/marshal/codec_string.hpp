// SPDX-License-Identifier: MIT
//
// Text in char, char8_t, char16_t, char32_t and wchar_t, never converted:
//   std::basic_string, std::basic_string_view (a view is for [in] only)
//   const Char*, Char*    C strings, which may be null
//
// All are a pointer to an NDR conformant varying string (C706, 14.3.5), terminator included:
//
//   flat      referent id              4   0 only for a null C string
//   deferred  maximum count            4   = actual count
//             offset                   4   = 0
//             actual count             4   characters and the terminator
//             characters               actual count * sizeof(Char)
//
// The counts rule: a NUL inside a std::string survives. A C string ends at its first one.
// (char16_t* is a C string wherever it stands: a BSTR is wrapped, see codec_bstr.hpp.)
#pragma once

#include <insula/core/task_memory.hpp>
#include <insula/marshal/ndr_array.hpp>
#include <insula/marshal/ndr_codec.hpp>
#include <insula/marshal/pointee_sweep.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace insula {

/// The types that text is made of.
template <class Char>
concept ndr_character =
    std::is_same_v<Char, char> || std::is_same_v<Char, char8_t> || std::is_same_v<Char, char16_t> ||
    std::is_same_v<Char, char32_t> || std::is_same_v<Char, wchar_t>;

/// The conformant varying string itself, for parameters that need no pointer around it.
template <ndr_character Char>
void write_string_body(ndr_writer& writer, const Char* text, std::size_t length) {
  writer.count(length + 1);
  writer.primitive<std::uint32_t>(0);
  writer.count(length + 1);
  writer.bytes(text, length * sizeof(Char));
  writer.bytes("\0\0\0", sizeof(Char));
}

/// Reads the three counts; the result is the actual count, terminator included.
template <ndr_character Char>
std::size_t read_string_counts(ndr_reader& reader) {
  const auto maximum = reader.primitive<std::uint32_t>();
  const auto offset = reader.primitive<std::uint32_t>();
  const std::uint32_t actual = reader.count(sizeof(Char));
  if (offset != 0 || actual == 0 || actual > maximum) ndr_reader::bad_data();
  return actual;
}

/// The whole body, in the message or in memory of the reader. Without the terminator.
template <ndr_character Char>
std::basic_string_view<Char> read_string_body(ndr_reader& reader) {
  const std::size_t actual = read_string_counts<Char>(reader);
  const Char* text = reader.in_place<Char>(actual);
  if (text == nullptr) {
    Char* copy = static_cast<Char*>(reader.allocate(actual * sizeof(Char), alignof(Char)));
    read_elements(reader, copy, actual);
    text = copy;
  }
  if (text[actual - 1] != Char{}) ndr_reader::bad_data();
  return {text, actual - 1};
}

namespace detail {

struct string_codec {
  static constexpr std::size_t alignment = 4;
  static constexpr std::size_t min_size = 4;
  static constexpr std::size_t fixed_size = 0;
  static constexpr bool has_deferred = true;
  static constexpr bool blittable = false;
};

inline void read_reference(ndr_reader& reader) {
  if (reader.primitive<std::uint32_t>() == 0) ndr_reader::bad_data();
}

}  // namespace detail

template <ndr_character Char, class Traits, class Allocator>
struct ndr_codec<std::basic_string<Char, Traits, Allocator>> : detail::string_codec {
  using string = std::basic_string<Char, Traits, Allocator>;

  static void write(ndr_writer& writer, const string&) { writer.primitive(writer.next_referent()); }
  static void write_deferred(ndr_writer& writer, const string& value) {
    write_string_body(writer, value.data(), value.size());
  }
  static void read(ndr_reader& reader, string&) { detail::read_reference(reader); }
  static void read_deferred(ndr_reader& reader, string& value) {
    const std::size_t actual = read_string_counts<Char>(reader);
    value.resize(actual);
    read_elements(reader, value.data(), actual);
    if (value.back() != Char{}) ndr_reader::bad_data();
    value.pop_back();
  }
  static void free(string&) noexcept {}
};

template <ndr_character Char, class Traits>
struct ndr_codec<std::basic_string_view<Char, Traits>> : detail::string_codec {
  using view = std::basic_string_view<Char, Traits>;
  static constexpr bool in_only = true;

  static void write(ndr_writer& writer, const view&) { writer.primitive(writer.next_referent()); }
  static void write_deferred(ndr_writer& writer, const view& value) {
    write_string_body(writer, value.data(), value.size());
  }
  static void read(ndr_reader& reader, view&) { detail::read_reference(reader); }
  static void read_deferred(ndr_reader& reader, view& value) {
    const auto text = read_string_body<Char>(reader);
    value = view(text.data(), text.size());
  }
  static void free(view&) noexcept {}
};

/// `read` gives a string of the callee's own: in the message, in the arena, or in task memory.
template <class Char>
  requires ndr_character<std::remove_cv_t<Char>>
struct ndr_codec<Char*> : detail::string_codec {
  using character = std::remove_cv_t<Char>;

  static void write(ndr_writer& writer, Char* const& value) {
    writer.primitive(value == nullptr ? 0 : writer.next_referent());
  }
  static void write_deferred(ndr_writer& writer, Char* const& value) {
    if (value == nullptr) return;
    write_string_body<character>(writer, value, std::char_traits<character>::length(value));
  }
  static void read(ndr_reader& reader, Char*& value) {
    value = nullptr;
    reader.keep_referent(reader.primitive<std::uint32_t>());
  }
  static void read_deferred(ndr_reader& reader, Char*& value) {
    if (reader.take_referent() == 0) return;
    value = const_cast<Char*>(read_string_body<character>(reader).data());
  }
  static void free(Char*& value) noexcept {
    pointee_sweep::free(const_cast<character*>(std::exchange(value, nullptr)), nullptr);
  }
};

}  // namespace insula
