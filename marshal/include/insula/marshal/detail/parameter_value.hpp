// SPDX-License-Identifier: MIT
#pragma once

#include <insula/marshal/detail/parameter_base.hpp>

namespace insula::detail {

/// T, const T&, T&&: [in].
template <class T, class Codec>
struct value_parameter : parameter_base {
  static constexpr wire_size request = size_of_codec<Codec>;

  static void write_request(ndr_writer& writer, void* own, void* const*) {
    write_whole<Codec>(writer, *static_cast<const T*>(own));
  }

  struct place {
    T value{};
    void* argument() noexcept { return &value; }
  };
  static void read_request(ndr_reader& reader, place& here, void* const*) {
    read_whole<Codec>(reader, here.value);
  }
};

}  // namespace insula::detail
