// SPDX-License-Identifier: MIT
#include <insula/marshal/ndr_reader.hpp>

#include "wire_bytes.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

namespace insula::test {
namespace {

TEST(NdrReader, ReadsPrimitivesOfEitherByteOrder) {
  for (const ULONG label : {little, big}) {
    message in(wire_bytes(label).u8(1).zeros(1).u16(0x0203).u32(0x04050607).u64(8).f64(0.5).bytes);
    ndr_reader reader(in.span(), label, reader_memory::call);

    EXPECT_EQ(reader.swapped(), label == big);
    EXPECT_EQ(reader.primitive<std::uint8_t>(), 1);
    EXPECT_EQ(reader.primitive<std::uint16_t>(), 0x0203);
    EXPECT_EQ(reader.primitive<std::uint32_t>(), 0x04050607u);
    EXPECT_EQ(reader.primitive<std::uint64_t>(), 8u);
    EXPECT_EQ(reader.primitive<double>(), 0.5);
    EXPECT_EQ(reader.remaining(), 0u);
  }
}

TEST(NdrReader, RefusesEbcdicAndForeignFloatingPoint) {
  const auto refuses = [](ULONG label) {
    try {
      ndr_reader reader({}, label, reader_memory::call);
    } catch (const ndr_error& refused) {
      return refused.code() == HRESULT_RPC_X_BAD_STUB_DATA;
    }
    return false;
  };

  EXPECT_TRUE(refuses(0x11));    // EBCDIC
  EXPECT_TRUE(refuses(0x0110));  // VAX floating point
  EXPECT_TRUE(refuses(0x20));    // no such order of integers
  EXPECT_FALSE(refuses(little));
  EXPECT_FALSE(refuses(big));
}

TEST(NdrReader, ReadsAnyByteButZeroAsTrue) {
  message in(wire_bytes().u8(0).u8(1).u8(0x80).bytes);
  ndr_reader reader(in.span(), little, reader_memory::call);

  EXPECT_FALSE(reader.primitive<bool>());
  EXPECT_TRUE(reader.primitive<bool>());
  EXPECT_TRUE(reader.primitive<bool>());
}

TEST(NdrReader, RefusesACountThatCannotBeLeftInTheMessage) {
  message in(wire_bytes().u32(3).u32(0).u32(0).bytes);
  {
    ndr_reader reader(in.span(), little, reader_memory::call);
    EXPECT_THROW((void)reader.count(4), ndr_error);
  }
  ndr_reader reader(in.span(), little, reader_memory::call);
  EXPECT_EQ(reader.count(2), 3u);
}

TEST(NdrReader, RefusesToReadBehindTheMessage) {
  message in(wire_bytes().u8(1).u8(2).bytes);
  ndr_reader reader(in.span(), little, reader_memory::call);
  (void)reader.primitive<std::uint8_t>();

  EXPECT_THROW((void)reader.primitive<std::uint16_t>(), ndr_error);
  EXPECT_THROW(reader.align(4), ndr_error);
  EXPECT_THROW((void)reader.bytes(2), ndr_error);
}

TEST(NdrReader, TakesTaskMemoryBackUnlessItWasCommitted) {
  const std::size_t before = live_task_allocations();
  message in({});
  {
    ndr_reader reader(in.span(), little, reader_memory::task);
    (void)reader.allocate(8, 8);
    EXPECT_EQ(live_task_allocations(), before + 1);
  }
  EXPECT_EQ(live_task_allocations(), before);

  void* kept = nullptr;
  {
    ndr_reader reader(in.span(), little, reader_memory::task);
    kept = reader.allocate(8, 8);
    reader.commit();
  }
  EXPECT_EQ(live_task_allocations(), before + 1);
  CoTaskMemFree(kept);
}

TEST(NdrReader, KeepsCallMemoryOutOfTheTaskAllocator) {
  const std::size_t before = live_task_allocations();
  message in({});
  ndr_reader reader(in.span(), little, reader_memory::call);

  for (std::size_t size : {1u, 8u, 500u, 5000u, 2'000'000u}) {
    auto* block = static_cast<std::byte*>(reader.allocate(size, 16));
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(block) % 16, 0u);
    EXPECT_TRUE(std::all_of(block, block + size, [](std::byte b) { return b == std::byte{0}; }));
    std::fill_n(block, size, std::byte{0xEE});
  }
  EXPECT_EQ(live_task_allocations(), before);
}

int undone = 0;
void undo_digit(void* digit) noexcept { undone = undone * 10 + *static_cast<int*>(digit); }

TEST(NdrReader, UndoesLatestFirstWhenItGoes) {
  undone = 0;
  int digits[] = {1, 2, 3};
  {
    ndr_reader reader({}, little, reader_memory::task);
    for (int& digit : digits)
      reader.on_destroy(&undo_digit, &digit);
    EXPECT_EQ(undone, 0);
  }
  EXPECT_EQ(undone, 321);
}

TEST(NdrReader, CommitForgetsTheUndoOfTaskMemoryOnly) {
  undone = 0;
  int digits[] = {1, 2};
  {
    ndr_reader reader({}, little, reader_memory::task);
    reader.on_destroy(&undo_digit, &digits[0]);
    reader.set_memory(reader_memory::call);
    reader.on_destroy(&undo_digit, &digits[1]);
    reader.commit();
  }
  EXPECT_EQ(undone, 2);
}

TEST(NdrReader, GivesReferentsBackInTheOrderInWhichTheyCame) {
  ndr_reader reader({}, little, reader_memory::call);
  for (std::uint32_t i = 1; i != 101; ++i)
    reader.keep_referent(i);

  EXPECT_EQ(reader.take_referent(), 1u);
  {
    const ndr_reader::nesting inside(reader);
    reader.keep_referent(1000);
    reader.keep_referent(1001);
    EXPECT_EQ(reader.take_referent(), 1000u);
    EXPECT_EQ(reader.take_referent(), 1001u);
    EXPECT_THROW((void)reader.take_referent(), ndr_error);
  }
  for (std::uint32_t i = 2; i != 101; ++i)
    EXPECT_EQ(reader.take_referent(), i);
  EXPECT_THROW((void)reader.take_referent(), ndr_error);
}

TEST(NdrReader, DropsTheReferentsOfAConstructThatWasLeftEarly) {
  ndr_reader reader({}, little, reader_memory::call);
  reader.keep_referent(1);
  {
    const ndr_reader::nesting inside(reader);
    reader.keep_referent(2);
  }
  EXPECT_EQ(reader.take_referent(), 1u);
}

TEST(NdrReader, NestsTo512LevelsAndNoDeeper) {
  ndr_reader reader({}, little, reader_memory::call);
  std::vector<std::unique_ptr<ndr_reader::nesting>> levels;
  for (int i = 0; i != ndr_reader::max_depth; ++i)
    levels.push_back(std::make_unique<ndr_reader::nesting>(reader));

  EXPECT_THROW(ndr_reader::nesting one_more(reader), ndr_error);
  while (!levels.empty())
    levels.pop_back();
}

TEST(NdrReader, RefusesAReferentThatStoodForAnotherType) {
  ndr_reader reader({}, little, reader_memory::call);
  const char one = 0;
  const char other = 0;
  int pointee = 0;
  reader.remember_full_pointee(4, &one, &pointee);

  EXPECT_EQ(reader.full_pointee(4, &one), &pointee);
  EXPECT_EQ(reader.full_pointee(8, &one), nullptr);
  EXPECT_THROW((void)reader.full_pointee(4, &other), ndr_error);
}

TEST(NdrReader, LendsElementsOnlyFromAnAlignedMessageOfItsOwnByteOrder) {
  message in(wire_bytes().u32(1).u32(2).u32(3).bytes);

  ndr_reader ours(in.span(), little, reader_memory::call);
  EXPECT_EQ(static_cast<void*>(ours.in_place<std::uint32_t>(3)), in.span().data());
  EXPECT_EQ(ours.remaining(), 0u);

  ndr_reader foreign(in.span(), big, reader_memory::call);
  EXPECT_EQ(foreign.in_place<std::uint32_t>(3), nullptr);
  ndr_reader results(in.span(), little, reader_memory::task);
  EXPECT_EQ(results.in_place<std::uint32_t>(3), nullptr);
  ndr_reader askew(in.span().subspan(1), little, reader_memory::call);
  EXPECT_EQ(askew.in_place<std::uint32_t>(2), nullptr);
  EXPECT_EQ(askew.position(), 0u);
}

}  // namespace
}  // namespace insula::test
