// SPDX-License-Identifier: MIT
#include "thread_name.hpp"

#include <insula/core/printable.hpp>

#include <pthread.h>

#include <new>
#include <string>

namespace insula {

void name_this_thread(std::string_view prefix, std::string_view name) noexcept {
  constexpr std::size_t kept = 15;
  try {
    const std::string all = std::string(prefix) + printable(name);
    ::pthread_setname_np(::pthread_self(), all.substr(0, kept).c_str());
  } catch (const std::bad_alloc&) {
    // A thread does its work without a name too.
  }
}

}  // namespace insula
