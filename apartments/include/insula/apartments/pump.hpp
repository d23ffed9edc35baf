// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <memory>
#include <optional>

namespace insula {

/// What an STA's thread looks like to its pump: the other half of the seam.
/// All functions: owner thread only.
class pump_client {
 public:
  /// Runs everything that is ready now, all classes of work that may run at this moment, and
  /// returns. Runs your code. Call it whenever a foreign loop wakes up for `pump::wake`.
  virtual void drain() = 0;
  /// True when `drain` would do something now.
  [[nodiscard]] virtual bool has_ready() const = 0;
  /// When the next timer is due or the next wait's deadline comes, if there is one: the latest
  /// moment to call `drain` again.
  [[nodiscard]] virtual std::optional<std::chrono::steady_clock::time_point> next_timer() const = 0;

 protected:
  ~pump_client() = default;
};

/// How the thread of an STA sleeps and is woken: the seam by which a foreign event loop can be the
/// pump of an STA. One pump serves one thread.
///
/// The STA's thread calls `wait` when it has nothing to do and must wait for a reply, or runs its
/// own loop. If the thread instead sits in the foreign loop, `wake` must make that loop call
/// `pump_client::drain` on the owner thread.
class pump {
 public:
  virtual ~pump() = default;

  /// Called once, on the owner thread, before anything else; `client` outlives the pump's use, and
  /// must not be used before this has returned. May throw: then there is no apartment.
  virtual void attach(pump_client& client) = 0;
  /// The owner thread leaves: nothing is called after this returns. Owner thread.
  virtual void detach() noexcept = 0;

  /// Sleeps until `wake` was called since the last return, or `until` has come (no value: no
  /// limit). Returning early is fine. May run foreign events meanwhile. Owner thread: in the
  /// STA that it entered, or that is the only one it hosts; else in no apartment.
  virtual void wait(std::optional<std::chrono::steady_clock::time_point> until) = 0;

  /// Makes a `wait` that runs now, or the next one, return; a foreign loop schedules a `drain`.
  /// From: any thread, also while `wait` runs. Waits: never. Must not call back.
  virtual void wake() noexcept = 0;
};

/// The pump that an STA has when it is given none: sleeps on a futex.
[[nodiscard]] std::unique_ptr<pump> make_default_pump();

}  // namespace insula
