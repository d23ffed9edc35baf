// SPDX-License-Identifier: MIT
#include <insula/marshal/codec_container.hpp>

#include "wire_bytes.hpp"

#include <gtest/gtest.h>

#include <span>
#include <string>
#include <vector>

namespace insula::test {
namespace {

// J19: a conformant array is its count, then the elements.
TEST(CodecVector, J19_IsCountThenElements) {
  EXPECT_EQ(to_wire(std::vector<std::uint16_t>{7, 8}),
            wire_bytes().u32(0x20000).u32(2).u16(7).u16(8).bytes);
  EXPECT_EQ(to_wire(std::vector<std::byte>{}), wire_bytes().u32(0x20000).u32(0).bytes);
}

TEST(CodecVector, AlignsItsElements) {
  EXPECT_EQ(to_wire(std::vector<std::uint64_t>{7, 8}),
            wire_bytes().u32(0x20000).u32(2).u64(7).u64(8).bytes);
  EXPECT_EQ(to_wire(std::vector<std::vector<std::uint64_t>>{{7}}),
            wire_bytes().u32(0x20000).u32(1).u32(0x20004).u32(1).u64(7).bytes);
}

// J17: all referent ids of a level first, then each pointee in order with its own count.
TEST(CodecVector, J17_WritesTheReferentsOfALevelBeforeItsPointees) {
  const std::vector<std::vector<std::uint32_t>> rows{{1, 2, 3}, {}, {4}};

  EXPECT_EQ(to_wire(rows), wire_bytes()
                               .u32(0x20000)
                               .u32(3)
                               .u32(0x20004)
                               .u32(0x20008)
                               .u32(0x2000C)
                               .u32(3)
                               .u32(1)
                               .u32(2)
                               .u32(3)
                               .u32(0)
                               .u32(1)
                               .u32(4)
                               .bytes);
  EXPECT_EQ(round_trip(rows), rows);
}

TEST(CodecVector, BringsNestedContainersBack) {
  const std::vector<std::vector<std::string>> lines{{"a", ""}, {}, {"long enough for the heap"}};
  EXPECT_EQ(round_trip(lines), lines);
}

TEST(CodecVector, IsReadFromABigEndianMessage) {
  const auto bytes = wire_bytes(big).u32(1).u32(3).u16(1).u16(2).u16(0xABCD).bytes;
  EXPECT_EQ(from_wire<std::vector<std::uint16_t>>(bytes, big),
            (std::vector<std::uint16_t>{1, 2, 0xABCD}));
}

TEST(CodecVector, RefusesACountThatTheMessageCannotHold) {
  EXPECT_EQ(code_of_reading<std::vector<int>>(wire_bytes().u32(1).u32(0x40000000).u32(1).bytes),
            HRESULT_RPC_X_BAD_STUB_DATA);
  EXPECT_EQ(code_of_reading<std::vector<int>>(wire_bytes().u32(0).bytes),
            HRESULT_RPC_X_BAD_STUB_DATA);
}

TEST(CodecVector, RefusesEveryCutMessage) {
  survives_cuts<std::vector<const char*>>(to_wire(std::vector<const char*>{"one", "two"}));
}

TEST(CodecVector, FreesTheTaskMemoryInside) {
  const std::size_t before = live_task_allocations();
  auto copy = round_trip(std::vector<const char*>{"one", nullptr, "two"});
  EXPECT_EQ(live_task_allocations(), before + 2);

  ndr_codec<std::vector<const char*>>::free(copy);

  EXPECT_EQ(live_task_allocations(), before);
}

TEST(CodecVectorOfBool, IsOneBytePerElement) {
  const std::vector<bool> bits{true, false, true};
  EXPECT_EQ(to_wire(bits), wire_bytes().u32(0x20000).u32(3).u8(1).u8(0).u8(1).bytes);
  EXPECT_EQ(round_trip(bits), bits);
  EXPECT_EQ(from_wire<std::vector<bool>>(wire_bytes().u32(1).u32(2).u8(9).u8(0).bytes),
            (std::vector<bool>{true, false}));
}

TEST(CodecSpan, TravelsAsAVectorDoes) {
  const std::vector<double> numbers{1.5, -2};
  EXPECT_EQ(to_wire(std::span<const double>(numbers)), to_wire(numbers));
}

TEST(CodecSpan, LooksIntoTheMessage) {
  const std::vector<std::uint64_t> numbers{1, 2, 3};
  message in(to_wire(numbers));
  ndr_reader reader(in.span(), little, reader_memory::call);
  std::span<const std::uint64_t> seen;

  read_value(reader, seen);

  EXPECT_TRUE(std::equal(seen.begin(), seen.end(), numbers.begin(), numbers.end()));
  EXPECT_EQ(static_cast<const void*>(seen.data()), in.span().data() + 8);
}

TEST(CodecSpan, CopiesWhatIsInForeignByteOrder) {
  message in(wire_bytes(big).u32(1).u32(2).u32(10).u32(20).bytes);
  ndr_reader reader(in.span(), big, reader_memory::call);
  std::span<const int> seen;

  read_value(reader, seen);

  EXPECT_EQ(std::vector<int>(seen.begin(), seen.end()), (std::vector<int>{10, 20}));
}

TEST(CodecSpan, HoldsElementsThatNeedDestroying) {
  const std::vector<std::string> words{"a word that is too long for the string itself", "b"};
  message in(to_wire(words));
  ndr_reader reader(in.span(), little, reader_memory::call);
  std::span<const std::string> seen;

  read_value(reader, seen);

  EXPECT_EQ(std::vector<std::string>(seen.begin(), seen.end()), words);
}

TEST(CodecSpan, MayBeEmpty) {
  message in(to_wire(std::vector<int>{}));
  ndr_reader reader(in.span(), little, reader_memory::call);
  std::span<const int> seen;

  read_value(reader, seen);

  EXPECT_TRUE(seen.empty());
}

static_assert(ndr_in_only<std::span<const int>> && !marshalable<std::span<int>>);

}  // namespace
}  // namespace insula::test
