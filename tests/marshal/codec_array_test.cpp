// SPDX-License-Identifier: MIT
#include <insula/marshal/codec_array.hpp>

#include "wire_bytes.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace insula::test {
namespace {

TEST(CodecArray, IsItsElementsWithoutACount) {
  EXPECT_EQ(to_wire(std::array<std::uint16_t, 3>{1, 2, 3}),
            wire_bytes().u16(1).u16(2).u16(3).bytes);
}

TEST(CodecArray, MayHaveManyDimensions) {
  const std::array<std::array<std::uint8_t, 2>, 2> grid{{{1, 2}, {3, 4}}};
  EXPECT_EQ(to_wire(grid), wire_bytes().u8(1).u8(2).u8(3).u8(4).bytes);
  EXPECT_EQ(round_trip(grid), grid);
}

struct c_arrays {
  std::uint8_t plain[3];
  std::uint16_t grid[2][2];
  std::string words[2];
};

TEST(CodecArray, ServesCArraysInStructs) {
  const c_arrays value{{1, 2, 3}, {{4, 5}, {6, 7}}, {"a", "b"}};

  const auto bytes = to_wire(value);
  const c_arrays back = from_wire<c_arrays>(bytes);

  EXPECT_EQ(bytes, wire_bytes().u8(1).u8(2).u8(3).zeros(1).u16(4).u16(5).u16(6).u16(7)
                       .u32(0x20000).u32(0x20004)
                       .u32(2).u32(0).u32(2).text("a").u8(0).zeros(2)
                       .u32(2).u32(0).u32(2).text("b").u8(0).bytes);
  EXPECT_EQ(back.grid[1][1], 7);
  EXPECT_EQ(back.words[1], "b");
}

// J17: a 5 x 3 array of pointers: all referent ids of a level, then each pointee in order.
TEST(CodecArray, J17_WritesFifteenReferentsBeforeFifteenPointees) {
  std::uint32_t numbers[15];
  std::array<std::array<std::uint32_t*, 3>, 5> pointers;
  wire_bytes expected;
  for (std::uint32_t i = 0; i != 15; ++i) {
    numbers[i] = 100 + i;
    pointers[i / 3][i % 3] = &numbers[i];
    expected.u32(0x20000 + 4 * i);
  }
  for (std::uint32_t i = 0; i != 15; ++i) expected.u32(100 + i);

  EXPECT_EQ(to_wire(pointers), expected.bytes);
}

// J17: the same with an array behind every pointer, each with its own count.
TEST(CodecArray, J17_GivesEachPointeeItsOwnElementCount) {
  using row = std::array<std::vector<std::uint32_t>, 3>;
  const std::vector<row> rows(5, row{std::vector<std::uint32_t>{7}, {}, {8, 9}});
  wire_bytes expected;
  expected.u32(0x20000).u32(5);
  for (std::uint32_t i = 1; i != 16; ++i) expected.u32(0x20000 + 4 * i);
  for (int i = 0; i != 5; ++i) expected.u32(1).u32(7).u32(0).u32(2).u32(8).u32(9);

  EXPECT_EQ(to_wire(rows), expected.bytes);
  EXPECT_EQ(round_trip(rows), rows);
}

TEST(CodecArray, RefusesEveryCutMessage) {
  using words = std::array<std::string, 2>;
  survives_cuts<words>(to_wire(words{"one", "two"}));
}

TEST(CodecArray, IsReadFromABigEndianMessage) {
  using pair = std::array<std::int32_t, 2>;
  EXPECT_EQ(from_wire<pair>(wire_bytes(big).u32(1).u32(0xFFFFFFFF).bytes, big), (pair{1, -1}));
}

static_assert(!marshalable<std::array<int, 0>>);
static_assert(!marshalable<std::array<void*, 1>>);
static_assert(ndr_codec<std::array<int[2], 3>>::blittable);
static_assert(ndr_codec<std::array<double, 3>>::fixed_size == 24);

}  // namespace
}  // namespace insula::test
