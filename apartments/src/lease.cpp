// SPDX-License-Identifier: MIT
#include "lease.hpp"

#include "fork_watch.hpp"

#include <insula/core/log.hpp>

#include <unistd.h>

#include <exception>
#include <string>

namespace insula {

long lease_thread() noexcept { return ::gettid(); }

void require_lease_thread(long made_on, const char* lease) noexcept {
  // The thread of a forked child has another id, and nothing to leave.
  if (made_on == ::gettid() || in_forked_child()) return;
  log(log_level::error, std::string(lease) + " was made on thread " + std::to_string(made_on) +
                            " and is used on thread " + std::to_string(::gettid()) +
                            ". A lease belongs to its thread: keep it in a local variable there.");
  std::terminate();
}

}  // namespace insula
