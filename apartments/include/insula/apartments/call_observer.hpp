// SPDX-License-Identifier: MIT
#pragma once

#include <insula/apartments/apartment.hpp>

#include <chrono>
#include <memory>

namespace insula {

/// One synchronous call that crossed from one apartment to another.
struct crossed_call {
  const apartment_core& from;
  const apartment_core& to;
  REFIID iid;
  ULONG method;                     // slot in the interface's table
  std::chrono::nanoseconds took;    // as the caller saw it
};

/// Told of every synchronous call that crossed, after it came back.
class call_observer {
 public:
  virtual ~call_observer() = default;
  /// From: the calling thread, in the caller's apartment; many at once. Must not throw or call out.
  virtual void crossed(const crossed_call& call) noexcept = 0;
};

/// Installs the process's observer; null takes it away. While there is none, calls pay one relaxed
/// load for it. From: any thread. The old one is kept until calls that began under it have ended.
void set_call_observer(std::shared_ptr<call_observer> observer);

}  // namespace insula
