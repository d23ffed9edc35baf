// SPDX-License-Identifier: MIT
#pragma once

#include "logical_thread.hpp"

#include <insula/core/home.hpp>

namespace insula {

/// Lets objects check their home (core's home.hpp). Before any apartment is made.
bool tell_core_of_places() noexcept;

/// From now on the calling thread runs as `running`, or as nobody: the one place that says so to
/// the thread's state and to core, which keeps its slot for error info and the place of the code.
inline void run_as(logical_thread* running) noexcept {
  this_thread().logical = running;
  current_error_info_slot() = running != nullptr ? &running->errors : nullptr;
  detail::running_place =
      running != nullptr ? reinterpret_cast<const void* const*>(&running->apartment) : nullptr;
}

}  // namespace insula
