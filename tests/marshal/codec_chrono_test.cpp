// SPDX-License-Identifier: MIT
#include <insula/marshal/codec_chrono.hpp>

#include "wire_bytes.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace insula::test {
namespace {

using namespace std::chrono_literals;

TEST(CodecChrono, TravelsAsItsCount) {
  EXPECT_EQ(to_wire(std::chrono::milliseconds(-1)), wire_bytes().u64(~std::uint64_t{0}).bytes);
  EXPECT_EQ(to_wire(std::chrono::duration<double>(0.5)), wire_bytes().f64(0.5).bytes);
  EXPECT_EQ(to_wire(std::chrono::sys_seconds(5s)), wire_bytes().u64(5).bytes);
}

TEST(CodecChrono, BringsDurationsAndTimesBack) {
  const auto limits = {std::chrono::nanoseconds::min(), std::chrono::nanoseconds::max(), 0ns};
  for (const auto value : limits) {
    EXPECT_EQ(round_trip(value), value);
    const std::chrono::system_clock::time_point calendar(value);
    const std::chrono::steady_clock::time_point steady(value);
    EXPECT_EQ(round_trip(calendar), calendar);
    EXPECT_EQ(round_trip(steady), steady);
  }
}

TEST(CodecChrono, IsCopiedInBulk) {
  static_assert(ndr_codec<std::chrono::nanoseconds>::blittable);
  static_assert(ndr_codec<std::chrono::system_clock::time_point>::blittable);
  const std::vector<std::chrono::seconds> values{1s, 2s};
  EXPECT_EQ(round_trip(values), values);
}

TEST(CodecChrono, CalendarTypesKeepWhatTheyHoldValidOrNot) {
  using namespace std::chrono;
  for (const year_month_day date :
       {2024y / February / 29, -1y / January / 1, 2023y / month(13) / 40})
    EXPECT_EQ(round_trip(date), date);
  EXPECT_EQ(round_trip(Sunday), Sunday);
  EXPECT_EQ(round_trip(day(255)), day(255));
  EXPECT_EQ(to_wire(2024y / February / 29), wire_bytes().u16(2024).u8(2).u8(29).bytes);
}

}  // namespace
}  // namespace insula::test
