// SPDX-License-Identifier: MIT
#include <insula/marshal/ndr_error.hpp>

namespace insula {

void refuse_to_write(const char* text) { throw ndr_error(HRESULT_RPC_X_BAD_STUB_DATA, text); }

void refuse_null_reference() {
  throw ndr_error(HRESULT_RPC_X_NULL_REF_POINTER,
                  "a reference pointer is null: it must point at a value");
}

}  // namespace insula
