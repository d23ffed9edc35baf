// SPDX-License-Identifier: MIT
#include <insula/marshal/codec_associative.hpp>

#include "wire_bytes.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>

namespace insula::test {
namespace {

TEST(CodecMap, IsAnArrayOfPairsInOrder) {
  const std::map<std::uint8_t, std::uint32_t> map{{2, 20}, {1, 10}};
  EXPECT_EQ(to_wire(map),
            wire_bytes().u32(0x20000).u32(2).u8(1).zeros(3).u32(10).u8(2).zeros(3).u32(20).bytes);
}

TEST(CodecMap, WritesItsPointeesAfterAllPairs) {
  const std::map<std::string, std::uint32_t> map{{"a", 1}, {"b", 2}};
  EXPECT_EQ(to_wire(map), wire_bytes()
                              .u32(0x20000)
                              .u32(2)
                              .u32(0x20004)
                              .u32(1)
                              .u32(0x20008)
                              .u32(2)
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
}

TEST(CodecAssociative, BringsEveryKindBack) {
  const std::map<std::string, std::vector<int>> map{{"", {}}, {"x", {1, 2}}};
  const std::unordered_map<int, std::string> table{{1, "one"}, {2, "two"}, {-7, ""}};
  const std::multimap<int, int> many{{1, 3}, {1, 2}, {0, 9}};
  const std::unordered_multimap<int, int> loose{{4, 4}, {4, 4}};
  const std::set<std::u16string> names{u"b", u"a"};
  const std::unordered_set<std::uint64_t> ids{1, 1ull << 63};
  const std::multiset<char> letters{'a', 'a', 'b'};
  const std::unordered_multiset<bool> bits{true, true, false};

  EXPECT_EQ(round_trip(map), map);
  EXPECT_EQ(round_trip(table), table);
  EXPECT_EQ(round_trip(many), many);
  EXPECT_EQ(round_trip(loose), loose);
  EXPECT_EQ(round_trip(names), names);
  EXPECT_EQ(round_trip(ids), ids);
  EXPECT_EQ(round_trip(letters), letters);
  EXPECT_EQ(round_trip(bits), bits);
  EXPECT_EQ(round_trip(decltype(map){}), decltype(map){});
}

TEST(CodecMap, KeepsEqualKeysOfAMultimapInTheirOrder) {
  const auto back = round_trip(std::multimap<int, int>{{1, 3}, {1, 2}, {1, 1}});
  std::vector<int> values;
  for (const auto& [key, value] : back)
    values.push_back(value);
  EXPECT_EQ(values, (std::vector<int>{3, 2, 1}));
}

TEST(CodecMap, RefusesAKeyThatComesTwice) {
  const auto bytes = wire_bytes().u32(1).u32(2).u32(5).u32(1).u32(5).u32(2).bytes;
  using map = std::map<int, int>;
  using table = std::unordered_map<int, int>;
  EXPECT_EQ(code_of_reading<map>(bytes), HRESULT_RPC_X_BAD_STUB_DATA);
  EXPECT_EQ(code_of_reading<table>(bytes), HRESULT_RPC_X_BAD_STUB_DATA);
}

TEST(CodecSet, RefusesAKeyThatComesTwice) {
  const auto bytes = wire_bytes().u32(1).u32(2).u16(5).u16(5).bytes;
  EXPECT_EQ(code_of_reading<std::set<std::uint16_t>>(bytes), HRESULT_RPC_X_BAD_STUB_DATA);
  EXPECT_EQ(code_of_reading<std::multiset<std::uint16_t>>(bytes), S_OK);
}

TEST(CodecMap, RefusesEveryCutMessage) {
  using map = std::map<std::string, const char*>;
  survives_cuts<map>(to_wire(map{{"key", "value"}, {"other", nullptr}}));
}

TEST(CodecMap, FreesTheTaskMemoryInside) {
  const std::size_t before = live_task_allocations();
  using map = std::map<int, const char*>;
  map copy = round_trip(map{{1, "one"}, {2, "two"}});
  EXPECT_EQ(live_task_allocations(), before + 2);

  ndr_codec<map>::free(copy);

  EXPECT_EQ(live_task_allocations(), before);
}

}  // namespace
}  // namespace insula::test
