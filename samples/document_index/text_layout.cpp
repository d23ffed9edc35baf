// SPDX-License-Identifier: MIT
#include "text_layout.hpp"

#include "code_points.hpp"
#include "terminal_characters.hpp"

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

std::string escaped(std::string_view bytes, const code_point& one) {
  std::array<char, 16> text{};
  int length = 0;
  if (!one.valid) {
    for (std::size_t i = 0; i < one.length; ++i)
      length += std::snprintf(text.data() + length, text.size() - static_cast<std::size_t>(length),
                              "\\x%02X", static_cast<unsigned char>(bytes[i]));
  } else {
    length = std::snprintf(text.data(), text.size(), one.value < 0x80 ? "\\x%02X" : "\\u%04X",
                           static_cast<unsigned>(one.value));
  }
  return {text.data(), static_cast<std::size_t>(length)};
}

/// The bytes at the front of `text` that take at most so many columns.
std::size_t fitting(std::string_view text, std::size_t columns) {
  std::size_t bytes = 0;
  while (bytes < text.size()) {
    const code_point next = first_code_point(text.substr(bytes));
    const std::size_t takes = columns_of(next.value);
    if (takes > columns) break;
    columns -= takes;
    bytes += next.length;
  }
  return bytes;
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

std::size_t columns_of(std::string_view text) {
  std::size_t columns = 0;
  while (!text.empty()) {
    const code_point next = first_code_point(text);
    columns += columns_of(next.value);
    text.remove_prefix(next.length);
  }
  return columns;
}

std::string printable(std::string_view bytes) {
  constexpr std::size_t most_marks = 4;  // more paint over the lines above
  std::string text;
  std::size_t marks = 0;
  while (!bytes.empty()) {
    const code_point next = first_code_point(bytes);
    marks = columns_of(next.value) == 0 ? marks + 1 : 0;
    if (!next.valid || steers_terminal(next.value) || marks > most_marks)
      text += escaped(bytes, next);
    else text.append(bytes.substr(0, next.length));
    bytes.remove_prefix(next.length);
  }
  return text;
}

std::string shortened(std::string_view bytes, std::size_t columns) {
  std::string text = printable(bytes);
  const std::size_t all = columns_of(text);
  if (all <= columns) return text;
  if (columns < 4) return std::string(columns, '.');
  const std::size_t head = (columns - 3) / 3;  // the end of a path says more than its beginning
  const std::size_t tail = columns - 3 - head;
  // What goes is at least as wide as what is too much; marks go with the character before them.
  std::size_t cut = fitting(text, all - tail);
  if (columns_of(text.substr(cut)) > tail) cut += first_code_point(text.substr(cut)).length;
  while (cut < text.size() && columns_of(first_code_point(text.substr(cut)).value) == 0)
    cut += first_code_point(text.substr(cut)).length;
  return text.substr(0, fitting(text, head)) + "..." + text.substr(cut);
}

std::vector<std::string> wrapped(std::string_view bytes, std::size_t columns) {
  const std::string text = printable(bytes);
  const std::size_t fits = fitting(text, columns);
  if (fits == text.size()) return {text};
  const std::size_t space = text.rfind(' ', fits);
  if (space == std::string::npos || space == 0) return {shortened(text, columns)};
  return {text.substr(0, space), shortened(text.substr(space + 1), columns)};
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
