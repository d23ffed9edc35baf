// SPDX-License-Identifier: MIT
#include "main_sta.hpp"

#include <atomic>

namespace insula {
namespace {

// Compared, never followed.
constinit std::atomic<const sta_apartment*> main_sta{nullptr};

}  // namespace

void offer_main_sta(sta_apartment& made) noexcept {
  const sta_apartment* none = nullptr;
  main_sta.compare_exchange_strong(none, &made, std::memory_order_acq_rel);
}

void withdraw_main_sta(sta_apartment& closed) noexcept {
  const sta_apartment* expected = &closed;
  main_sta.compare_exchange_strong(expected, nullptr, std::memory_order_acq_rel);
}

bool main_sta_is(const sta_apartment& asked) noexcept {
  return main_sta.load(std::memory_order_acquire) == &asked;
}

}  // namespace insula
