// SPDX-License-Identifier: MIT
#include "fork_watch.hpp"

#include <insula/core/exception.hpp>
#include <insula/core/sentence.hpp>

#include <pthread.h>

#include <string>

namespace insula {

namespace detail {
constinit std::atomic<bool> forked_with_apartments{false};
}

namespace {

std::atomic<bool (*)()> are_open{nullptr};  // atomic: set once
std::atomic<bool> told{false};

void in_child() noexcept {
  const auto ask = are_open.load(std::memory_order_relaxed);
  if (ask != nullptr && ask()) detail::forked_with_apartments.store(true);
}

std::string sentence(const char* what) {
  return std::string(what) +
         ": apartments do not survive fork. This process was forked while some were open, and has "
         "none of the threads that serve them. Call exec here, or fork before the first one is "
         "made.";
}

}  // namespace

HRESULT refuse_after_fork(const char* what) noexcept {
  const auto text = [what] { return sentence(what); };
  if (!told.exchange(true)) log_sentence(log_level::error, text);
  return explain_error(CO_E_NOT_SUPPORTED, text);
}

void throw_after_fork(const char* what) {
  throw com_error(refuse_after_fork(what), sentence(what));
}

void watch_forks(bool (*apartments_are_open)()) noexcept {
  if (are_open.exchange(apartments_are_open) == nullptr)
    (void)::pthread_atfork(nullptr, nullptr, &in_child);
}

}  // namespace insula
