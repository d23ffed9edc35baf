// SPDX-License-Identifier: MIT
#pragma once

#include "inbox.hpp"

#include <chrono>
#include <memory>

namespace insula {

/// The threads that run the MTA's incoming work. Elastic: a thread that waits for another apartment
/// does not count, so however deep apartments call each other there is always one to go on; threads
/// that nobody needs end. Threads may also be blocked by means that the pool cannot see; while
/// nothing moves, it adds one, then two, then four.
///
/// When all threads wait for other apartments and no more can be had, what is queued is dropped
/// with RPC_E_OUT_OF_RESOURCES: it may be what they wait for.
///
/// Work goes hand to hand: an idle worker stands in a lock-free stack and is given the item
/// directly. Only what finds nobody idle is queued.
class mta_pool {
 public:
  /// A worker without work ends after `patience`.
  explicit mta_pool(std::chrono::nanoseconds patience = std::chrono::seconds(10));
  /// Stops the workers, if `close` did not, and waits for them to end.
  ~mta_pool();
  mta_pool(const mta_pool&) = delete;
  mta_pool& operator=(const mta_pool&) = delete;

  /// Counts an item that comes now or later, with submit_reserved, so that `close` waits for it.
  /// False: refused. From: any thread.
  bool reserve();
  /// Undoes `reserve`: no item comes.
  void give_back_reserved() noexcept;
  /// Runs `item` on a worker, or drops it with RPC_E_OUT_OF_RESOURCES when the pool has no thread
  /// and the system gives none. `must_wake`: the worker was asleep, or there was none idle.
  /// From: any thread.
  inbox::push_result submit_reserved(work_item* item);

  /// Refuses work from now on and waits, as the calling thread waits, until what was accepted has
  /// run; then ends the workers. False: it has not within `grace`, and the workers are left alone;
  /// they end when the code they are stuck in returns.
  bool close(std::chrono::nanoseconds grace);

  /// Threads that exist now. For tests.
  [[nodiscard]] std::size_t threads() const noexcept;

  /// How often threads were added because nothing had moved for a while. For tests.
  [[nodiscard]] std::size_t growth_steps() const noexcept;

  /// See set_mta_thread_limit.
  static void limit_threads(std::size_t most) noexcept;
  [[nodiscard]] static std::size_t thread_limit() noexcept;

  /// True on a thread of a pool.
  [[nodiscard]] static bool on_worker() noexcept;

  /// While it lives, the calling thread, if it is a worker, waits and needs a stand-in.
  class blocked_scope {
   public:
    blocked_scope() noexcept;
    ~blocked_scope();
    blocked_scope(const blocked_scope&) = delete;
    blocked_scope& operator=(const blocked_scope&) = delete;

   private:
    struct mta_pool_state* const pool_;
  };

 private:
  void leave_alone() noexcept;

  const std::shared_ptr<struct mta_pool_state> state_;  // fixed; shared with the workers
  bool left_alone_ = false;                             // whoever closes
};

}  // namespace insula
