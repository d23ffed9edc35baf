// SPDX-License-Identifier: MIT
#include "insula/core/printable.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace insula {
namespace {

using std::string_view_literals::operator""sv;

TEST(Printable, TextOfAnyLanguageStaysAsItIs) {
  for (const std::string_view text : {""sv, "plain \\n {} 100%"sv, "größer, 山, \U0001F3DD"sv}) {
    EXPECT_TRUE(is_printable(text)) << text;
    EXPECT_EQ(printable(text), text);
  }
}

TEST(Printable, LineEndsAreSpelled) {
  EXPECT_FALSE(is_printable("one\nline"));
  EXPECT_EQ(printable("a\r\nb\tc"), "a\\r\\nb\\tc");
  EXPECT_EQ(printable("a\u2028b\u2029c\u0085"), "a\\u2028b\\u2029c\\u0085");
}

TEST(Printable, EscapeCodesOfTerminalsAreSpelled) {
  EXPECT_EQ(printable("\x1b[2Jgone"), "\\x1b[2Jgone");
  EXPECT_EQ(printable("\u009b31m"), "\\u009b31m");
  EXPECT_EQ(printable("a\0b\x7f"sv), "a\\x00b\\x7f");
}

TEST(Printable, WhatTurnsTheDirectionOfTextIsSpelled) {
  EXPECT_EQ(printable("exe.\u202etxt"), "exe.\\u202etxt");
  EXPECT_EQ(printable("\u2066\u200f\u061c"), "\\u2066\\u200f\\u061c");
}

TEST(Printable, BytesThatAreNoUtf8AreSpelledOneByOne) {
  EXPECT_EQ(printable("\xff\xc3"), "\\xff\\xc3");
  EXPECT_EQ(printable("\xc0\x8a"), "\\xc0\\x8a");              // a line end, overlong
  EXPECT_EQ(printable("\xe0\x80\x8a"), "\\xe0\\x80\\x8a");
  EXPECT_EQ(printable("\xed\xa0\x80"), "\\xed\\xa0\\x80");      // half a surrogate pair
  EXPECT_EQ(printable("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80");
  EXPECT_EQ(printable("\xe5\xb1"), "\\xe5\\xb1");               // cut off
}

}  // namespace
}  // namespace insula
