// SPDX-License-Identifier: MIT
#include "home_guard.hpp"

#include "output.hpp"

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
  complain(component_ + " belongs to " + home_.description() + " and was entered in " + here);
  std::abort();
}

}  // namespace document_index
