// SPDX-License-Identifier: MIT
//
// Numbers, sizes, times and paths as the terminal shows them.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace document_index {

/// "1,234,567"
[[nodiscard]] std::string grouped(std::uint64_t number);
/// "14.2 MiB"
[[nodiscard]] std::string size_text(std::uint64_t bytes);
/// "12.3 s"
[[nodiscard]] std::string seconds_text(std::chrono::nanoseconds time);
/// "840 ns", "12.4 us", "3.10 ms"
[[nodiscard]] std::string short_time_text(std::chrono::nanoseconds time);
/// "1 file", "2 files"
[[nodiscard]] std::string counted(std::uint64_t number, std::string_view what);

/// The columns of printable text.
[[nodiscard]] std::size_t columns_of(std::string_view text);

/// Valid UTF-8 without anything that steers a terminal or makes text look like other text: such
/// characters, and bytes that are no UTF-8, become escapes as C++ has them (\x1B, \u202E).
[[nodiscard]] std::string printable(std::string_view bytes);
/// At most `columns` of printable text; what is too long loses its middle.
[[nodiscard]] std::string shortened(std::string_view bytes, std::size_t columns);
/// The same in one line or two, broken at a space; the second is shortened.
[[nodiscard]] std::vector<std::string> wrapped(std::string_view bytes, std::size_t columns);
[[nodiscard]] std::string padded_right(std::string text, std::size_t columns);
[[nodiscard]] std::string padded_left(std::string text, std::size_t columns);

}  // namespace document_index
