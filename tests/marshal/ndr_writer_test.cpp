// SPDX-License-Identifier: MIT
#include <insula/marshal/ndr_writer.hpp>

#include "wire_bytes.hpp"

#include <gtest/gtest.h>

#include <array>

namespace insula::test {
namespace {

TEST(NdrWriter, PadsWithZerosToTheAlignmentOfWhatFollows) {
  std::array<std::byte, 16> buffer;
  buffer.fill(std::byte{0xEE});
  ndr_writer writer(buffer);

  writer.primitive(std::uint8_t{1});
  writer.primitive(std::uint16_t{2});
  writer.primitive(std::uint64_t{3});

  EXPECT_EQ(writer.size(), 16u);
  const auto expected = wire_bytes().u8(1).zeros(1).u16(2).zeros(4).u64(3).bytes;
  EXPECT_TRUE(std::equal(buffer.begin(), buffer.end(), expected.begin(), expected.end()));
}

TEST(NdrWriter, CountsWithoutABuffer) {
  ndr_writer writer;

  writer.primitive(std::uint8_t{1});
  writer.primitive(2.0);

  EXPECT_TRUE(writer.counting());
  EXPECT_EQ(writer.size(), 16u);
}

TEST(NdrWriter, AnEmptyBufferIsNotTheCountingPass) {
  ndr_writer writer(std::span<std::byte>{});

  EXPECT_FALSE(writer.counting());
  EXPECT_THROW(writer.primitive(std::uint8_t{1}), ndr_error);
}

TEST(NdrWriter, RefusesToWriteBehindItsBuffer) {
  std::array<std::byte, 7> buffer{};
  ndr_writer writer(buffer);
  writer.primitive(std::uint32_t{1});

  EXPECT_THROW(writer.primitive(std::uint32_t{2}), ndr_error);
  EXPECT_EQ(buffer[4], std::byte{0});
}

TEST(NdrWriter, RefusesPaddingBehindItsBuffer) {
  std::array<std::byte, 3> buffer{};
  ndr_writer writer(buffer);
  writer.primitive(std::uint8_t{1});

  EXPECT_THROW(writer.align(8), ndr_error);
}

TEST(NdrWriter, RefusesACountOfMoreElementsThanAMessageHolds) {
  ndr_writer writer;

  EXPECT_THROW(writer.count(ndr_writer::max_size + 1), ndr_error);
}

TEST(NdrWriter, GivesEveryPointerItsOwnReferent) {
  ndr_writer writer;

  const auto first = writer.next_referent();
  const auto second = writer.next_referent();

  EXPECT_EQ(first, 0x00020000u);
  EXPECT_NE(first, second);
}

TEST(NdrWriter, GivesOneFullPointerOneReferentPerType) {
  ndr_writer writer;
  const int pointee = 0;
  const char int_type = 0;
  const char other_type = 0;
  bool is_new = false;

  const auto first = writer.full_referent(&pointee, &int_type, &is_new);
  EXPECT_TRUE(is_new);
  EXPECT_EQ(writer.full_referent(&pointee, &int_type, &is_new), first);
  EXPECT_FALSE(is_new);
  EXPECT_NE(writer.full_referent(&pointee, &other_type, &is_new), first);
}

TEST(NdrWriter, LetsOnlyTheFirstClaimAFullPointee) {
  ndr_writer writer;
  const int pointee = 0;
  const char type = 0;

  EXPECT_TRUE(writer.claim_full_pointee(&pointee, &type));
  EXPECT_FALSE(writer.claim_full_pointee(&pointee, &type));
}

TEST(NdrWriter, NestsTo512LevelsAndNoDeeper) {
  ndr_writer writer;
  std::vector<std::unique_ptr<ndr_writer::nesting>> levels;
  for (int i = 0; i != ndr_writer::max_depth; ++i)
    levels.push_back(std::make_unique<ndr_writer::nesting>(writer));

  EXPECT_THROW(ndr_writer::nesting one_more(writer), ndr_error);

  levels.pop_back();
  EXPECT_NO_THROW(ndr_writer::nesting again(writer));
}

TEST(NdrError, SaysWhatIsWrongInASentence) {
  ndr_writer writer(std::span<std::byte>{});
  try {
    writer.primitive(1);
    FAIL() << "nothing was refused";
  } catch (const ndr_error& refused) {
    EXPECT_EQ(refused.code(), HRESULT_RPC_X_BAD_STUB_DATA);
    EXPECT_NE(std::string_view(refused.what()).find("does not fit"), std::string_view::npos);
  }
}

}  // namespace
}  // namespace insula::test
