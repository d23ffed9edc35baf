// SPDX-License-Identifier: MIT
#pragma once

#include <insula/core/sentence.hpp>

#include <string>

namespace insula {

/// What `function` answers on a thread without apartment.
inline HRESULT not_initialised(const char* function) noexcept {
  return explain_error(CO_E_NOTINITIALIZED, [function] {
    return std::string(function) +
           ": the calling thread is in no apartment and the process has no MTA. Enter one first "
           "(sta_lease, mta_lease, CoInitializeEx).";
  });
}

}  // namespace insula
