// SPDX-License-Identifier: MIT
#include "insula/core/hresult.hpp"

#include <gtest/gtest.h>

#include <map>
#include <sstream>
#include <string>

namespace insula {
namespace {

struct listed {
  const char* name;
  std::uint32_t value;
  const char* text;
};
constexpr listed all_codes[] = {
#define INSULA_LISTED(name, value, text) {#name, value##u, text},
    INSULA_HRESULT_CODES(INSULA_LISTED)
#undef INSULA_LISTED
};

TEST(Hresult, CodesHaveTheirDocumentedValues) {
  EXPECT_EQ(static_cast<std::uint32_t>(E_NOINTERFACE), 0x80004002u);
  EXPECT_EQ(static_cast<std::uint32_t>(E_OUTOFMEMORY), 0x8007000Eu);
  EXPECT_EQ(static_cast<std::uint32_t>(RPC_E_WRONG_THREAD), 0x8001010Eu);
  EXPECT_EQ(static_cast<std::uint32_t>(RPC_E_DISCONNECTED), 0x80010108u);
  EXPECT_EQ(static_cast<std::uint32_t>(CO_E_NOTINITIALIZED), 0x800401F0u);
  EXPECT_EQ(static_cast<std::uint32_t>(CO_S_NOTALLINTERFACES), 0x00080012u);
  EXPECT_EQ(static_cast<std::uint32_t>(STG_E_READFAULT), 0x8003001Eu);
}

TEST(Hresult, EveryListedCodeHasItsNameAndASentence) {
  for (const listed& code : all_codes) {
    const auto value = static_cast<HRESULT>(static_cast<std::int32_t>(code.value));
    EXPECT_EQ(hresult_name(value), code.name);
    EXPECT_EQ(hresult_text(value), code.text);
    EXPECT_EQ(std::string(code.text).back(), '.') << code.name;
  }
}

TEST(Hresult, NoValueIsListedTwice) {
  std::map<std::uint32_t, std::string> seen;
  for (const listed& code : all_codes) {
    const auto [at, fresh] = seen.emplace(code.value, code.name);
    EXPECT_TRUE(fresh) << code.name << " and " << at->second;
  }
}

TEST(Hresult, UnknownCodePrintsAsItsNumberAndFacility) {
  const HRESULT odd = MAKE_HRESULT(SEVERITY_ERROR, FACILITY_ITF, 0x0777);

  EXPECT_EQ(hresult_name(odd), "0x80040777");
  EXPECT_EQ(hresult_text(odd), "The operation failed with code 0x80040777 of facility ITF.");
}

TEST(Hresult, PartsMakeTheCode) {
  EXPECT_EQ(HRESULT_FACILITY(RPC_E_TIMEOUT), FACILITY_RPC);
  EXPECT_EQ(HRESULT_CODE(RPC_E_TIMEOUT), 0x11Fu);
  EXPECT_EQ(HRESULT_SEVERITY(RPC_E_TIMEOUT), SEVERITY_ERROR);
  EXPECT_EQ(MAKE_HRESULT(1, FACILITY_RPC, 0x11F), RPC_E_TIMEOUT);
}

TEST(Hresult, FacilitiesHaveNames) {
  EXPECT_EQ(hresult_facility_name(E_FAIL), "NULL");
  EXPECT_EQ(hresult_facility_name(RPC_E_TIMEOUT), "RPC");
  EXPECT_EQ(hresult_facility_name(STG_E_SEEKERROR), "STORAGE");
  EXPECT_EQ(hresult_facility_name(E_ACCESSDENIED), "WIN32");
  EXPECT_EQ(hresult_facility_name(static_cast<HRESULT>(static_cast<std::int32_t>(0x8ABC0000u))),
            "?");
}

TEST(Hresult, FalseIsASuccess) {
  static_assert(SUCCEEDED(S_FALSE) && !FAILED(S_FALSE) && FAILED(E_FAIL) && !SUCCEEDED(E_FAIL));
  SUCCEED();
}

TEST(Hresult, Win32StatusIsWrappedOnce) {
  EXPECT_EQ(HRESULT_FROM_WIN32(0), S_OK);
  EXPECT_EQ(HRESULT_FROM_WIN32(5), E_ACCESSDENIED);
  EXPECT_EQ(HRESULT_FROM_WIN32(static_cast<DWORD>(E_ACCESSDENIED)), E_ACCESSDENIED);
  EXPECT_EQ(HRESULT_FROM_WIN32(RPC_X_BAD_STUB_DATA), HRESULT_RPC_X_BAD_STUB_DATA);
  EXPECT_EQ(HRESULT_FROM_WIN32(RPC_X_NULL_REF_POINTER), HRESULT_RPC_X_NULL_REF_POINTER);
}

TEST(Hresult, ValueTypePrintsItsName) {
  std::ostringstream out;

  out << hresult{RPC_E_CHANGED_MODE} << ' ' << hresult{};

  EXPECT_EQ(out.str(), "RPC_E_CHANGED_MODE S_OK");
  EXPECT_EQ(to_string(hresult{E_FAIL}), "E_FAIL");
  EXPECT_FALSE(hresult{E_FAIL});
}

}  // namespace
}  // namespace insula
