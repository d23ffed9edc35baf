// SPDX-License-Identifier: MIT
#include "insula/core/utf.hpp"

#include <gtest/gtest.h>

namespace insula {
namespace {

TEST(Utf, GoesBothWays) {
  const std::string text = "a\u00e9\u20ac\U0001F600z";
  EXPECT_EQ(to_utf16(text), u"a\u00e9\u20ac\U0001F600z");
  EXPECT_EQ(to_utf8(u"a\u00e9\u20ac\U0001F600z"), text);
}

TEST(Utf, KeepsZeros) {
  EXPECT_EQ(to_utf16(std::string_view("a\0b", 3)), std::u16string_view(u"a\0b", 3));
  EXPECT_EQ(to_utf8(std::u16string_view(u"a\0b", 3)), std::string_view("a\0b", 3));
}

TEST(Utf, LimitsOfEachLengthSurvive) {
  for (const char32_t c : {U'\x7F', U'\x80', U'\x7FF', U'\x800', U'\xD7FF', U'\xE000', U'\xFFFF',
                           U'\x10000', U'\x10FFFF'}) {
    std::u16string wide;
    if (c < 0x10000) {
      wide.push_back(static_cast<char16_t>(c));
    } else {
      wide.push_back(static_cast<char16_t>(0xD7C0 + (c >> 10)));
      wide.push_back(static_cast<char16_t>(0xDC00 + (c & 0x3FF)));
    }
    EXPECT_EQ(to_utf16(to_utf8(wide)), wide) << static_cast<unsigned>(c);
  }
}

TEST(Utf, MalformedUtf8BecomesReplacements) {
  EXPECT_EQ(to_utf16("\xff"), u"\ufffd");
  EXPECT_EQ(to_utf16("a\xc3"), u"a\ufffd");                              // ends early
  EXPECT_EQ(to_utf16("\xc0\xaf"), u"\ufffd\ufffd");                      // overlong
  EXPECT_EQ(to_utf16("\xed\xa0\x80"), u"\ufffd\ufffd\ufffd");            // a surrogate
  EXPECT_EQ(to_utf16("\xf4\x90\x80\x80"), u"\ufffd\ufffd\ufffd\ufffd");  // beyond the last one
  EXPECT_EQ(to_utf16("\xe2\x82z"), u"\ufffdz");                          // one for a broken start
}

TEST(Utf, LoneSurrogatesBecomeReplacements) {
  const char16_t high[] = {0xD800, u'a', 0};
  const char16_t low[] = {0xDC00, 0};
  const char16_t last[] = {u'a', 0xD800, 0};

  EXPECT_EQ(to_utf8(high),
            "\xef\xbf\xbd"
            "a");
  EXPECT_EQ(to_utf8(low), "\xef\xbf\xbd");
  EXPECT_EQ(to_utf8(last), "a\xef\xbf\xbd");
}

}  // namespace
}  // namespace insula
