// SPDX-License-Identifier: MIT
#include <insula/marshal/codec_tuple.hpp>

#include "wire_bytes.hpp"

#include <gtest/gtest.h>

#include <string>
#include <tuple>
#include <utility>

namespace insula::test {
namespace {

TEST(CodecTuple, IsAStructureInTheOrderOfItsElements) {
  const std::tuple<std::uint8_t, std::uint64_t, std::uint16_t> value{1, 2, 3};
  EXPECT_EQ(to_wire(value), wire_bytes().u8(1).zeros(7).u64(2).u16(3).bytes);
  EXPECT_EQ(to_wire(std::pair<std::uint16_t, std::uint8_t>{1, 2}), wire_bytes().u16(1).u8(2).bytes);
}

TEST(CodecTuple, IsAlignedAsItsLargestElement) {
  using two = std::pair<std::uint8_t, std::uint32_t>;
  EXPECT_EQ(to_wire(std::tuple<std::uint8_t, two>{1, two{2, 3}}),
            wire_bytes().u8(1).zeros(3).u8(2).zeros(3).u32(3).bytes);
}

TEST(CodecTuple, DefersAllItsPointees) {
  const std::pair<std::string, std::string> value{"a", "b"};
  EXPECT_EQ(to_wire(value), wire_bytes()
                                .u32(0x20000)
                                .u32(0x20004)
                                .u32(2)
                                .u32(0)
                                .u32(2)
                                .text("a")
                                .u8(0)
                                .zeros(2)
                                .u32(2)
                                .u32(0)
                                .u32(2)
                                .text("b")
                                .u8(0)
                                .bytes);
  EXPECT_EQ(round_trip(value), value);
}

TEST(CodecTuple, BringsNestedTuplesBack) {
  const std::tuple<int, std::pair<std::string, std::vector<int>>, std::tuple<bool>> value{
      1, {"two", {3, 4}}, {true}};
  EXPECT_EQ(round_trip(value), value);
}

static_assert(!marshalable<std::tuple<>>);
static_assert(!marshalable<std::pair<int, void*>>);

}  // namespace
}  // namespace insula::test
