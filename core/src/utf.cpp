// SPDX-License-Identifier: MIT
#include "insula/core/utf.hpp"

#include <cstddef>
#include <cstdint>

namespace insula {
namespace {

constexpr char32_t replacement = 0xFFFD;

void append_utf8(std::string& out, char32_t c) {
  const auto put = [&](char32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | (c >> 6));
    put(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    put(0xE0 | (c >> 12));
    put(0x80 | ((c >> 6) & 0x3F));
    put(0x80 | (c & 0x3F));
  } else {
    put(0xF0 | (c >> 18));
    put(0x80 | ((c >> 12) & 0x3F));
    put(0x80 | ((c >> 6) & 0x3F));
    put(0x80 | (c & 0x3F));
  }
}

/// What may follow a lead byte (Unicode standard, table 3-7): how many bytes, and the range of the
/// first of them, which rules out overlong forms, surrogates and what lies beyond U+10FFFF.
struct lead {
  unsigned follow;
  unsigned char low, high;
};

lead lead_of(unsigned char byte) noexcept {
  if (byte >= 0xC2 && byte <= 0xDF) return {1, 0x80, 0xBF};
  if (byte == 0xE0) return {2, 0xA0, 0xBF};
  if (byte == 0xED) return {2, 0x80, 0x9F};
  if (byte >= 0xE1 && byte <= 0xEF) return {2, 0x80, 0xBF};
  if (byte == 0xF0) return {3, 0x90, 0xBF};
  if (byte >= 0xF1 && byte <= 0xF3) return {3, 0x80, 0xBF};
  if (byte == 0xF4) return {3, 0x80, 0x8F};
  return {0, 0, 0};
}

char32_t next_character(std::string_view utf8, std::size_t& position) noexcept {
  const auto first = static_cast<unsigned char>(utf8[position++]);
  if (first < 0x80) return first;
  const lead form = lead_of(first);
  if (form.follow == 0) return replacement;
  char32_t c = first & (0x3Fu >> form.follow);
  unsigned char low = form.low;
  unsigned char high = form.high;
  for (unsigned i = 0; i != form.follow; ++i) {
    if (position == utf8.size()) return replacement;
    const auto byte = static_cast<unsigned char>(utf8[position]);
    if (byte < low || byte > high) return replacement;
    c = (c << 6) | (byte & 0x3Fu);
    ++position;
    low = 0x80;
    high = 0xBF;
  }
  return c;
}

}  // namespace

std::u16string to_utf16(std::string_view utf8) {
  std::u16string out;
  out.reserve(utf8.size());
  for (std::size_t position = 0; position != utf8.size();) {
    const char32_t c = next_character(utf8, position);
    if (c < 0x10000) {
      out.push_back(static_cast<char16_t>(c));
    } else {
      out.push_back(static_cast<char16_t>(0xD800 + ((c - 0x10000) >> 10)));
      out.push_back(static_cast<char16_t>(0xDC00 + ((c - 0x10000) & 0x3FF)));
    }
  }
  return out;
}

std::string to_utf8(std::u16string_view utf16) {
  std::string out;
  out.reserve(utf16.size());
  for (std::size_t i = 0; i != utf16.size(); ++i) {
    char32_t c = utf16[i];
    const bool high = c >= 0xD800 && c < 0xDC00;
    if (high && i + 1 != utf16.size() && utf16[i + 1] >= 0xDC00 && utf16[i + 1] < 0xE000)
      c = 0x10000 + ((c - 0xD800) << 10) + (utf16[++i] - 0xDC00u);
    else if (c >= 0xD800 && c < 0xE000) c = replacement;
    append_utf8(out, c);
  }
  return out;
}

}  // namespace insula
