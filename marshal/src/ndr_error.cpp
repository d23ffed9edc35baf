// SPDX-License-Identifier: MIT
#include <insula/marshal/ndr_error.hpp>

namespace insula {

void refuse_to_write(const char* text) { throw ndr_error(ndr_bad_stub_data, text); }

void refuse_null_reference() {
  throw ndr_error(ndr_null_ref_pointer, "a reference pointer is null: it must point at a value");
}

}  // namespace insula
