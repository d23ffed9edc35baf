// SPDX-License-Identifier: MIT
#include "home_guard.hpp"

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <utility>

namespace document_index {

home_guard::home_guard(std::string component)
    : component_(std::move(component)),
      home_(insula::apartment::current()),
      thread_(std::this_thread::get_id()) {}

void home_guard::require() const noexcept {
  const bool right_thread =
      home_.kind() != insula::apartment_kind::sta || thread_ == std::this_thread::get_id();
  if (home_.is_current() && right_thread) return;
  std::string here = "no apartment";
  try {
    here = insula::apartment::current().description();
  } catch (const std::exception&) {  // outside of every apartment
  }
  std::fprintf(stderr, "document_index: %s belongs to %s and was entered in %s\n",
               component_.c_str(), home_.description().c_str(), here.c_str());
  std::abort();
}

}  // namespace document_index
