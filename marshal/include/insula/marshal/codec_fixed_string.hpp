// SPDX-License-Identifier: MIT
//
// fixed_string<Char, N>: text in an array of N characters, laid out as `Char[N]`. On the wire only
// the text travels, an NDR varying string (C706, 14.3.5: fixed size, varying length):
//
//   offset             4   = 0
//   actual count       4   characters and the terminator, at most N
//   characters             actual count * sizeof(Char)
//
// A plain `char[N]` is an array of numbers and travels whole (codec_array.hpp).
#pragma once

#include <insula/marshal/codec_string.hpp>
#include <insula/marshal/ndr_array.hpp>
#include <insula/marshal/ndr_codec.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string_view>

namespace insula {

/// Room for N - 1 characters and a terminator.
template <ndr_character Char, std::size_t N>
  requires(N > 0)
class fixed_string {
 public:
  constexpr fixed_string() noexcept = default;
  /// Up to the first terminator in `text`. Fails: std::length_error when it does not fit.
  constexpr fixed_string(std::basic_string_view<Char> text) {
    text = text.substr(0, text.find(Char{}));
    if (text.size() >= N) throw std::length_error("a fixed_string is too short for the text");
    std::ranges::copy(text, characters_);
  }

  [[nodiscard]] constexpr std::basic_string_view<Char> view() const noexcept {
    return characters_;
  }
  [[nodiscard]] constexpr const Char* c_str() const noexcept { return characters_; }

  friend constexpr bool operator==(const fixed_string& a, const fixed_string& b) noexcept {
    return a.view() == b.view();
  }

 private:
  friend struct ndr_codec<fixed_string>;
  Char characters_[N]{};  // always ends with a terminator
};

template <class Char, std::size_t N>
struct ndr_codec<fixed_string<Char, N>> {
  using string = fixed_string<Char, N>;
  static constexpr std::size_t alignment = 4;
  static constexpr std::size_t min_size = 8 + sizeof(Char);
  static constexpr std::size_t fixed_size = 0;
  static constexpr bool has_deferred = false;
  static constexpr bool blittable = false;

  static void write(ndr_writer& writer, const string& value) {
    const std::size_t length = value.view().size() + 1;
    writer.primitive<std::uint32_t>(0);
    writer.count(length);
    writer.bytes(value.c_str(), length * sizeof(Char));
  }
  static void read(ndr_reader& reader, string& value) {
    const auto offset = reader.primitive<std::uint32_t>();
    const std::uint32_t actual = reader.count(sizeof(Char));
    if (offset != 0 || actual == 0 || actual > N) ndr_reader::bad_data();
    value = string{};
    read_elements(reader, value.characters_, actual);
    if (value.characters_[actual - 1] != Char{}) {
      value = string{};
      ndr_reader::bad_data();
    }
  }
  static void free(string&) noexcept {}
};

}  // namespace insula
