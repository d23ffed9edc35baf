// SPDX-License-Identifier: MIT
//
// std::variant: an NDR encapsulated union (C706, 14.3.8).
//
//   discriminant  4   the index of the alternative
//   arm               the flat part of the chosen one, at its own alignment; pointees are deferred
//
// A structure that holds a union is aligned as the largest alternative asks.
//
// std::monostate is one byte, 0. Refused: a discriminant beyond the last alternative; on writing,
// a variant that is valueless by exception.
#pragma once

#include <insula/marshal/ndr_codec.hpp>
#include <insula/marshal/ndr_layout.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>
#include <variant>

namespace insula {

template <>
struct ndr_codec<std::monostate> {
  static constexpr std::size_t alignment = 1;
  static constexpr std::size_t min_size = 1;
  static constexpr std::size_t fixed_size = 1;
  static constexpr bool has_deferred = false;
  static constexpr bool blittable = false;
  static void write(ndr_writer& writer, const std::monostate&) {
    writer.primitive(std::uint8_t{0});
  }
  static void write_deferred(ndr_writer&, const std::monostate&) {}
  static void read(ndr_reader& reader, std::monostate&) { reader.bytes(1); }
  static void read_deferred(ndr_reader&, std::monostate&) {}
  static void free(std::monostate&) noexcept {}
};

template <class... T>
struct ndr_codec<std::variant<T...>> {
  using variant = std::variant<T...>;
  using parts = ndr_parts<T...>;
  static constexpr std::size_t alignment = std::max({std::size_t{4}, ndr_codec<T>::alignment...});
  static constexpr std::size_t min_size = 4 + std::min({ndr_codec<T>::min_size...});
  static constexpr std::size_t fixed_size = 0;
  static constexpr bool has_deferred = (false || ... || ndr_codec<T>::has_deferred);
  static constexpr bool blittable = false;

  static void write(ndr_writer& writer, const variant& value) {
    if (value.valueless_by_exception())
      refuse_to_write("a std::variant that is valueless by exception has nothing to send");
    writer.primitive(static_cast<std::uint32_t>(value.index()));
    std::visit([&](const auto& arm) { codec_for<decltype(arm)>::write(writer, arm); }, value);
  }
  static void write_deferred(ndr_writer& writer, const variant& value) {
    std::visit([&](const auto& arm) { detail::write_deferred_part(writer, arm); }, value);
  }
  static void read(ndr_reader& reader, variant& value) {
    const auto index = reader.primitive<std::uint32_t>();
    if (index >= sizeof...(T)) ndr_reader::bad_data();
    emplace(value, index, std::index_sequence_for<T...>{});
    std::visit([&](auto& arm) { codec_for<decltype(arm)>::read(reader, arm); }, value);
  }
  static void read_deferred(ndr_reader& reader, variant& value) {
    std::visit([&](auto& arm) { detail::read_deferred_part(reader, arm); }, value);
  }
  static void free(variant& value) noexcept {
    if (value.valueless_by_exception()) return;
    std::visit([](auto& arm) { codec_for<decltype(arm)>::free(arm); }, value);
  }

 private:
  template <class Reference>
  using codec_for = ndr_codec<std::remove_cvref_t<Reference>>;

  template <std::size_t... Index>
  static void emplace(variant& value, std::uint32_t index, std::index_sequence<Index...>) {
    ((index == Index ? (void)value.template emplace<Index>() : void()), ...);
  }
};

}  // namespace insula
