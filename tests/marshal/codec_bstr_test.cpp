// SPDX-License-Identifier: MIT
#include <insula/marshal/codec_bstr.hpp>

#include "wire_bytes.hpp"

#include <gtest/gtest.h>

#include <string_view>

namespace insula::test {
namespace {

using namespace std::string_view_literals;

bstr of_bytes(std::string_view bytes) {
  bstr result;
  result.attach(SysAllocStringByteLen(bytes.data(), static_cast<ULONG>(bytes.size())));
  return result;
}
std::string_view bytes_of(const bstr& string) {
  return {reinterpret_cast<const char*>(string.get()), SysStringByteLen(string.get())};
}

TEST(CodecBstr, IsAFlaggedWordBlobBehindAUniquePointer) {
  EXPECT_EQ(to_wire(bstr(u"ab")),
            wire_bytes().u32(0x20000).u32(2).u32(4).u32(2).u16('a').u16('b').bytes);
  EXPECT_EQ(to_wire(bstr()), wire_bytes().u32(0).bytes);
}

TEST(CodecBstr, KeepsNulsInside) {
  const bstr value(u"a\0b\0"sv);
  EXPECT_EQ(round_trip(value).view(), u"a\0b\0"sv);
}

TEST(CodecBstr, KeepsAnOddNumberOfBytes) {
  EXPECT_EQ(to_wire(of_bytes("abc")),
            wire_bytes().u32(0x20000).u32(2).u32(3).u32(2).text("abc").u8(0).bytes);
  EXPECT_EQ(bytes_of(round_trip(of_bytes("abc"))), "abc");
}

TEST(CodecBstr, TellsEmptyFromNull) {
  EXPECT_NE(round_trip(bstr(u"")).get(), nullptr);
  EXPECT_EQ(round_trip(bstr()).get(), nullptr);
}

TEST(CodecBstr, ReadsTheLengthThatStandsForNull) {
  const auto bytes = wire_bytes().u32(1).u32(0).u32(0xFFFFFFFF).u32(0).bytes;
  EXPECT_EQ(from_wire<bstr>(bytes).get(), nullptr);
}

TEST(CodecBstr, IsReadFromABigEndianMessage) {
  EXPECT_EQ(
      from_wire<bstr>(wire_bytes(big).u32(1).u32(2).u32(4).u32(2).u16(0x1234).u16('b').bytes, big)
          .view(),
      u"\x1234"
      u"b"sv);
  EXPECT_EQ(bytes_of(from_wire<bstr>(
                wire_bytes(big).u32(1).u32(2).u32(3).u32(2).u16(0x6261).u16(0x0063).bytes, big)),
            "abc");
}

TEST(CodecBstr, RefusesCountsThatContradictEachOther) {
  const auto refuses = [](const wire_bytes& bytes) {
    return code_of_reading<bstr>(bytes.bytes) == HRESULT_RPC_X_BAD_STUB_DATA;
  };
  EXPECT_TRUE(refuses(wire_bytes().u32(1).u32(1).u32(4).u32(2).u32(0)));  // maximum
  EXPECT_TRUE(refuses(wire_bytes().u32(1).u32(2).u32(6).u32(2).u32(0)));  // too few words
  EXPECT_TRUE(refuses(wire_bytes().u32(1).u32(2).u32(2).u32(2).u32(0)));  // too many
  EXPECT_TRUE(refuses(wire_bytes().u32(1).u32(2).u32(0xFFFFFFFF).u32(2).u32(0)));
}

TEST(CodecBstr, RefusesEveryCutMessage) { survives_cuts<bstr>(to_wire(bstr(u"text"))); }

TEST(BstrCodec, GivesARawBstrThatTheCallerFrees) {
  const std::size_t before = live_task_allocations();
  message in(to_wire(bstr(u"text")));
  BSTR value = nullptr;
  {
    ndr_reader reader(in.span(), little, reader_memory::task);
    bstr_codec::read(reader, value);
    bstr_codec::read_deferred(reader, value);
    reader.commit();
  }
  EXPECT_EQ(std::u16string_view(value), u"text");
  EXPECT_EQ(live_task_allocations(), before + 1);
  bstr_codec::free(value);
  EXPECT_EQ(live_task_allocations(), before);
}

TEST(BstrCodec, TakesARawBstrBackWithTheCall) {
  const std::size_t before = live_task_allocations();
  message in(to_wire(bstr(u"text")));
  {
    ndr_reader reader(in.span(), little, reader_memory::call);
    BSTR value = nullptr;
    bstr_codec::read(reader, value);
    bstr_codec::read_deferred(reader, value);
    EXPECT_EQ(SysStringLen(value), 4u);
    EXPECT_EQ(live_task_allocations(), before + 1);
  }
  EXPECT_EQ(live_task_allocations(), before);
}

}  // namespace
}  // namespace insula::test
