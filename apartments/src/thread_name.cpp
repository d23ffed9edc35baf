// SPDX-License-Identifier: MIT
#include "thread_name.hpp"

#include <pthread.h>

namespace insula {

void name_this_thread(const std::string& name) noexcept {
  constexpr std::size_t kept = 15;
  ::pthread_setname_np(::pthread_self(), name.substr(0, kept).c_str());
}

}  // namespace insula
