// SPDX-License-Identifier: MIT
#include <insula/marshal/codec_fixed_string.hpp>

#include "wire_bytes.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace insula::test {
namespace {

using name8 = fixed_string<char, 8>;

static_assert(sizeof(fixed_string<char16_t, 5>) == sizeof(char16_t[5]));
static_assert(std::is_standard_layout_v<name8> && std::is_trivially_copyable_v<name8>);
static_assert(marshalable<name8>);

TEST(CodecFixedString, HasAnEightByteHeader) {
  EXPECT_EQ(to_wire(name8("abc")), wire_bytes().u32(0).u32(4).text("abc").u8(0).bytes);
  EXPECT_EQ(to_wire(fixed_string<char16_t, 4>(u"ab")),
            wire_bytes().u32(0).u32(3).u16('a').u16('b').u16(0).bytes);
}

TEST(CodecFixedString, SendsOnlyTheTerminatorOfEmptyText) {
  EXPECT_EQ(to_wire(name8()), wire_bytes().u32(0).u32(1).u8(0).bytes);
}

TEST(CodecFixedString, ComesBack) {
  EXPECT_EQ(round_trip(name8("1234567")), name8("1234567"));
  EXPECT_EQ(round_trip(fixed_string<char32_t, 3>(U"ß")), (fixed_string<char32_t, 3>(U"ß")));
}

TEST(CodecFixedString, IsReadFromABigEndianMessage) {
  const auto bytes = wire_bytes(big).u32(0).u32(2).u16(0x1234).u16(0).bytes;
  EXPECT_EQ((from_wire<fixed_string<char16_t, 4>>(bytes, big)).view(), u"\x1234");
}

TEST(CodecFixedString, RefusesWhatIsNoString) {
  const auto refuses = [](const wire_bytes& bytes) {
    return code_of_reading<name8>(bytes.bytes) == HRESULT_RPC_X_BAD_STUB_DATA;
  };
  EXPECT_TRUE(refuses(wire_bytes().u32(0).u32(0)));                           // no terminator
  EXPECT_TRUE(refuses(wire_bytes().u32(0).u32(2).text("ab")));                // the same
  EXPECT_TRUE(refuses(wire_bytes().u32(1).u32(1).u8(0)));                     // an offset
  EXPECT_TRUE(refuses(wire_bytes().u32(0).u32(9).text("12345678").u8(0)));    // too long
  EXPECT_TRUE(refuses(wire_bytes().u32(0).u32(0xFFFFFFFF).text("ab").u8(0)));  // a lie
}

TEST(CodecFixedString, SurvivesCuts) { survives_cuts<name8>(to_wire(name8("abc"))); }

TEST(FixedString, EndsAtTheFirstTerminator) {
  EXPECT_EQ(name8(std::string_view("ab\0cd", 5)).view(), "ab");
}

TEST(FixedString, RefusesTextThatDoesNotFit) {
  EXPECT_THROW(name8("12345678"), std::length_error);
}

}  // namespace
}  // namespace insula::test
