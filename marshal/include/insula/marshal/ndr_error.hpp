// SPDX-License-Identifier: MIT
#pragma once

#include <insula/core/hresult.hpp>
#include <insula/core/types.hpp>

#include <stdexcept>

namespace insula {

/// Why a message could not be written or read. `what()` is a sentence; `code()` is
/// HRESULT_RPC_X_BAD_STUB_DATA, HRESULT_RPC_X_NULL_REF_POINTER, or what the marshaling of an
/// interface pointer failed with.
class ndr_error : public std::runtime_error {
 public:
  ndr_error(HRESULT code, const char* text) : std::runtime_error(text), code_(code) {}
  [[nodiscard]] HRESULT code() const noexcept { return code_; }

 private:
  HRESULT code_;  // fixed
};

/// The value cannot be sent as it is, for the reason in `text`. Throws ndr_error.
[[noreturn]] void refuse_to_write(const char* text);

/// A reference pointer that is null. Throws ndr_error.
[[noreturn]] void refuse_null_reference();

}  // namespace insula
