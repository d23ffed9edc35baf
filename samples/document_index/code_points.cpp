// SPDX-License-Identifier: MIT
#include "code_points.hpp"

#include <algorithm>
#include <utility>

namespace document_index {
namespace {

struct sequence {
  std::size_t length;        // of the whole character; 0: nothing begins so
  unsigned low, high;        // what the second byte may be
};

// The Unicode standard, table 3-7: no overlong forms, no surrogates, nothing above U+10FFFF.
constexpr sequence sequence_of(unsigned lead) noexcept {
  if (lead < 0x80) return {1, 0, 0};
  if (lead < 0xC2) return {0, 0, 0};
  if (lead < 0xE0) return {2, 0x80, 0xBF};
  if (lead == 0xE0) return {3, 0xA0, 0xBF};
  if (lead == 0xED) return {3, 0x80, 0x9F};
  if (lead < 0xF0) return {3, 0x80, 0xBF};
  if (lead == 0xF0) return {4, 0x90, 0xBF};
  if (lead < 0xF4) return {4, 0x80, 0xBF};
  if (lead == 0xF4) return {4, 0x80, 0x8F};
  return {0, 0, 0};
}

constexpr unsigned byte_at(std::string_view text, std::size_t index) noexcept {
  return static_cast<unsigned char>(text[index]);
}

}  // namespace

code_point first_code_point(std::string_view text) noexcept {
  const unsigned lead = byte_at(text, 0);
  const sequence form = sequence_of(lead);
  if (form.length == 0) return {};
  if (form.length == 1) return {lead, 1, true};
  char32_t value = lead & (0x7Fu >> form.length);
  for (std::size_t i = 1; i < form.length; ++i) {
    const unsigned low = i == 1 ? form.low : 0x80;
    const unsigned high = i == 1 ? form.high : 0xBF;
    if (i == text.size() || byte_at(text, i) < low || byte_at(text, i) > high)
      return {replacement_character, i, false};
    value = value << 6 | (byte_at(text, i) & 0x3F);
  }
  return {value, form.length, true};
}

void append_code_point(std::string& text, char32_t value) {
  const auto append = [&text](char32_t byte) { text.push_back(static_cast<char>(byte)); };
  if (value < 0x80) {
    append(value);
  } else if (value < 0x800) {
    append(0xC0 | value >> 6);
    append(0x80 | (value & 0x3F));
  } else if (value < 0x10000) {
    append(0xE0 | value >> 12);
    append(0x80 | (value >> 6 & 0x3F));
    append(0x80 | (value & 0x3F));
  } else {
    append(0xF0 | value >> 18);
    append(0x80 | (value >> 12 & 0x3F));
    append(0x80 | (value >> 6 & 0x3F));
    append(0x80 | (value & 0x3F));
  }
}

repaired_text repair_utf8(std::string bytes) {
  std::string_view rest = bytes;
  if (rest.starts_with("\xEF\xBB\xBF")) rest.remove_prefix(3);

  repaired_text result;
  std::size_t good = 0;  // bytes of `rest` that are fine and not copied yet
  while (good < rest.size()) {
    const code_point next = first_code_point(rest.substr(good));
    if (next.valid && next.value != 0) {
      good += next.length;
      continue;
    }
    result.text.append(rest.substr(0, good));
    append_code_point(result.text, replacement_character);
    ++result.repaired;
    rest.remove_prefix(good + next.length);
    good = 0;
  }
  if (result.repaired == 0 && rest.size() == bytes.size()) result.text = std::move(bytes);
  else result.text.append(rest);
  return result;
}

std::size_t whole_characters(std::string_view bytes) noexcept {
  const std::size_t longest = std::min<std::size_t>(bytes.size(), 3);
  for (std::size_t back = 1; back <= longest; ++back) {
    const std::size_t start = bytes.size() - back;
    if ((byte_at(bytes, start) & 0xC0) == 0x80) continue;
    return sequence_of(byte_at(bytes, start)).length > back ? start : bytes.size();
  }
  return bytes.size();
}

}  // namespace document_index
