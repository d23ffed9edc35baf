// SPDX-License-Identifier: MIT
//
// BSTR: a unique pointer to a FLAGGED_WORD_BLOB (MS-OAUT 2.2.23).
//
//   flat      referent id       4   0 for a null BSTR
//   deferred  maximum count     4   = number of words
//             bytes             4   length without terminator; 0xFFFFFFFF stands for null
//             number of words   4   bytes rounded up, halved
//             words             2 each
//
// The length counts: NULs inside and an odd number of bytes survive (an odd one is sent with a
// zero after it). BSTR is the same C++ type as a char16_t* string, so the owning wrapper `bstr`
// has the codec, and `bstr_codec` serves parameters that are declared to be BSTRs.
#pragma once

#include <insula/core/bstr.hpp>
#include <insula/marshal/ndr_codec.hpp>

#include <cstddef>
#include <cstdint>
#include <utility>

namespace insula {

/// A codec (ndr_codec.hpp) for raw BSTRs, which belong to whoever BSTRs belong to by COM's rules.
/// `read` makes a new one with SysAllocString…: it is the caller's after `commit` (task memory),
/// or goes with the reader (call memory).
struct bstr_codec {
  static constexpr std::size_t alignment = 4;
  static constexpr std::size_t min_size = 4;
  static constexpr std::size_t fixed_size = 0;
  static constexpr bool has_deferred = true;
  static constexpr bool blittable = false;

  static void write(ndr_writer& writer, const BSTR& value) {
    writer.primitive(value == nullptr ? 0 : writer.next_referent());
  }
  static void write_deferred(ndr_writer& writer, const BSTR& value);
  static void read(ndr_reader& reader, BSTR& value) {
    value = nullptr;
    reader.keep_referent(reader.primitive<std::uint32_t>());
  }
  static void read_deferred(ndr_reader& reader, BSTR& value);
  static void free(BSTR& value) noexcept { SysFreeString(std::exchange(value, nullptr)); }

  /// What `read_deferred` reads, owned by the caller alone; null for a null BSTR.
  static BSTR read_owned(ndr_reader& reader);
};

template <>
struct ndr_codec<bstr> : bstr_codec {
  static void write(ndr_writer& writer, const bstr& value) {
    bstr_codec::write(writer, value.get());
  }
  static void write_deferred(ndr_writer& writer, const bstr& value) {
    bstr_codec::write_deferred(writer, value.get());
  }
  static void read(ndr_reader& reader, bstr&) {
    reader.keep_referent(reader.primitive<std::uint32_t>());
  }
  static void read_deferred(ndr_reader& reader, bstr& value) { value.attach(read_owned(reader)); }
  static void free(bstr&) noexcept {}
};

}  // namespace insula
