// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace insula {

/// Between UTF-8 and UTF-16. What is malformed becomes U+FFFD, one for each longest part that could
/// have begun a character (the Unicode standard's recommended practice, section 3.9).
std::u16string to_utf16(std::string_view utf8);
std::string to_utf8(std::u16string_view utf16);

}  // namespace insula
