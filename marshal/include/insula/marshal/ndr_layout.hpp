// SPDX-License-Identifier: MIT
#pragma once

#include <insula/marshal/ndr_codec.hpp>

#include <cstddef>
#include <initializer_list>
#include <type_traits>

namespace insula {

/// Where the fields of an NDR structure lie (C706, 14.3.7): each at its own alignment, the whole at
/// the largest of them, no padding at the end.
template <class... Fields>
struct ndr_layout {
  static constexpr std::size_t alignment = [] {
    std::size_t largest = 1;
    for (const std::size_t one : {std::size_t{1}, ndr_codec<Fields>::alignment...})
      if (one > largest) largest = one;
    return largest;
  }();

  static constexpr std::size_t min_size = [] {
    std::size_t sum = (std::size_t{0} + ... + ndr_codec<Fields>::min_size);
    return sum == 0 ? std::size_t{1} : sum;
  }();

  static constexpr std::size_t fixed_size = [] {
    std::size_t end = 0;
    bool fixed = true;
    const auto place = [&](std::size_t field_alignment, std::size_t size) {
      end = (end + field_alignment - 1) / field_alignment * field_alignment + size;
      if (size == 0) fixed = false;
    };
    (place(ndr_codec<Fields>::alignment, ndr_codec<Fields>::fixed_size), ...);
    return fixed ? end : std::size_t{0};
  }();

  static constexpr bool has_deferred = (false || ... || ndr_codec<Fields>::has_deferred);

  /// True when a C++ struct of these fields that takes `memory_size` bytes has neither padding nor
  /// a field whose memory image is not its wire image.
  static consteval bool is_image(std::size_t memory_size) {
    const std::size_t fields = (std::size_t{0} + ... + sizeof(Fields));
    return (true && ... && ndr_codec<Fields>::blittable) && fields == memory_size &&
           fixed_size == memory_size;
  }
};

}  // namespace insula
