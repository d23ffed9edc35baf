// SPDX-License-Identifier: MIT
//
// Sentences that are put together when they are needed, where there may be no memory for them.
//   explain_error   set_error with such a sentence
//   log_sentence    log with such a line
// What is said must never be the reason why something else is said, or done: without memory the
// code stays what it is and the work goes on.
#pragma once

#include <insula/core/error_info.hpp>
#include <insula/core/log.hpp>

#include <string>
#include <type_traits>
#include <utility>

namespace insula {

/// set_error with the description that `compose` gives. Returns `code`. Without memory for the
/// description the slot ends up empty.
template <class Compose>
  requires std::is_invocable_r_v<std::string, Compose&>
HRESULT explain_error(HRESULT code, Compose&& compose, REFIID iid = IID_NULL) noexcept {
  try {
    return set_error(code, compose(), iid);
  } catch (...) {
    (void)SetErrorInfo(0, nullptr);
    return code;
  }
}

/// log with the line that `compose` gives; it is not asked when nobody wants the line. Without
/// memory for it, `instead` is written.
template <class Compose>
  requires std::is_invocable_r_v<std::string, Compose&>
void log_sentence(log_level level, Compose&& compose,
                  std::string_view instead = "no memory to say what happened") noexcept {
  if (!log_enabled(level)) return;
  try {
    log(level, compose());
  } catch (...) {
    log(level, instead);
  }
}

}  // namespace insula
