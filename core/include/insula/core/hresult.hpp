// SPDX-License-Identifier: MIT
//
// Result codes: the constants, their parts, their names and one sentence for each.
// The list itself is in hresult_codes.h.
#pragma once

#include <insula/core/hresult_codes.h>
#include <insula/core/types.hpp>

#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>

namespace insula {

#define INSULA_HRESULT_CONSTANT(name, value, text) \
  inline constexpr HRESULT name = static_cast<HRESULT>(static_cast<std::int32_t>(value##u));
INSULA_HRESULT_CODES(INSULA_HRESULT_CONSTANT)
#undef INSULA_HRESULT_CONSTANT

/// Microsoft's names for the plain RPC status numbers; as HRESULTs they are wrapped.
inline constexpr DWORD RPC_S_CALL_FAILED = 1726;
inline constexpr DWORD RPC_X_NULL_REF_POINTER = 1780;
inline constexpr DWORD RPC_X_BAD_STUB_DATA = 1783;

inline constexpr DWORD SEVERITY_SUCCESS = 0;
inline constexpr DWORD SEVERITY_ERROR = 1;
inline constexpr DWORD FACILITY_NULL = 0;
inline constexpr DWORD FACILITY_RPC = 1;
inline constexpr DWORD FACILITY_DISPATCH = 2;
inline constexpr DWORD FACILITY_STORAGE = 3;
inline constexpr DWORD FACILITY_ITF = 4;
inline constexpr DWORD FACILITY_WIN32 = 7;
inline constexpr DWORD FACILITY_WINDOWS = 8;

[[nodiscard]] constexpr bool SUCCEEDED(HRESULT code) noexcept { return code >= 0; }
[[nodiscard]] constexpr bool FAILED(HRESULT code) noexcept { return code < 0; }

[[nodiscard]] constexpr DWORD HRESULT_CODE(HRESULT code) noexcept {
  return static_cast<DWORD>(code) & 0xFFFFu;
}
[[nodiscard]] constexpr DWORD HRESULT_FACILITY(HRESULT code) noexcept {
  return (static_cast<DWORD>(code) >> 16) & 0x1FFFu;
}
[[nodiscard]] constexpr DWORD HRESULT_SEVERITY(HRESULT code) noexcept {
  return static_cast<DWORD>(code) >> 31;
}
[[nodiscard]] constexpr HRESULT MAKE_HRESULT(DWORD severity, DWORD facility, DWORD code) noexcept {
  return static_cast<HRESULT>(
      static_cast<std::int32_t>((severity << 31) | (facility << 16) | code));
}
/// A Windows status number as an HRESULT; what already is a failure, and 0, stay as they are.
[[nodiscard]] constexpr HRESULT HRESULT_FROM_WIN32(DWORD status) noexcept {
  const auto given = static_cast<std::int32_t>(status);
  if (given <= 0) return static_cast<HRESULT>(given);
  return MAKE_HRESULT(SEVERITY_ERROR, FACILITY_WIN32, status & 0xFFFFu);
}

/// "E_NOINTERFACE"; a code that is not in the list gives "0x8…".
std::string hresult_name(HRESULT code);

/// One plain sentence. A code that is not in the list gives a sentence with its facility.
std::string hresult_text(HRESULT code);

/// "RPC", "WIN32"…; "?" for a facility without a name here.
std::string_view hresult_facility_name(HRESULT code) noexcept;

/// Prints the name: `stream << E_FAIL`.
std::ostream& operator<<(std::ostream& stream, HRESULT code);

/// A result code that is true when it is a success.
struct hresult {
  HRESULT value = S_OK;

  constexpr explicit operator bool() const noexcept { return SUCCEEDED(value); }
  friend constexpr bool operator==(hresult, hresult) noexcept = default;
};

std::string to_string(hresult code);
std::ostream& operator<<(std::ostream& stream, hresult code);

}  // namespace insula
