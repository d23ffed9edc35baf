// SPDX-License-Identifier: MIT
#pragma once

#include "work_item.hpp"

#include <chrono>
#include <optional>

namespace insula {

class apartment_core;
class fiber;
class host_thread;
class port;

/// One wait of one piece of code. Owner: the waiting thread, which also resolves it, when it takes
/// the answer out of its inbox.
struct wait_state {
  bool done = false;
  bool expired = false;          // the deadline came first
  fiber* parked = nullptr;       // the fiber to go on with, when another one is pumping
  host_thread* host = nullptr;   // whose fiber that is
  const apartment_core* on = nullptr;  // who is to answer, if known: for the log

  /// Ends the wait. From: the waiting thread.
  void resolve() noexcept;
};

using deadline = std::optional<std::chrono::steady_clock::time_point>;

[[nodiscard]] inline bool has_passed(const deadline& until) noexcept {
  return until && std::chrono::steady_clock::now() >= *until;
}

/// The one that comes first.
[[nodiscard]] inline deadline sooner(const deadline& a, const deadline& b) noexcept {
  if (!a) return b;
  return b && *b < *a ? b : a;
}

/// Waits until `wait` is resolved or `until` has come, the way the calling thread waits: the thread
/// of an STA pumps, any other thread blocks. False: the deadline came first.
/// `other`, if known, is the thread that is expected to answer; `look` false: it is known to be off
/// its CPU, so that looking before sleeping cannot pay.
bool wait_for(wait_state& wait, const deadline& until, const port* other, bool look);

/// True when this process may use more than one CPU.
[[nodiscard]] bool several_cpus() noexcept;
/// Whether looking before sleeping can pay for a thread on CPU `here` when the thread that is
/// expected to answer was last seen on `other_cpu` (-1: not known).
[[nodiscard]] bool look_pays(int other_cpu, int here) noexcept;
/// Reads the CPU mask again: it may have been changed from outside.
void refresh_cpus() noexcept;

}  // namespace insula
