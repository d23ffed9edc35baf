// SPDX-License-Identifier: MIT
//
// Calls into code that is anybody's, from places that cannot fail.
//   contain   runs something; what it throws goes to the log and no further
//   let_go    gives a reference back that way
#pragma once

#include <insula/core/type_name.hpp>

#include <string_view>
#include <utility>

namespace insula::detail {

/// For use in `catch (...)`: logs (`error`) "<what> of <whose> threw: <the exception's words>", and
/// that the end was reached all the same.
void log_contained(std::string_view what, std::string_view whose) noexcept;

/// Runs `body`. Never throws; false when `body` did. `what` and `whose` name it for the log.
template <class F>
bool contain(std::string_view what, std::string_view whose, F&& body) noexcept {
  try {
    std::forward<F>(body)();
    return true;
  } catch (...) {
    log_contained(what, whose);
    return false;
  }
}

/// Gives back one reference. A Release that throws has given it back.
/// Runs your code: Release, and what the last one ends.
template <class I>
void let_go(I* object) noexcept {
  try {
    (void)object->Release();
  } catch (...) {
    log_contained("Release", type_name<I>());
  }
}

}  // namespace insula::detail
