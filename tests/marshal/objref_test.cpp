// SPDX-License-Identifier: MIT
#include <insula/marshal/objref.hpp>

#include <insula/core/hresult.hpp>
#include <insula/core/unknown.hpp>

#include "wire_bytes.hpp"

#include <gtest/gtest.h>

#include <random>

namespace insula::test {
namespace {

constexpr IID some_iid = guid("03020100-0504-0706-0809-0a0b0c0d0e0f");
constexpr CLSID some_class = guid("13121110-1514-1716-1819-1a1b1c1d1e1f");

std_objref some_object() {
  return {SORF_NOPING, 5, oxid{0x1122334455667788}, oid{9},
          ipid{guid("23222120-2524-2726-2829-2a2b2c2d2e2f")}};
}
wire_bytes& counting_up(wire_bytes& bytes, std::uint8_t from) {
  for (std::uint8_t i = 0; i != 16; ++i) bytes.u8(static_cast<std::uint8_t>(from + i));
  return bytes;
}
wire_bytes header(std::uint32_t flags) {
  wire_bytes bytes;
  bytes.text("MEOW").u32(flags);
  return counting_up(bytes, 0);
}
wire_bytes& object_bytes(wire_bytes& bytes) {
  return counting_up(bytes.u32(0x1000).u32(5).u64(0x1122334455667788).u64(9), 0x20);
}
std::vector<std::byte> written(const objref& reference) {
  std::vector<std::byte> bytes(objref_size(reference));
  EXPECT_EQ(write_objref(bytes, reference), bytes.size());
  return bytes;
}

// D15: signature 0x574F454D, flags 1, STDOBJREF, empty resolver address array.
TEST(Objref, D15_StandardFormHasAnEmptyAddressArray) {
  wire_bytes expected = header(1);
  object_bytes(expected).u32(0);

  EXPECT_EQ(written({some_iid, objref_standard{some_object(), {}}}), expected.bytes);
  EXPECT_EQ(expected.bytes.size(), objref_standard_size);
}

// D20: STDOBJREF, then handler CLSID, then resolver addresses.
TEST(Objref, D20_HandlerFormPutsTheClassBeforeTheAddresses) {
  wire_bytes expected = header(2);
  counting_up(object_bytes(expected), 0x10).u32(0);

  EXPECT_EQ(written({some_iid, objref_handler{some_object(), some_class, {}}}), expected.bytes);
}

// D21: unmarshal CLSID, extension length 0, a word ignored on receipt, the object's own bytes.
TEST(Objref, D21_CustomFormEndsWithTheObjectsOwnBytes) {
  const auto data = wire_bytes().text("state").bytes;
  wire_bytes expected = header(4);
  counting_up(expected, 0x10).u32(0).u32(5).text("state");

  EXPECT_EQ(written({some_iid, objref_custom{some_class, data}}), expected.bytes);
}

TEST(Objref, D21_IgnoresExtensionAndReservedOfACustomPacket) {
  wire_bytes bytes = header(4);
  counting_up(bytes, 0x10).u32(0xFFFFFFFF).u32(0xFFFFFFFF).text("xy");
  objref parsed;

  ASSERT_EQ(parse_objref(bytes.bytes, &parsed), S_OK);

  EXPECT_EQ(std::get<objref_custom>(parsed.body).unmarshaler, some_class);
  EXPECT_EQ(std::get<objref_custom>(parsed.body).data.size(), 2u);
}

TEST(Objref, ComesBackAsItWas) {
  objref parsed;
  ASSERT_EQ(parse_objref(written({some_iid, objref_standard{some_object(), {}}}), &parsed), S_OK);
  EXPECT_EQ(parsed.iid, some_iid);
  EXPECT_EQ(std::get<objref_standard>(parsed.body).standard, some_object());

  const auto bytes = written({some_iid, objref_handler{some_object(), some_class, {}}});
  ASSERT_EQ(parse_objref(bytes, &parsed), S_OK);
  EXPECT_EQ(std::get<objref_handler>(parsed.body).handler, some_class);
  EXPECT_EQ(std::get<objref_handler>(parsed.body).standard, some_object());
}

TEST(Objref, KeepsResolverAddresses) {
  const auto words = wire_bytes().u16(7).u16('x').u16(0).u16(0).bytes;
  const objref reference{some_iid, objref_standard{some_object(), {3, words}}};
  const auto bytes = written(reference);
  EXPECT_EQ(bytes.size(), objref_standard_size + 8);

  objref parsed;
  ASSERT_EQ(parse_objref(bytes, &parsed), S_OK);
  const auto& addresses = std::get<objref_standard>(parsed.body).addresses;
  EXPECT_EQ(addresses.security_offset, 3);
  EXPECT_TRUE(
      std::equal(addresses.words.begin(), addresses.words.end(), words.begin(), words.end()));
}

// D19: the iid is never the null GUID.
TEST(Objref, D19_RefusesTheNullIid) {
  auto bytes = written({some_iid, objref_standard{some_object(), {}}});
  std::fill_n(bytes.begin() + 8, 16, std::byte{0});
  objref parsed;
  std::size_t length = 0;

  EXPECT_EQ(parse_objref(bytes, &parsed), RPC_E_INVALID_OBJREF);
  EXPECT_EQ(objref_length(bytes, &length), RPC_E_INVALID_OBJREF);
  EXPECT_EQ(write_objref(bytes, {IID_NULL, objref_standard{}}), 0u);
}

TEST(Objref, RefusesEveryCutPacket) {
  for (const auto& whole : {written({some_iid, objref_standard{some_object(), {}}}),
                            written({some_iid, objref_handler{some_object(), some_class, {}}}),
                            written({some_iid, objref_custom{some_class, {}}})}) {
    objref parsed;
    for (std::size_t size = 0; size != whole.size(); ++size)
      EXPECT_EQ(parse_objref(std::span(whole).first(size), &parsed), RPC_E_INVALID_OBJREF) << size;
    EXPECT_EQ(parse_objref(whole, &parsed), S_OK);
  }
}

TEST(Objref, RefusesOtherFormsAndSignatures) {
  objref parsed;
  for (const std::uint32_t flags : {0u, 3u, 5u, 8u, 16u, 0xFFFFFFFFu}) {
    wire_bytes bytes = header(flags);
    object_bytes(bytes).zeros(64);
    EXPECT_EQ(parse_objref(bytes.bytes, &parsed), RPC_E_INVALID_OBJREF) << flags;
  }
  EXPECT_EQ(parse_objref(wire_bytes().text("WOEM").zeros(80).bytes, &parsed), RPC_E_INVALID_OBJREF);
}

TEST(Objref, LeavesTheResultAloneWhenItRefuses) {
  objref parsed{some_iid, objref_custom{some_class, {}}};
  EXPECT_EQ(parse_objref({}, &parsed), RPC_E_INVALID_OBJREF);
  EXPECT_EQ(parsed.iid, some_iid);
}

TEST(Objref, IsNotWrittenIntoTooLittleRoom) {
  std::vector<std::byte> room(objref_standard_size - 1, std::byte{0xEE});
  EXPECT_EQ(write_objref(room, {some_iid, objref_standard{some_object(), {}}}), 0u);
  EXPECT_EQ(room.front(), std::byte{0xEE});
}

TEST(Objref, RefusesAddressesThatAreNotWords) {
  std::vector<std::byte> room(200'000);
  const std::vector<std::byte> odd(3);
  const std::vector<std::byte> many(2 * 0x10000);
  EXPECT_EQ(write_objref(room, {some_iid, objref_standard{some_object(), {0, odd}}}), 0u);
  EXPECT_EQ(write_objref(room, {some_iid, objref_handler{some_object(), {}, {0, many}}}), 0u);
}

// Reads as a stream would: as many bytes as asked for, until all are there.
std::size_t pieces_needed(const std::vector<std::byte>& whole, std::size_t* length) {
  std::size_t have = 0;
  std::size_t pieces = 0;
  HRESULT code = S_FALSE;
  while ((code = objref_length(std::span(whole).first(have), length)) == S_FALSE) {
    EXPECT_GT(*length, have);
    have = *length;
    ++pieces;
  }
  EXPECT_EQ(code, S_OK);
  return pieces;
}

TEST(ObjrefLength, TellsHowMuchToReadPieceByPiece) {
  const auto words = wire_bytes().u32(0).bytes;
  const auto standard = written({some_iid, objref_standard{some_object(), {1, words}}});
  const auto handler = written({some_iid, objref_handler{some_object(), some_class, {}}});
  const auto custom = written({some_iid, objref_custom{some_class, words}});
  std::size_t length = 0;

  EXPECT_EQ(pieces_needed(standard, &length), 2u);
  EXPECT_EQ(length, standard.size());
  EXPECT_EQ(pieces_needed(handler, &length), 2u);
  EXPECT_EQ(length, handler.size());
  EXPECT_EQ(pieces_needed(custom, &length), 1u);
  EXPECT_EQ(length, objref_custom_header_size);
}

TEST(ObjrefLength, RefusesAWrongSignatureAsSoonAsItIsSeen) {
  std::size_t length = 0;
  EXPECT_EQ(objref_length(wire_bytes().text("MEO").bytes, &length), S_FALSE);
  EXPECT_EQ(objref_length(wire_bytes().text("MEOX").bytes, &length), RPC_E_INVALID_OBJREF);
}

TEST(Objref, WorksOnceWhenItIsMarkedConsumed) {
  auto bytes = written({some_iid, objref_standard{some_object(), {}}});
  objref parsed;
  EXPECT_FALSE(objref_is_consumed(bytes));

  mark_objref_consumed(bytes);

  EXPECT_TRUE(objref_is_consumed(bytes));
  EXPECT_EQ(parse_objref(bytes, &parsed), CO_E_OBJNOTCONNECTED);
  std::size_t length = 0;
  EXPECT_EQ(objref_length(bytes, &length), S_OK);
  EXPECT_EQ(length, bytes.size());
}

TEST(Objref, MarksNothingThatIsNoPacket) {
  std::vector<std::byte> bytes(24, std::byte{1});
  mark_objref_consumed(bytes);
  mark_objref_consumed({});
  EXPECT_EQ(bytes, std::vector<std::byte>(24, std::byte{1}));
}

TEST(Objref, SurvivesAnyOneChangedByte) {
  const auto whole = written({some_iid, objref_handler{some_object(), some_class, {}}});
  for (std::size_t at = 0; at != whole.size(); ++at) {
    for (const unsigned value : {0x00u, 0x01u, 0x7Fu, 0xFFu}) {
      auto bytes = whole;
      bytes[at] = static_cast<std::byte>(value);
      objref parsed;
      if (parse_objref(bytes, &parsed) == S_OK) {
        EXPECT_LE(objref_size(parsed), bytes.size());
      }
    }
  }
}

}  // namespace
}  // namespace insula::test
