// SPDX-License-Identifier: MIT
#include <insula/marshal/codec_string.hpp>

#include "wire_bytes.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace insula::test {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

// J19: a conformant string is maximum count, offset, actual count, characters.
TEST(CodecString, J19_HasATwelveByteHeader) {
  EXPECT_EQ(to_wire("abc"s),
            wire_bytes().u32(0x20000).u32(4).u32(0).u32(4).text("abc").u8(0).bytes);
  EXPECT_EQ(to_wire(u"ab"s),
            wire_bytes().u32(0x20000).u32(3).u32(0).u32(3).u16('a').u16('b').u16(0).bytes);
  EXPECT_EQ(to_wire(U"a"s), wire_bytes().u32(0x20000).u32(2).u32(0).u32(2).u32('a').u32(0).bytes);
  EXPECT_EQ(to_wire(L""s), wire_bytes().u32(0x20000).u32(1).u32(0).u32(1).u32(0).bytes);
}

TEST(CodecString, BringsEveryCharacterTypeBack) {
  EXPECT_EQ(round_trip("grüß \xff\x80"s), "grüß \xff\x80"s);
  EXPECT_TRUE(round_trip(u8"ß€𝄞"s) == u8"ß€𝄞"s);
  EXPECT_EQ(round_trip(u"ß€𝄞"s), u"ß€𝄞"s);
  EXPECT_EQ(round_trip(U"ß€𝄞"s), U"ß€𝄞"s);
  EXPECT_EQ(round_trip(L"ß€𝄞"s), L"ß€𝄞"s);
  EXPECT_EQ(round_trip(""s), ""s);
}

TEST(CodecString, KeepsNulsInside) {
  EXPECT_EQ(round_trip("a\0b\0"s), "a\0b\0"s);
  EXPECT_EQ(round_trip(u"\0\0x"s), u"\0\0x"s);
}

TEST(CodecString, KeepsUnpairedSurrogates) {
  const std::u16string broken{char16_t{0xD800}, u'x', char16_t{0xDC00}};
  EXPECT_EQ(round_trip(broken), broken);
}

TEST(CodecString, IsReadFromABigEndianMessage) {
  const auto bytes = wire_bytes(big).u32(1).u32(3).u32(0).u32(3).u16(0x1234).u16('b').u16(0).bytes;
  EXPECT_EQ(from_wire<std::u16string>(bytes, big),
            u"\x1234"
            u"b"s);
}

TEST(CodecString, RefusesWhatIsNoString) {
  const auto refuses = [](const wire_bytes& bytes) {
    return code_of_reading<std::string>(bytes.bytes) == HRESULT_RPC_X_BAD_STUB_DATA &&
           code_of_reading<std::string_view>(bytes.bytes, little, reader_memory::call) ==
               HRESULT_RPC_X_BAD_STUB_DATA;
  };
  EXPECT_TRUE(refuses(wire_bytes().u32(0)));                                  // null
  EXPECT_TRUE(refuses(wire_bytes().u32(1).u32(2).u32(0).u32(2).text("ab")));  // no terminator
  EXPECT_TRUE(refuses(wire_bytes().u32(1).u32(0).u32(0).u32(0)));             // nor room for it
  EXPECT_TRUE(refuses(wire_bytes().u32(1).u32(1).u32(0).u32(2).text("a").u8(0)));  // actual > max
  EXPECT_TRUE(refuses(wire_bytes().u32(1).u32(9).u32(1).u32(2).text("a").u8(0)));  // offset
  EXPECT_TRUE(refuses(wire_bytes().u32(1).u32(0xFFFFFFFF).u32(0).u32(0xFFFFFFFF)));
}

TEST(CodecString, RefusesEveryCutMessage) { survives_cuts<std::u16string>(to_wire(u"some text"s)); }

TEST(CodecString, AcceptsAMaximumThatIsLarger) {
  const auto bytes = wire_bytes().u32(1).u32(100).u32(0).u32(2).text("a").u8(0).bytes;
  EXPECT_EQ(from_wire<std::string>(bytes), "a");
}

TEST(CodecStringView, LooksIntoTheMessage) {
  message in(to_wire("words"sv));
  ndr_reader reader(in.span(), little, reader_memory::call);
  std::string_view text;

  read_value(reader, text);

  EXPECT_EQ(text, "words");
  EXPECT_EQ(static_cast<const void*>(text.data()), in.span().data() + 16);
}

TEST(CodecStringView, CopiesWhatIsInForeignByteOrder) {
  message in(wire_bytes(big).u32(1).u32(2).u32(0).u32(2).u16(0x1234).u16(0).bytes);
  ndr_reader reader(in.span(), big, reader_memory::call);
  std::u16string_view text;

  read_value(reader, text);

  EXPECT_EQ(text, u"\x1234");
}

TEST(CodecStringView, TravelsAsAStringDoes) {
  EXPECT_EQ(to_wire("a\0b"sv), to_wire("a\0b"s));
  EXPECT_EQ(to_wire(std::u32string_view()), to_wire(U""s));
}

static_assert(ndr_in_only<std::string_view> && !ndr_in_only<std::string>);

TEST(CodecCString, TravelsAsAStringDoes) {
  EXPECT_EQ(to_wire<const char*>("text"), to_wire("text"s));
  EXPECT_EQ(to_wire<const wchar_t*>(L""), to_wire(L""s));
}

TEST(CodecCString, MayBeNull) {
  EXPECT_EQ(to_wire<const char16_t*>(nullptr), wire_bytes().u32(0).bytes);
  EXPECT_EQ(from_wire<const char*>(wire_bytes().u32(0).bytes), nullptr);
}

TEST(CodecCString, IsTaskMemoryOfTheCallersOwn) {
  const std::size_t before = live_task_allocations();
  char16_t* copy = from_wire<char16_t*>(to_wire<const char16_t*>(u"ours"));

  EXPECT_EQ(std::u16string_view(copy), u"ours");
  EXPECT_EQ(live_task_allocations(), before + 1);
  ndr_codec<char16_t*>::free(copy);
  EXPECT_EQ(copy, nullptr);
  EXPECT_EQ(live_task_allocations(), before);
}

TEST(CodecCString, LooksIntoTheMessageOfACall) {
  const std::size_t before = live_task_allocations();
  message in(to_wire<const char*>("in place"));
  ndr_reader reader(in.span(), little, reader_memory::call);
  const char* text = nullptr;

  read_value(reader, text);

  EXPECT_STREQ(text, "in place");
  EXPECT_EQ(static_cast<const void*>(text), in.span().data() + 16);
  EXPECT_EQ(live_task_allocations(), before);
}

TEST(CodecCString, RefusesEveryCutMessage) {
  survives_cuts<const char32_t*>(to_wire<const char32_t*>(U"cut"));
}

}  // namespace
}  // namespace insula::test
