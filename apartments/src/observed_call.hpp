// SPDX-License-Identifier: MIT
#pragma once

#include <insula/apartments/call_observer.hpp>

#include <atomic>

namespace insula {

/// True while an observer is installed.
extern std::atomic<bool> calls_are_observed;

/// Measures one call for the observer, if there is one when the call begins.
class observed_call {
 public:
  observed_call(const apartment_core& from, const apartment_core& to, REFIID iid, ULONG method)
      : from_(from), to_(to), iid_(iid), method_(method) {
    if (calls_are_observed.load(std::memory_order_relaxed)) [[unlikely]] begin();
  }
  ~observed_call() {
    if (observer_) [[unlikely]] end();
  }
  observed_call(const observed_call&) = delete;
  observed_call& operator=(const observed_call&) = delete;

 private:
  void begin();
  void end() noexcept;

  const apartment_core& from_;
  const apartment_core& to_;
  REFIID iid_;
  const ULONG method_;
  std::shared_ptr<call_observer> observer_;
  std::chrono::steady_clock::time_point began_;
};

}  // namespace insula
