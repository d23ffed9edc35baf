// SPDX-License-Identifier: MIT
#include "insula/core/bstr.hpp"

#include "insula/core/task_memory.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>

namespace insula {
namespace {

TEST(Bstr, HasItsByteLengthInFrontAndAZeroBehind) {
  const BSTR string = SysAllocString(u"abc");
  std::uint32_t length = 0;
  std::memcpy(&length, reinterpret_cast<char*>(string) - 4, 4);

  EXPECT_EQ(length, 6u);
  EXPECT_EQ(SysStringLen(string), 3u);
  EXPECT_EQ(SysStringByteLen(string), 6u);
  EXPECT_EQ(string[3], u'\0');
  SysFreeString(string);
}

TEST(Bstr, NullIsTheEmptyString) {
  EXPECT_EQ(SysAllocString(nullptr), nullptr);
  EXPECT_EQ(SysStringLen(nullptr), 0u);
  EXPECT_EQ(SysStringByteLen(nullptr), 0u);
  SysFreeString(nullptr);
  EXPECT_EQ(bstr(), bstr(u""));
}

TEST(Bstr, KeepsZerosInside) {
  const BSTR string = SysAllocStringLen(u"a\0b", 3);

  EXPECT_EQ(SysStringLen(string), 3u);
  EXPECT_EQ(string[2], u'b');
  SysFreeString(string);
}

TEST(Bstr, HoldsAnOddNumberOfBytes) {
  const BSTR string = SysAllocStringByteLen("xyz", 3);

  EXPECT_EQ(SysStringByteLen(string), 3u);
  EXPECT_EQ(SysStringLen(string), 1u);
  EXPECT_EQ(std::memcmp(string, "xyz\0\0\0", 6), 0);
  SysFreeString(string);
}

TEST(Bstr, LengthWithoutTextGivesRoom) {
  const BSTR string = SysAllocStringLen(nullptr, 5);

  EXPECT_EQ(SysStringLen(string), 5u);
  EXPECT_EQ(string[5], u'\0');
  SysFreeString(string);
}

TEST(Bstr, TooLongIsRefused) {
  EXPECT_EQ(SysAllocStringLen(nullptr, 0xFFFFFFFF), nullptr);
  EXPECT_EQ(SysAllocStringByteLen(nullptr, 0xFFFFFFFF), nullptr);
}

TEST(Bstr, ReallocTakesTextFromInsideItself) {
  BSTR string = SysAllocString(u"hello");

  EXPECT_EQ(SysReAllocString(&string, string + 2), 1);
  EXPECT_STREQ(reinterpret_cast<const char*>(bstr(string).str().c_str()), "llo");
  EXPECT_EQ(SysReAllocStringLen(&string, nullptr, 2), 1);
  EXPECT_EQ(bstr(string).str(), "ll");
  EXPECT_EQ(SysReAllocString(&string, nullptr), 1);

  EXPECT_EQ(string, nullptr);
  EXPECT_EQ(SysReAllocString(nullptr, u"x"), 0);
}

TEST(Bstr, IsCountedAsTaskMemory) {
  const std::size_t before = live_task_allocations();
  {
    const bstr text(u"counted");
    EXPECT_EQ(live_task_allocations(), before + 1);
  }
  EXPECT_EQ(live_task_allocations(), before);
}

TEST(Bstr, OwnerCopiesAndMoves) {
  const std::size_t before = live_task_allocations();
  bstr a("grüße");
  bstr b = a;
  EXPECT_EQ(a, b);
  EXPECT_NE(a.get(), b.get());

  const BSTR raw = a.get();
  b = std::move(a);

  EXPECT_EQ(b.get(), raw);
  EXPECT_TRUE(a.empty());
  EXPECT_EQ(b.view(), u"grüße");
  EXPECT_EQ(b.str(), "grüße");
  EXPECT_EQ(live_task_allocations(), before + 1);
}

TEST(Bstr, ACopyHasEveryByteAndANullStaysNull) {
  bstr odd;
  odd.attach(SysAllocStringByteLen("abc", 3));

  EXPECT_EQ(SysStringByteLen(bstr(odd).get()), 3u);
  const bstr null;
  EXPECT_EQ(bstr(null).get(), nullptr);
}

TEST(Bstr, OwnerTakesAndGivesOwnership) {
  const std::size_t before = live_task_allocations();
  bstr text(u"first");

  text.attach(SysAllocString(u"second"));
  EXPECT_EQ(live_task_allocations(), before + 1);
  *text.put() = SysAllocString(u"third");
  EXPECT_EQ(text.str(), "third");
  SysFreeString(text.detach());

  EXPECT_EQ(live_task_allocations(), before);
}

}  // namespace
}  // namespace insula
