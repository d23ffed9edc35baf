// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace document_index {

inline constexpr char32_t replacement_character = 0xFFFD;

struct code_point {
  char32_t value = replacement_character;
  std::size_t length = 1;  // bytes that it takes, or that are malformed
  bool valid = false;
};

/// The first character of `text`, which is not empty. A malformed part is as long as the longest
/// beginning of a character that it holds, at least one byte (the Unicode standard, section 3.9).
[[nodiscard]] code_point first_code_point(std::string_view text) noexcept;

void append_code_point(std::string& text, char32_t value);

struct repaired_text {
  std::string text;
  std::size_t repaired = 0;
};

/// `bytes` as valid UTF-8: malformed parts and NULs become U+FFFD, a byte order mark goes.
[[nodiscard]] repaired_text repair_utf8(std::string bytes);

/// How much of `bytes` ends with a whole character.
[[nodiscard]] std::size_t whole_characters(std::string_view bytes) noexcept;

}  // namespace document_index
