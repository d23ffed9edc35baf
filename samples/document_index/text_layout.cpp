// SPDX-License-Identifier: MIT
#include "text_layout.hpp"

#include "code_points.hpp"

#include <array>
#include <cstdio>
#include <vector>

namespace document_index {
namespace {

std::string with_unit(double value, int digits, std::string_view unit) {
  std::array<char, 48> text{};
  const int length = std::snprintf(text.data(), text.size(), "%.*f ", digits, value);
  return std::string(text.data(), static_cast<std::size_t>(length)).append(unit);
}

std::size_t columns_of(std::string_view text) {
  std::size_t columns = 0;
  for (const char c : text) columns += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return columns;
}

}  // namespace

std::string grouped(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3;) text.insert(at -= 3, 1, ',');
  return text;
}

std::string size_text(std::uint64_t bytes) {
  if (bytes < 1024) return std::to_string(bytes) + " B";
  auto value = static_cast<double>(bytes) / 1024;
  for (const std::string_view unit : {"KiB", "MiB", "GiB"}) {
    if (value < 1024) return with_unit(value, value < 100 ? 1 : 0, unit);
    value /= 1024;
  }
  return with_unit(value, 1, "TiB");
}

std::string seconds_text(std::chrono::nanoseconds time) {
  return with_unit(std::chrono::duration<double>(time).count(), 1, "s");
}

std::string short_time_text(std::chrono::nanoseconds time) {
  auto value = static_cast<double>(time.count());
  if (value < 1000) return with_unit(value, 0, "ns");
  for (const std::string_view unit : {"us", "ms"}) {
    value /= 1000;
    if (value < 1000) return with_unit(value, value < 10 ? 2 : value < 100 ? 1 : 0, unit);
  }
  return with_unit(value / 1000, 2, "s");
}

std::string counted(std::uint64_t number, std::string_view what) {
  return grouped(number).append(" ").append(what).append(number == 1 ? "" : "s");
}

std::string printable(std::string_view bytes) {
  std::string text;
  while (!bytes.empty()) {
    const code_point next = first_code_point(bytes);
    const bool steers = next.value < 0x20 || (next.value >= 0x7F && next.value < 0xA0) ||
                        (next.value >= 0x202A && next.value <= 0x202E);
    append_code_point(text, steers ? replacement_character : next.value);
    bytes.remove_prefix(next.length);
  }
  return text;
}

std::string shortened(std::string_view bytes, std::size_t columns) {
  std::string text = printable(bytes);
  if (columns_of(text) <= columns) return text;
  if (columns < 4) return std::string(columns, '.');
  std::vector<std::size_t> starts;  // of the characters
  for (std::size_t i = 0; i < text.size(); ++i)
    if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) starts.push_back(i);
  const std::size_t head = (columns - 3) / 3;  // the end of a path says more than its beginning
  const std::size_t tail = columns - 3 - head;
  return text.substr(0, starts[head]) + "..." + text.substr(starts[starts.size() - tail]);
}

std::string padded_right(std::string text, std::size_t columns) {
  const std::size_t have = columns_of(text);
  if (have < columns) text.append(columns - have, ' ');
  return text;
}

std::string padded_left(std::string text, std::size_t columns) {
  const std::size_t have = columns_of(text);
  if (have < columns) text.insert(0, columns - have, ' ');
  return text;
}

}  // namespace document_index
