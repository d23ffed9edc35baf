// SPDX-License-Identifier: MIT
#include "observed_call.hpp"

#include <insula/core/thread_safety.hpp>

#include <utility>

namespace insula {

std::atomic<bool> calls_are_observed{false};

namespace {

struct installed_observer {
  mutex guard;
  std::shared_ptr<call_observer> observer INSULA_GUARDED_BY(guard);

  static installed_observer& instance() {
    static installed_observer* const only = new installed_observer;
    return *only;
  }
};

}  // namespace

void set_call_observer(std::shared_ptr<call_observer> observer) {
  installed_observer& installed = installed_observer::instance();
  const mutex_lock lock(installed.guard);
  calls_are_observed.store(observer != nullptr, std::memory_order_relaxed);
  installed.observer.swap(observer);
}

void observed_call::begin() {
  installed_observer& installed = installed_observer::instance();
  {
    const mutex_lock lock(installed.guard);
    observer_ = installed.observer;
  }
  began_ = std::chrono::steady_clock::now();
}

void observed_call::end() noexcept {
  observer_->crossed({from_, to_, iid_, method_, std::chrono::steady_clock::now() - began_});
}

}  // namespace insula
