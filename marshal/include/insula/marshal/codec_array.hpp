// SPDX-License-Identifier: MIT
//
// Arrays of fixed length, T[N] and std::array<T, N>, of any number of dimensions: NDR fixed arrays
// (C706, 14.3.3), the elements without a count. std::array<T, 0> does not travel.
#pragma once

#include <insula/marshal/ndr_array.hpp>
#include <insula/marshal/ndr_codec.hpp>

#include <array>
#include <cstddef>
#include <type_traits>

namespace insula {

namespace detail {

template <class T, std::size_t N>
struct fixed_array_codec {
  using parts = ndr_parts<T>;
  static constexpr std::size_t alignment = ndr_codec<T>::alignment;
  static constexpr std::size_t min_size = ndr_codec<T>::min_size * N;
  static constexpr bool has_deferred = ndr_codec<T>::has_deferred;
  static constexpr bool blittable = ndr_codec<T>::blittable;
  static constexpr std::size_t fixed_size = [] {
    constexpr std::size_t one = ndr_codec<T>::fixed_size;
    constexpr std::size_t stride = (one + alignment - 1) / alignment * alignment;
    return one == 0 ? one : stride * (N - 1) + one;
  }();
};

}  // namespace detail

template <class T, std::size_t N>
struct ndr_codec<T[N]> : detail::fixed_array_codec<std::remove_cv_t<T>, N> {
  using element = std::remove_cv_t<T>;

  static void write(ndr_writer& writer, const T (&value)[N]) {
    write_elements<element>(writer, value, N);
  }
  static void write_deferred(ndr_writer& writer, const T (&value)[N]) {
    write_elements_deferred<element>(writer, value, N);
  }
  static void read(ndr_reader& reader, T (&value)[N]) { read_elements(reader, value, N); }
  static void read_deferred(ndr_reader& reader, T (&value)[N]) {
    read_elements_deferred(reader, value, N);
  }
  static void free(T (&value)[N]) noexcept {
    free_elements(value, N);
  }
};

template <class T>
struct ndr_codec<std::array<T, 0>> {};

template <class T, std::size_t N>
struct ndr_codec<std::array<T, N>> : detail::fixed_array_codec<T, N> {
  static void write(ndr_writer& writer, const std::array<T, N>& value) {
    write_elements(writer, value.data(), N);
  }
  static void write_deferred(ndr_writer& writer, const std::array<T, N>& value) {
    write_elements_deferred(writer, value.data(), N);
  }
  static void read(ndr_reader& reader, std::array<T, N>& value) {
    read_elements(reader, value.data(), N);
  }
  static void read_deferred(ndr_reader& reader, std::array<T, N>& value) {
    read_elements_deferred(reader, value.data(), N);
  }
  static void free(std::array<T, N>& value) noexcept {
    free_elements(value.data(), N);
  }
};

}  // namespace insula
