// SPDX-License-Identifier: MIT
#include "insula/core/guid_text.hpp"

#include "insula/core/task_memory.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <string>

namespace insula::core_tests {
namespace {

constexpr GUID known = guid("0be35203-8f91-11ce-9de3-00aa004bb851");
constexpr GUID garbage = guid("cccccccc-cccc-cccc-cccc-cccccccccccc");
constexpr const char16_t* spelled = u"{0BE35203-8F91-11CE-9DE3-00AA004BB851}";

TEST(GuidText, IsReadInEitherCase) {
  CLSID clsid = garbage;
  EXPECT_EQ(CLSIDFromString(spelled, &clsid), S_OK);
  EXPECT_EQ(clsid, known);
  IID iid = garbage;
  EXPECT_EQ(IIDFromString(u"{0be35203-8f91-11ce-9de3-00aa004bb851}", &iid), S_OK);
  EXPECT_EQ(iid, known);
}

TEST(GuidText, OfNullIsTheNullId) {
  CLSID clsid = garbage;
  EXPECT_EQ(CLSIDFromString(nullptr, &clsid), S_OK);
  EXPECT_EQ(clsid, CLSID_NULL);
  IID iid = garbage;
  EXPECT_EQ(IIDFromString(nullptr, &iid), S_OK);
  EXPECT_EQ(iid, IID_NULL);
}

TEST(GuidText, NeedsAPlaceForTheId) {
  EXPECT_EQ(CLSIDFromString(spelled, nullptr), E_INVALIDARG);
  EXPECT_EQ(IIDFromString(spelled, nullptr), E_INVALIDARG);
  EXPECT_EQ(CLSIDFromString(nullptr, nullptr), E_INVALIDARG);
}

TEST(GuidText, OfAnotherLengthIsNone) {
  const std::u16string whole = spelled;
  for (const std::u16string& text :
       {std::u16string(), whole.substr(0, 37), whole + u"}", whole + u" and more",
        whole.substr(1, 36)}) {
    CLSID clsid = garbage;
    EXPECT_EQ(CLSIDFromString(text.c_str(), &clsid), CO_E_CLASSSTRING);
    EXPECT_EQ(clsid, CLSID_NULL);
    IID iid = garbage;
    EXPECT_EQ(IIDFromString(text.c_str(), &iid), E_INVALIDARG);
    EXPECT_EQ(iid, IID_NULL);
  }
}

TEST(GuidText, WithAWrongCharacterAnywhereIsNone) {
  for (std::size_t at = 0; at != 38; ++at) {
    for (const char16_t wrong : {u'*', u'g', u'\u0131', static_cast<char16_t>(u'0' + 0x100)}) {
      std::u16string text = spelled;
      text[at] = wrong;
      CLSID clsid = garbage;
      EXPECT_EQ(CLSIDFromString(text.c_str(), &clsid), CO_E_CLASSSTRING) << at;
      IID iid = garbage;
      EXPECT_EQ(IIDFromString(text.c_str(), &iid), CO_E_IIDSTRING) << at;
    }
  }
}

TEST(GuidText, IsWrittenWithItsTerminator) {
  char16_t text[40];
  std::fill(std::begin(text), std::end(text), u'#');
  EXPECT_EQ(StringFromGUID2(known, text, 40), 39);
  EXPECT_EQ(std::u16string(text), spelled);
  EXPECT_EQ(text[39], u'#');
  EXPECT_EQ(StringFromGUID2(known, text, 39), 39);
}

TEST(GuidText, IsNotWrittenWhereItHasNoRoom) {
  char16_t text[39];
  std::fill(std::begin(text), std::end(text), u'#');
  for (const int capacity : {38, 1, 0, -1}) EXPECT_EQ(StringFromGUID2(known, text, capacity), 0);
  EXPECT_EQ(StringFromGUID2(known, nullptr, 39), 0);
  EXPECT_EQ(text[0], u'#');
}

TEST(GuidText, InTaskMemoryIsTheCallers) {
  const std::size_t before = live_task_allocations();
  LPOLESTR text = nullptr;
  EXPECT_EQ(StringFromCLSID(known, &text), S_OK);
  EXPECT_EQ(live_task_allocations(), before + 1);
  EXPECT_EQ(std::u16string(text), spelled);
  CoTaskMemFree(text);
  EXPECT_EQ(StringFromIID(known, &text), S_OK);
  EXPECT_EQ(std::u16string(text), spelled);
  CoTaskMemFree(text);
  EXPECT_EQ(StringFromCLSID(known, nullptr), E_INVALIDARG);
  EXPECT_EQ(StringFromIID(known, nullptr), E_INVALIDARG);
}

}  // namespace
}  // namespace insula::core_tests
