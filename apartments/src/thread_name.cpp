// SPDX-License-Identifier: MIT
#include "thread_name.hpp"

#include <insula/core/printable.hpp>

#include <pthread.h>

#include <new>

namespace insula {

void name_this_thread(const std::string& name) noexcept {
  constexpr std::size_t kept = 15;
  try {
    ::pthread_setname_np(::pthread_self(), printable(name).substr(0, kept).c_str());
  } catch (const std::bad_alloc&) {
    // A thread does its work without a name too.
  }
}

}  // namespace insula
