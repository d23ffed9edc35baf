// SPDX-License-Identifier: MIT
#include <insula/apartments/call_options.hpp>

#include "call.hpp"

#include <algorithm>

namespace insula {

deadline_scope::deadline_scope(std::chrono::steady_clock::time_point until) {
  deadline& running = current_logical_thread().until;
  outer_ = running;
  running = running ? std::min(*running, until) : until;
}

deadline_scope::~deadline_scope() { current_logical_thread().until = outer_; }

std::optional<std::chrono::steady_clock::time_point> current_deadline() noexcept {
  return current_logical_thread().until;
}

call_fate last_call_fate() noexcept { return current_logical_thread().fate; }

bool current_call_is_cancelled() noexcept {
  const call* const serving = current_logical_thread().serving;
  if (serving == nullptr) return false;
  return serving->cancelled.load(std::memory_order_relaxed) ||
         (serving->until && std::chrono::steady_clock::now() >= *serving->until);
}

}  // namespace insula
