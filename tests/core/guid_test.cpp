// SPDX-License-Identifier: MIT
#include "insula/core/guid.hpp"

#include "insula/core/hresult.hpp"

#include <gtest/gtest.h>

#include <set>
#include <unordered_set>

namespace insula {
namespace {

constexpr GUID sample = guid("00112233-4455-6677-8899-aabbccddeeff");

TEST(Guid, LiteralIsAConstantOfTheCompiler) {
  static_assert(sample.Data1 == 0x00112233 && sample.Data2 == 0x4455 && sample.Data3 == 0x6677);
  static_assert(sample.Data4[0] == 0x88 && sample.Data4[1] == 0x99 && sample.Data4[7] == 0xFF);
  static_assert(guid("{00112233-4455-6677-8899-AABBCCDDEEFF}") == sample);
  SUCCEED();
}

TEST(Guid, ReadsBothCasesAndBraces) {
  EXPECT_EQ(parse_guid("00112233-4455-6677-8899-AaBbCcDdEeFf"), sample);
  EXPECT_EQ(parse_guid("{00112233-4455-6677-8899-aabbccddeeff}"), sample);
}

TEST(Guid, RefusesEveryMalformedText) {
  for (const char* text :
       {"", "{}", "00112233-4455-6677-8899-aabbccddeef", "00112233-4455-6677-8899-aabbccddeeff0",
        "{00112233-4455-6677-8899-aabbccddeeff", "00112233-4455-6677-8899-aabbccddeeff}",
        "(00112233-4455-6677-8899-aabbccddeeff)", "0011223304455-6677-8899-aabbccddeeff",
        "00112233-4455-6677-8899-aabbccddeegf", "+0112233-4455-6677-8899-aabbccddeeff",
        " 0112233-4455-6677-8899-aabbccddeeff", "00112233-4455-6677-88-99aabbccddeeff"})
    EXPECT_EQ(parse_guid(text), std::nullopt) << text;
}

TEST(Guid, PrintsAsTheRegistryWritesIt) {
  EXPECT_EQ(to_string(sample), "{00112233-4455-6677-8899-AABBCCDDEEFF}");
  EXPECT_EQ(to_string(GUID_NULL), "{00000000-0000-0000-0000-000000000000}");
}

TEST(Guid, ReadsWhatItPrints) {
  for (int i = 0; i != 100; ++i) {
    const GUID value = new_guid();
    EXPECT_EQ(parse_guid(to_string(value)), value);
  }
}

TEST(Guid, DiffersWhenAnyBitDiffers) {
  for (std::size_t bit = 0; bit != 128; ++bit) {
    GUID other = sample;
    reinterpret_cast<unsigned char*>(&other)[bit / 8] ^= static_cast<unsigned char>(1 << bit % 8);
    EXPECT_NE(other, sample) << bit;
    EXPECT_NE(std::hash<GUID>{}(other), std::hash<GUID>{}(sample)) << bit;
  }
}

TEST(Guid, OrderIsThatOfTheText) {
  std::set<GUID> values;
  std::set<std::string> texts;
  for (int i = 0; i != 50; ++i) {
    const GUID value = new_guid();
    values.insert(value);
    texts.insert(to_string(value));
  }
  auto text = texts.begin();
  for (const GUID& value : values)
    EXPECT_EQ(to_string(value), *text++);
}

TEST(Guid, NewOnesAreRandomOfVersionFour) {
  std::unordered_set<GUID> seen;
  for (int i = 0; i != 1000; ++i) {
    const GUID value = new_guid();
    EXPECT_EQ(value.Data3 >> 12, 4);
    EXPECT_EQ(value.Data4[0] >> 6, 2);
    EXPECT_TRUE(seen.insert(value).second);
  }
}

TEST(Guid, CoCreateGuidRefusesNull) {
  GUID made{};

  EXPECT_EQ(CoCreateGuid(nullptr), E_INVALIDARG);
  EXPECT_EQ(CoCreateGuid(&made), S_OK);
  EXPECT_NE(made, GUID_NULL);
}

}  // namespace
}  // namespace insula
