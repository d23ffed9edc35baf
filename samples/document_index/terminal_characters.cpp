// SPDX-License-Identifier: MIT
#include "terminal_characters.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace document_index {
namespace {

struct range {
  char32_t first, last;
};

// The general categories Cc, Cf, Zl and Zp of the Unicode standard but for U+200C and U+200D, and
// the fillers that show as nothing.
constexpr std::array steering{
    range{0x0000, 0x001F},   range{0x007F, 0x009F},   range{0x00AD, 0x00AD},
    range{0x0600, 0x0605},   range{0x061C, 0x061C},   range{0x06DD, 0x06DD},
    range{0x070F, 0x070F},   range{0x0890, 0x0891},   range{0x08E2, 0x08E2},
    range{0x115F, 0x1160},   range{0x180E, 0x180E},   range{0x200B, 0x200B},
    range{0x200E, 0x200F},   range{0x2028, 0x202E},   range{0x2060, 0x206F},
    range{0x3164, 0x3164},   range{0xFEFF, 0xFEFF},   range{0xFFA0, 0xFFA0},
    range{0xFFF9, 0xFFFB},   range{0x110BD, 0x110BD}, range{0x110CD, 0x110CD},
    range{0x13430, 0x1343F}, range{0x1BCA0, 0x1BCA3}, range{0x1D173, 0x1D17A},
    range{0xE0000, 0xE007F},
};

// The marks of the scripts that are met most, the joiners and the variation selectors.
constexpr std::array no_column{
    range{0x0300, 0x036F},   range{0x0483, 0x0489},   range{0x0591, 0x05BD},
    range{0x05BF, 0x05BF},   range{0x05C1, 0x05C2},   range{0x05C4, 0x05C5},
    range{0x0610, 0x061A},   range{0x064B, 0x065F},   range{0x0670, 0x0670},
    range{0x06D6, 0x06DC},   range{0x06DF, 0x06E4},   range{0x06E7, 0x06E8},
    range{0x06EA, 0x06ED},   range{0x0711, 0x0711},   range{0x0730, 0x074A},
    range{0x0900, 0x0902},   range{0x093C, 0x093C},   range{0x0941, 0x0948},
    range{0x094D, 0x094D},   range{0x0951, 0x0957},   range{0x0E31, 0x0E31},
    range{0x0E34, 0x0E3A},   range{0x0E47, 0x0E4E},   range{0x1AB0, 0x1AFF},
    range{0x1DC0, 0x1DFF},   range{0x200C, 0x200D},   range{0x20D0, 0x20FF},
    range{0x302A, 0x302D},   range{0x3099, 0x309A},   range{0xFE00, 0xFE0F},
    range{0xFE20, 0xFE2F},   range{0xE0100, 0xE01EF},
};

constexpr std::array two_columns{
    range{0x1100, 0x115F},   range{0x231A, 0x231B},   range{0x2E80, 0x303E},
    range{0x3041, 0x33FF},   range{0x3400, 0x4DBF},   range{0x4E00, 0xA4CF},
    range{0xA960, 0xA97F},   range{0xAC00, 0xD7A3},   range{0xF900, 0xFAFF},
    range{0xFE30, 0xFE6F},   range{0xFF01, 0xFF60},   range{0xFFE0, 0xFFE6},
    range{0x16FE0, 0x18AFF}, range{0x1B000, 0x1B2FF}, range{0x1F300, 0x1F64F},
    range{0x1F680, 0x1F6FF}, range{0x1F900, 0x1FAFF}, range{0x20000, 0x3FFFD},
};

template <class Ranges>
bool contain(const Ranges& sorted, char32_t character) noexcept {
  const auto next =
      std::upper_bound(sorted.begin(), sorted.end(), character,
                       [](char32_t value, const range& one) { return value < one.first; });
  return next != sorted.begin() && character <= std::prev(next)->last;
}

}  // namespace

std::size_t columns_of(char32_t character) noexcept {
  if (character < 0x300) return 1;
  if (contain(no_column, character)) return 0;
  return contain(two_columns, character) ? 2 : 1;
}

bool steers_terminal(char32_t character) noexcept { return contain(steering, character); }

}  // namespace document_index
