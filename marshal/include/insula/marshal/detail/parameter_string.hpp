// SPDX-License-Identifier: MIT
#pragma once

#include <insula/marshal/codec_string.hpp>
#include <insula/marshal/detail/parameter_base.hpp>
#include <insula/marshal/parameter_attributes.hpp>

#include <string>

namespace insula::detail {

/// const Char*: [in, string], a conformant varying string; the callee's lies in the message.
template <class Char, pointer_kind Kind>
struct string_parameter : parameter_base {
  static constexpr bool nullable = Kind != pointer_kind::ref;
  static constexpr wire_size request{4, 0, true};

  static const Char* text_of(void* own) noexcept { return *static_cast<const Char**>(own); }

  static bool null_reference(void* own, void* const*) noexcept {
    return !nullable && text_of(own) == nullptr;
  }
  static void write_request(ndr_writer& writer, void* own, void* const*) {
    const Char* text = text_of(own);
    if constexpr (nullable) writer.primitive(text == nullptr ? 0 : writer.next_referent());
    if (text != nullptr) write_string_body(writer, text, std::char_traits<Char>::length(text));
  }

  struct place {
    const Char* text = nullptr;
    void* argument() noexcept { return &text; }
  };
  static void read_request(ndr_reader& reader, place& here, void* const*) {
    if constexpr (nullable)
      if (reader.primitive<std::uint32_t>() == 0) return;
    here.text = read_string_body<Char>(reader).data();
  }
};

}  // namespace insula::detail
