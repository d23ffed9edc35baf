// SPDX-License-Identifier: MIT
#include "insula/core/contain.hpp"

#include "insula/core/log.hpp"

#include <exception>
#include <string>

namespace insula::detail {

void log_contained(std::string_view what, std::string_view whose) noexcept {
  if (!log_enabled(log_level::error)) return;
  try {
    std::string text(what);
    text += " of ";
    text += whose;
    text += " threw: ";
    try {
      throw;
    } catch (const std::exception& thrown) {
      text += thrown.what();
    } catch (...) {
      text += "something that is no std::exception";
    }
    text += ". Nobody can be told, so it counts as done; catch it there.";
    log(log_level::error, text);
  } catch (...) {
    log(log_level::error, "code that ends something threw, and there was no memory to say what");
  }
}

}  // namespace insula::detail
