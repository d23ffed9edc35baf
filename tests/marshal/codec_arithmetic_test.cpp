// SPDX-License-Identifier: MIT
#include <insula/marshal/codec_arithmetic.hpp>

#include "wire_bytes.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>

namespace insula::test {
namespace {

template <class T>
class CodecArithmetic : public testing::Test {};

enum class small : std::uint8_t { low = 0, high = 255 };
enum class wide : std::int64_t { low = std::numeric_limits<std::int64_t>::min(), high = 9 };
enum plain { first, second };

using numbers = testing::Types<char, signed char, unsigned char, char8_t, char16_t, char32_t,
                               wchar_t, short, unsigned short, int, unsigned, long, unsigned long,
                               long long, unsigned long long, float, double>;
TYPED_TEST_SUITE(CodecArithmetic, numbers);

TYPED_TEST(CodecArithmetic, BringsItsLimitsBack) {
  using limits = std::numeric_limits<TypeParam>;
  for (const TypeParam value :
       {limits::min(), limits::max(), limits::lowest(), TypeParam{}, static_cast<TypeParam>(1)})
    EXPECT_EQ(round_trip(value), value);
}

TYPED_TEST(CodecArithmetic, TakesItsSizeAtItsAlignment) {
  std::vector<std::byte> buffer(16);
  ndr_writer writer(buffer);
  writer.primitive(std::uint8_t{1});

  ndr_codec<TypeParam>::write(writer, TypeParam{});

  EXPECT_EQ(writer.size(), 2 * sizeof(TypeParam));
  EXPECT_TRUE(ndr_codec<TypeParam>::blittable);
}

TEST(CodecArithmeticBytes, AreLittleEndian) {
  EXPECT_EQ(to_wire(std::int16_t{-2}), wire_bytes().u16(0xFFFE).bytes);
  EXPECT_EQ(to_wire(0x01020304), wire_bytes().u8(4).u8(3).u8(2).u8(1).bytes);
  EXPECT_EQ(to_wire(1L), wire_bytes().u64(1).bytes);
  EXPECT_EQ(to_wire(L'x'), wire_bytes().u32('x').bytes);
  EXPECT_EQ(to_wire(-0.0), wire_bytes().u64(0x8000000000000000).bytes);
}

TEST(CodecArithmetic_, KeepsEveryBitOfANaN) {
  const auto image = std::uint64_t{0x7FF8000000ABCDEF};
  EXPECT_EQ(std::bit_cast<std::uint64_t>(round_trip(std::bit_cast<double>(image))), image);
}

TEST(CodecLongDouble, BringsEveryBitBack) {
  using limits = std::numeric_limits<long double>;
  for (const long double value : {limits::min(), limits::max(), limits::lowest(),
                                  limits::denorm_min(), limits::infinity(), 1 + limits::epsilon()})
    EXPECT_EQ(round_trip(value), value);
  EXPECT_TRUE(std::signbit(round_trip(-0.0L)));
  EXPECT_TRUE(std::isnan(round_trip(limits::quiet_NaN())));
}

TEST(CodecLongDouble, IsTwoHypersWithNothingLeftOver) {
  static_assert(std::numeric_limits<long double>::digits == 64);
  EXPECT_EQ(to_wire(-2.0L), wire_bytes().u64(0x8000000000000000).u64(0xC000).bytes);
  EXPECT_EQ(from_wire<long double>(wire_bytes(big).u64(0x8000000000000000).u64(0xC000).bytes, big),
            -2.0L);
}

TEST(CodecBool, IsOneByteAndTrueForAnyButZero) {
  EXPECT_EQ(to_wire(true), wire_bytes().u8(1).bytes);
  EXPECT_FALSE(from_wire<bool>(wire_bytes().u8(0).bytes));
  const bool odd = from_wire<bool>(wire_bytes().u8(0xF0).bytes);
  unsigned char image = 0;
  std::memcpy(&image, &odd, 1);
  EXPECT_EQ(image, 1);
}

TEST(CodecEnum, TravelsAsItsUnderlyingType) {
  EXPECT_EQ(to_wire(small::high), wire_bytes().u8(255).bytes);
  EXPECT_EQ(to_wire(wide::high), wire_bytes().u64(9).bytes);
  EXPECT_EQ(round_trip(wide::low), wide::low);
  EXPECT_EQ(to_wire(second), wire_bytes().u32(1).bytes);
}

TEST(CodecGuid, IsAStructureOfItsFields) {
  const GUID id = guid("00112233-4455-6677-8899-aabbccddeeff");

  EXPECT_EQ(to_wire(id), wire_bytes()
                             .u32(0x00112233)
                             .u16(0x4455)
                             .u16(0x6677)
                             .u8(0x88)
                             .u8(0x99)
                             .u8(0xAA)
                             .u8(0xBB)
                             .u8(0xCC)
                             .u8(0xDD)
                             .u8(0xEE)
                             .u8(0xFF)
                             .bytes);
  EXPECT_EQ(round_trip(id), id);
}

TEST(CodecGuid, IsReadFromABigEndianMessage) {
  const auto bytes = wire_bytes(big)
                         .u32(0x00112233)
                         .u16(0x4455)
                         .u16(0x6677)
                         .u8(0x88)
                         .u8(0x99)
                         .u8(0xAA)
                         .u8(0xBB)
                         .u8(0xCC)
                         .u8(0xDD)
                         .u8(0xEE)
                         .u8(0xFF)
                         .bytes;
  EXPECT_EQ(from_wire<GUID>(bytes, big), guid("00112233-4455-6677-8899-aabbccddeeff"));
}

static_assert(marshalable<HRESULT> && marshalable<std::byte> && marshalable<std::size_t>);

}  // namespace
}  // namespace insula::test
