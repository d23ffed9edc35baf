// SPDX-License-Identifier: MIT
#include "insula/core/printable.hpp"

#include <array>
#include <cstddef>

namespace insula {
namespace {

struct character {
  char32_t code = 0;
  std::size_t length = 1;  // in bytes
  bool valid = false;
};

// The character that `text` begins with. What is no UTF-8 is taken byte by byte.
character first_of(std::string_view text) noexcept {
  const auto byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {lead, 1, true};
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return {lead, 1, false};
  char32_t code = lead & (0x7Fu >> length);
  for (std::size_t i = 1; i != length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {lead, 1, false};
    code = code << 6 | (byte(i) & 0x3Fu);
  }
  constexpr std::array<char32_t, 5> least = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (code < least[length] || code > 0x10FFFF || surrogate) return {lead, 1, false};
  return {code, length, true};
}

bool changes_lines_or_direction(char32_t code) noexcept {
  return code == 0x2028 || code == 0x2029 || code == 0x061C || code == 0x200E || code == 0x200F ||
         (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
}

bool shows(const character& one) noexcept {
  const bool control = one.code < 0x20 || (one.code >= 0x7F && one.code < 0xA0);
  return one.valid && !control && !changes_lines_or_direction(one.code);
}

void append_hex(std::string& out, char32_t code, int digits) {
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4)
    out.push_back("0123456789abcdef"[code >> shift & 0xF]);
}

void append_spelled(std::string& out, const character& one) {
  switch (one.code) {
    case U'\n':
      out += "\\n";
      return;
    case U'\r':
      out += "\\r";
      return;
    case U'\t':
      out += "\\t";
      return;
    default:
      break;
  }
  const bool byte = !one.valid || one.code < 0x80;
  out += byte ? "\\x" : "\\u";
  append_hex(out, one.code, byte ? 2 : 4);
}

}  // namespace

bool is_printable(std::string_view text) noexcept {
  while (!text.empty()) {
    const character one = first_of(text);
    if (!shows(one)) return false;
    text.remove_prefix(one.length);
  }
  return true;
}

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const character one = first_of(text);
    if (shows(one)) {
      out.append(text.substr(0, one.length));
    } else {
      append_spelled(out, one);
    }
    text.remove_prefix(one.length);
  }
  return out;
}

}  // namespace insula
