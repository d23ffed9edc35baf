// SPDX-License-Identifier: MIT
#pragma once

#include "futex.hpp"
#include "inbox.hpp"
#include "spin_budget.hpp"

#include <insula/apartments/pump.hpp>
#include <insula/core/test_gate.hpp>
#include <insula/core/thread_safety.hpp>

#include <atomic>
#include <memory>

namespace insula {

/// Where a thread is reached: its inbox and the way to wake it. One per thread that waits for
/// replies or serves an STA.
///
/// Ports are never destroyed, only handed to the next thread: a thread that just pushed may still
/// be about to wake the receiver when the receiver has seen the item, finished and gone. The late
/// wake then reaches some other thread, for which a wake without cause is harmless.
class port {
 public:
  /// A port of the calling thread's own.
  static port* acquire();
  /// Owner: refuses everything from now on and drops what is inside.
  void close() noexcept;
  /// Leaves a closed port to the next thread, at once or when the last reply that is owed to it has
  /// come, so that none reaches a stranger.
  static void give_back(port* closed) noexcept;
  /// A reply that was owed found the port closed. From: who pushed it, who does not touch the port
  /// again.
  void owed_reply_refused() noexcept;
  /// Ports that exist, in use or not. For tests.
  [[nodiscard]] static std::size_t count() noexcept;

  /// Hands `item` to the owner and wakes it if it sleeps. An owner with a foreign pump may sleep
  /// where we cannot see it: it is told of each item that finds nothing before it.
  /// From: any thread.
  inbox::push_result push(work_item* item) noexcept {
    inbox::push_result pushed = inbox_.push(item);
    if (pushed == inbox::push_result::first)
      pushed = foreign() ? inbox::push_result::must_wake : inbox::push_result::queued;
    if (pushed == inbox::push_result::must_wake) {
      INSULA_TEST_GATE("port.wake");
      wake();
    }
    return pushed;
  }

  /// Wakes the owner if it sleeps in `idle`. From: any thread.
  void wake() noexcept;

  /// The CPU the owner was last seen on. Spinning for a thread on one's own CPU cannot pay.
  [[nodiscard]] int cpu() const noexcept { return cpu_.load(std::memory_order_relaxed); }

  /// Owner: notes the CPU it runs on and returns it.
  int note_cpu() noexcept;

  /// Owner: what arrived, oldest first.
  work_item* take_all() noexcept { return inbox_.take_all(); }
  [[nodiscard]] bool ready() const noexcept { return inbox_.ready(); }

  /// Owner: returns when something arrived, `until` has come, or for no reason. `look` says whether
  /// looking before sleeping can pay at all; `budget` learns for how long.
  void idle(std::optional<std::chrono::steady_clock::time_point> until, bool look,
            spin_budget& budget) noexcept;

  /// The two halves of `idle`, for an owner that sleeps in a foreign pump. `park` returns false
  /// when there is something to take. They nest.
  bool park(bool look, spin_budget& budget) noexcept;
  void unpark() noexcept;
  /// Owner, parked or with a foreign pump: sleeps until woken or `until`; may return for no reason.
  void doze(std::chrono::steady_clock::time_point until) noexcept { signal_.wait(until); }

  /// Owner, about to wait for a thread that was asleep and is being woken: mostly it does not pay
  /// to look meanwhile, and this returns at once. But two threads that have each just woken the
  /// other would sleep by turns for as long as they call each other; so it looks when the wait
  /// before was short (the other one fell asleep in steady traffic), and else every eighth time.
  void look_through_a_wake() noexcept;

  /// True when a foreign loop is the pump, and so must be told of work in the queues.
  /// From: any thread.
  [[nodiscard]] bool foreign() const noexcept {
    return has_foreign_.load(std::memory_order_relaxed);
  }
  /// Owner: `foreign` is woken too from now on. Null: not any more, and no wake of it is under way
  /// once this has returned.
  void use_pump(std::shared_ptr<pump> foreign);

  // In three groups of cache lines, so that what one side writes does not slow down the other:
  // the owner's alone; what producers write; what producers only read.

  /// Owner: replies that this port is still owed.
  int owed = 0;
  /// Owner: how long looking for a reply pays.
  spin_budget reply_budget;

 private:
  unsigned sleeps_ = 0;                  // owner
  unsigned waits_for_sleepers_ = 0;      // owner
  port* next_free_ = nullptr;            // guarded by the free list's mutex

  alignas(64) inbox inbox_;
  futex_signal signal_;

  alignas(64) std::atomic<int> cpu_{-1};  // atomic: a hint, ordered with nothing
  std::atomic<bool> has_foreign_{false};  // atomic: release after foreign_ was set
  // Atomic: replies owed to the closed port less those that came; below 0 while they come before
  // the owner has said how many it was owed. Whoever brings it to 0 hands the port on.
  std::atomic<int> unpaid_{0};
  mutex foreign_mutex_;
  std::shared_ptr<pump> foreign_ INSULA_GUARDED_BY(foreign_mutex_);
  friend struct free_ports;
};

}  // namespace insula
