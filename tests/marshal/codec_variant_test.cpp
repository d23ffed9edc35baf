// SPDX-License-Identifier: MIT
#include <insula/marshal/codec_variant.hpp>

#include "wire_bytes.hpp"

#include <gtest/gtest.h>

#include <string>
#include <variant>

namespace insula::test {
namespace {

using choice = std::variant<std::uint8_t, std::string, std::uint64_t, std::monostate>;

TEST(CodecVariant, IsItsIndexThenTheChosenArm) {
  EXPECT_EQ(to_wire(choice(std::uint8_t{9})), wire_bytes().u32(0).u8(9).bytes);
  EXPECT_EQ(to_wire(choice(std::uint64_t{9})), wire_bytes().u32(2).zeros(4).u64(9).bytes);
  EXPECT_EQ(to_wire(choice(std::monostate{})), wire_bytes().u32(3).u8(0).bytes);
}

TEST(CodecVariant, DefersThePointeesOfItsArm) {
  const std::vector<choice> choices{choice("a"), choice(std::uint8_t{1})};
  EXPECT_EQ(to_wire(choices), wire_bytes()
                                  .u32(0x20000)
                                  .u32(2)
                                  .u32(1)
                                  .u32(0x20004)
                                  .u32(0)
                                  .u8(1)
                                  .zeros(3)
                                  .u32(2)
                                  .u32(0)
                                  .u32(2)
                                  .text("a")
                                  .u8(0)
                                  .bytes);
}

TEST(CodecVariant, BringsEveryAlternativeBack) {
  for (const choice& value : {choice(std::uint8_t{1}), choice("text"), choice(std::uint64_t{2}),
                              choice(std::monostate{})})
    EXPECT_EQ(round_trip(value), value);
}

TEST(CodecVariant, TellsEqualTypesApartByTheirIndex) {
  using twins = std::variant<int, int>;
  const twins second(std::in_place_index<1>, 5);
  EXPECT_EQ(round_trip(second).index(), 1u);
}

TEST(CodecVariant, RefusesADiscriminantBeyondTheLastAlternative) {
  EXPECT_EQ(code_of_reading<choice>(wire_bytes().u32(4).u64(0).bytes), HRESULT_RPC_X_BAD_STUB_DATA);
}

struct throws_on_copy {
  throws_on_copy() = default;
  throws_on_copy(const throws_on_copy&) { throw 1; }
  throws_on_copy& operator=(const throws_on_copy&) = default;
};

}  // namespace
}  // namespace insula::test

template <>
struct insula::ndr_codec<insula::test::throws_on_copy> : insula::ndr_codec<std::monostate> {
  using value_type = insula::test::throws_on_copy;
  static void write(ndr_writer&, const value_type&) {}
  static void write_deferred(ndr_writer&, const value_type&) {}
  static void read(ndr_reader&, value_type&) {}
  static void read_deferred(ndr_reader&, value_type&) {}
  static void free(value_type&) noexcept {}
};

namespace insula::test {
namespace {

TEST(CodecVariant, IsRefusedWhenItIsValuelessByException) {
  std::variant<int, throws_on_copy> broken;
  const throws_on_copy source;
  EXPECT_THROW(broken.emplace<1>(source), int);
  ASSERT_TRUE(broken.valueless_by_exception());

  ndr_writer writer;
  EXPECT_THROW(write_value(writer, broken), ndr_error);
  ndr_codec<std::variant<int, throws_on_copy>>::free(broken);
}

TEST(CodecVariant, RefusesEveryCutMessage) { survives_cuts<choice>(to_wire(choice("text"))); }

}  // namespace
}  // namespace insula::test
