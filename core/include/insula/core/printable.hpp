// SPDX-License-Identifier: MIT
//
// Texts of users and of other components, inside sentences that people and terminals read.
#pragma once

#include <string>
#include <string_view>

namespace insula {

/// True when `text` can be shown as it is: UTF-8 without control characters, line ends and
/// characters that change the direction of what follows them.
[[nodiscard]] bool is_printable(std::string_view text) noexcept;

/// `text` on one line, and harmless to a terminal: what is_printable objects to is spelled as in
/// C++ (\n, \x1b, \u202e), a byte that is no UTF-8 as \xff. The log does so to each line; names of
/// apartments and threads go through it on their way into sentences.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace insula
