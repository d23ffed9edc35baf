// SPDX-License-Identifier: MIT
#pragma once

#include <insula/core/hresult.hpp>
#include <insula/core/types.hpp>

#include <stdexcept>

namespace insula {

/// Why a message could not be written or read. `what()` is a sentence; `code()` is
/// RPC_X_BAD_STUB_DATA or RPC_X_NULL_REF_POINTER as an HRESULT, or what the marshaling of an
/// interface pointer failed with.
class ndr_error : public std::runtime_error {
 public:
  ndr_error(HRESULT code, const char* text) : std::runtime_error(text), code_(code) {}
  [[nodiscard]] HRESULT code() const noexcept { return code_; }

 private:
  HRESULT code_;  // fixed
};

/// Win32 errors 1783 and 1780 as HRESULT_FROM_WIN32 makes them.
inline constexpr HRESULT ndr_bad_stub_data = static_cast<HRESULT>(0x800706F7);
inline constexpr HRESULT ndr_null_ref_pointer = static_cast<HRESULT>(0x800706F4);

/// The value cannot be sent as it is, for the reason in `text`. Throws ndr_error.
[[noreturn]] void refuse_to_write(const char* text);

/// A reference pointer that is null. Throws ndr_error.
[[noreturn]] void refuse_null_reference();

}  // namespace insula
