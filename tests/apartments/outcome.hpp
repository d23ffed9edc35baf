// SPDX-License-Identifier: MIT
#pragma once

#include <insula/core/exception.hpp>
#include <insula/core/function_ref.hpp>

namespace insula::test {

/// The code that `body` failed with, or S_OK.
inline HRESULT code_of(function_ref<void()> body) {
  try {
    body();
    return S_OK;
  } catch (const com_error& error) {
    return error.code();
  }
}

}  // namespace insula::test
