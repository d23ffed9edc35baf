// SPDX-License-Identifier: MIT
#include "insula/core/forced_unwind.hpp"

#include "insula/core/log.hpp"

#include <atomic>
#include <cstdlib>

namespace insula {
namespace {

std::atomic<std::string (*)()> running_code{nullptr};  // atomic: set once

}  // namespace

void set_running_code_source(std::string (*source)()) noexcept {
  running_code.store(source, std::memory_order_release);
}

void end_forced_unwind() noexcept {
  try {
    const auto source = running_code.load(std::memory_order_acquire);
    log(log_level::error, (source != nullptr ? source() : std::string("a method")) +
                              " ended its thread (pthread_exit or pthread_cancel), which has to go "
                              "on: others wait for what runs on it. The process ends. Return or "
                              "throw instead, and end threads of your own by letting them return");
  } catch (const std::exception&) {
    log(log_level::error, "code of an apartment ended its thread (pthread_exit or pthread_cancel)");
  }
  std::abort();
}

}  // namespace insula
