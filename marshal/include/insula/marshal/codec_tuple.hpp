// SPDX-License-Identifier: MIT
//
// std::pair and std::tuple (of at least one element): structures of their elements, in order.
#pragma once

#include <insula/marshal/ndr_codec.hpp>
#include <insula/marshal/ndr_layout.hpp>
#include <insula/marshal/pointee_sweep.hpp>

#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>

namespace insula {

namespace detail {

template <class Tuple, class... T>
struct tuple_codec {
  using parts = ndr_parts<T...>;
  using layout = ndr_layout<std::remove_const_t<T>...>;
  static constexpr std::size_t alignment = layout::alignment;
  static constexpr std::size_t min_size = layout::min_size;
  static constexpr std::size_t fixed_size = layout::fixed_size;
  static constexpr bool has_deferred = layout::has_deferred;
  static constexpr bool blittable = false;

  static void write(ndr_writer& writer, const Tuple& value) {
    writer.align(alignment);
    std::apply([&](const auto&... one) { (codec_for<decltype(one)>::write(writer, one), ...); },
               value);
  }
  static void write_deferred(ndr_writer& writer, const Tuple& value) {
    std::apply([&](const auto&... one) { (write_deferred_part(writer, one), ...); }, value);
  }
  static void read(ndr_reader& reader, Tuple& value) {
    reader.align(alignment);
    std::apply([&](auto&... one) { (codec_for<decltype(one)>::read(reader, one), ...); }, value);
  }
  static void read_deferred(ndr_reader& reader, Tuple& value) {
    std::apply([&](auto&... one) { (read_deferred_part(reader, one), ...); }, value);
  }
  static void free(Tuple& value) noexcept {
    const pointee_sweep together;
    std::apply([](auto&... one) { (codec_for<decltype(one)>::free(one), ...); }, value);
  }

 private:
  template <class Reference>
  using codec_for = ndr_codec<std::remove_cvref_t<Reference>>;
};

}  // namespace detail

template <class A, class B>
struct ndr_codec<std::pair<A, B>> : detail::tuple_codec<std::pair<A, B>, A, B> {};

template <class First, class... Rest>
struct ndr_codec<std::tuple<First, Rest...>>
    : detail::tuple_codec<std::tuple<First, Rest...>, First, Rest...> {};

}  // namespace insula
