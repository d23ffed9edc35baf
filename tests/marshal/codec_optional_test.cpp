// SPDX-License-Identifier: MIT
#include <insula/marshal/codec_optional.hpp>

#include "wire_bytes.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>

namespace insula::test {
namespace {

TEST(CodecOptional, IsAUniquePointer) {
  EXPECT_EQ(to_wire(std::optional<std::uint8_t>{}), wire_bytes().u32(0).bytes);
  EXPECT_EQ(to_wire(std::optional<std::uint8_t>{7}), wire_bytes().u32(0x20000).u8(7).bytes);
}

TEST(CodecOptional, BringsItsValueBackOrNone) {
  using text = std::optional<std::string>;
  using nested = std::optional<std::optional<int>>;
  EXPECT_EQ(round_trip(text("value")), text("value"));
  EXPECT_EQ(round_trip(text()), text());
  EXPECT_EQ(round_trip(nested(std::optional<int>{})), nested(std::optional<int>{}));
  EXPECT_EQ(round_trip(nested(3)), nested(3));
}

TEST(CodecOptional, ForgetsWhatItHeldWhenNoneComes) {
  message in(wire_bytes().u32(0).bytes);
  ndr_reader reader(in.span(), little, reader_memory::task);
  std::optional<int> value = 9;

  read_value(reader, value);

  EXPECT_FALSE(value.has_value());
}

TEST(CodecOptional, RefusesEveryCutMessage) {
  survives_cuts<std::optional<std::string>>(to_wire(std::optional<std::string>("cut")));
}

TEST(CodecUniquePtr, OwnsACopyOrIsNull) {
  EXPECT_EQ(to_wire(std::unique_ptr<int>()), wire_bytes().u32(0).bytes);
  EXPECT_EQ(*round_trip(std::make_unique<std::string>("text")), "text");
  EXPECT_EQ(*round_trip(std::unique_ptr<const int>(new int(4))), 4);
}

struct link {
  int number = 0;
  std::unique_ptr<link> next;
};

TEST(CodecUniquePtr, LinksAList) {
  link first{1, std::make_unique<link>(link{2, nullptr})};

  const link back = round_trip(first);

  ASSERT_NE(back.next, nullptr);
  EXPECT_EQ(back.number + 10 * back.next->number, 21);
  EXPECT_EQ(back.next->next, nullptr);
}

TEST(CodecSharedPtr, ArrivesAsACopyPerPointer) {
  const auto shared = std::make_shared<int>(5);
  const auto back = round_trip(std::vector<std::shared_ptr<int>>{shared, shared, nullptr});

  ASSERT_EQ(back.size(), 3u);
  EXPECT_EQ(*back[0], 5);
  EXPECT_EQ(*back[1], 5);
  EXPECT_NE(back[0], back[1]);
  EXPECT_EQ(back[2], nullptr);
}

TEST(CodecUniquePtr, FreesTheTaskMemoryInside) {
  const std::size_t before = live_task_allocations();
  auto copy = round_trip(std::make_unique<const char*>("text"));
  EXPECT_EQ(live_task_allocations(), before + 1);

  ndr_codec<std::unique_ptr<const char*>>::free(copy);

  EXPECT_EQ(live_task_allocations(), before);
}

}  // namespace
}  // namespace insula::test
