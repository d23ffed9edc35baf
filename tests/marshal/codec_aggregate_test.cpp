// SPDX-License-Identifier: MIT
#include <insula/marshal/codec_aggregate.hpp>

#include "wire_bytes.hpp"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace insula::test {
namespace {

struct padded {
  std::uint8_t a;
  std::uint64_t b;
  std::uint16_t c;
  bool operator==(const padded&) const = default;
};

TEST(CodecAggregate, AlignsItsFieldsAndEndsWithoutPadding) {
  EXPECT_EQ(to_wire(padded{1, 2, 3}), wire_bytes().u8(1).zeros(7).u64(2).u16(3).bytes);
  EXPECT_EQ(ndr_codec<padded>::fixed_size, 18u);
  EXPECT_EQ(sizeof(padded), 24u);
}

TEST(CodecAggregate, PadsBetweenTheElementsOfAnArray) {
  const std::vector<padded> two{{1, 2, 3}, {4, 5, 6}};
  EXPECT_EQ(to_wire(two), wire_bytes().u32(0x20000).u32(2)
                              .u8(1).zeros(7).u64(2).u16(3)
                              .zeros(6).u8(4).zeros(7).u64(5).u16(6).bytes);
  EXPECT_EQ(round_trip(two), two);
}

TEST(CodecAggregate, NeverSendsWhatLiesInItsPadding) {
  padded value;
  std::memset(static_cast<void*>(&value), 0xEE, sizeof value);
  value.a = 1, value.b = 2, value.c = 3;
  EXPECT_EQ(to_wire(value), to_wire(padded{1, 2, 3}));
}

struct image {
  std::int32_t x;
  std::int16_t y[2];
  float z;
  GUID id[2];
  bool operator==(const image&) const = default;
};
struct with_bool {
  bool a;
  std::uint8_t b;
};
struct [[gnu::packed]] packed_bytes {
  std::uint8_t a[5];
};

static_assert(ndr_codec<image>::blittable && ndr_codec<image>::fixed_size == sizeof(image));
static_assert(!ndr_codec<padded>::blittable);
static_assert(!ndr_codec<with_bool>::blittable, "a read must not make an invalid bool");
static_assert(ndr_codec<packed_bytes>::blittable && ndr_codec<packed_bytes>::alignment == 1);

TEST(CodecAggregate, IsCopiedInBulkWhenItsImageIsTheWires) {
  std::vector<image> many;
  for (std::int16_t i = 0; i != 50; ++i)
    many.push_back({i, {i, static_cast<std::int16_t>(-i)}, 0.5f, {GUID_NULL, IID_IUnknown}});
  EXPECT_EQ(round_trip(many), many);
}

TEST(CodecAggregate, IsReadFieldByFieldFromABigEndianMessage) {
  const auto bytes = wire_bytes(big).u8(1).zeros(7).u64(2).u16(3).bytes;
  EXPECT_EQ(from_wire<padded>(bytes, big), (padded{1, 2, 3}));
}

struct inner {
  std::string name;
  std::optional<int> size;
  bool operator==(const inner&) const = default;
};
struct outer {
  int id;
  inner first;
  std::vector<inner> rest;
  std::map<std::string, inner> named;
  wchar_t letter;
  bool operator==(const outer&) const = default;
};

TEST(CodecAggregate, NestsInAnyWay) {
  const outer value{-1, {"one", 1}, {{"two", {}}, {"", 3}}, {{"key", {"four", 4}}}, L'ß'};
  EXPECT_EQ(round_trip(value), value);
}

TEST(CodecAggregate, WritesFlatPartsOfAllLevelsBeforePointees) {
  struct pair_of_inner {
    inner a, b;
  };
  const pair_of_inner value{{"a", {}}, {"b", 7}};
  EXPECT_EQ(to_wire(value), wire_bytes().u32(0x20000).u32(0).u32(0x20004).u32(0x20008)
                                .u32(2).u32(0).u32(2).text("a").u8(0).zeros(2)
                                .u32(2).u32(0).u32(2).text("b").u8(0).zeros(2)
                                .u32(7).bytes);
}

struct tree {
  std::uint8_t leaf = 0;
  std::vector<tree> branches;
  bool operator==(const tree&) const = default;
};

TEST(CodecAggregate, MayHoldItselfThroughAContainer) {
  const tree value{1, {{2, {}}, {3, {{4, {}}}}}};
  EXPECT_EQ(round_trip(value), value);
}

tree chain(int depth) {
  tree top;
  for (int i = 0; i != depth; ++i) {
    tree above;
    above.branches.push_back(std::move(top));
    top = std::move(above);
  }
  return top;
}

TEST(CodecAggregate, NestsContainersTo512LevelsOnBothSides) {
  const tree deepest = chain(ndr_writer::max_depth - 1);
  EXPECT_EQ(round_trip(deepest), deepest);

  ndr_writer writer;
  EXPECT_THROW(write_value(writer, chain(ndr_writer::max_depth)), ndr_error);
}

TEST(CodecAggregate, RefusesAMessageThatNestsDeeper) {
  wire_bytes bytes;
  bytes.u8(0).zeros(3).u32(1);
  for (int i = 0; i != 600; ++i) bytes.u32(1).u8(0).zeros(3).u32(1);
  bytes.u32(0);
  EXPECT_EQ(code_of_reading<tree>(bytes.bytes), HRESULT_RPC_X_BAD_STUB_DATA);
}

struct nothing {};
struct holds_nothing {
  nothing a;
  std::uint32_t b;
};

TEST(CodecAggregate, SendsAnEmptyStructAsOneByte) {
  EXPECT_EQ(to_wire(nothing{}), wire_bytes().u8(0).bytes);
  EXPECT_EQ(to_wire(holds_nothing{{}, 5}), wire_bytes().u8(0).zeros(3).u32(5).bytes);
  EXPECT_EQ(from_wire<holds_nothing>(wire_bytes().u8(7).zeros(3).u32(5).bytes).b, 5u);
}

TEST(CodecAggregate, RefusesEveryCutMessage) {
  survives_cuts<outer>(to_wire(outer{-1, {"one", 1}, {{"two", {}}}, {{"k", {"v", 4}}}, L'x'}));
}

struct everything {
  char c;
  std::unique_ptr<int> pointer;
  std::string text;
  int numbers[3];
  inner parts[2];
  std::optional<std::vector<int>> maybe;
  std::pair<int, std::string> two;
  double d;
};
static_assert(detail::field_count<everything> == 8);

struct hundred {
  std::byte bytes[256];
  int more[2][3][4];
};
static_assert(detail::field_count<hundred> == 2);

}  // namespace
}  // namespace insula::test
