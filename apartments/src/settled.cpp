// SPDX-License-Identifier: MIT
#include <insula/apartments/settled.hpp>

#include "apartment_core.hpp"
#include "fork_watch.hpp"
#include "logical_thread.hpp"
#include "port.hpp"
#include "resumption.hpp"
#include "wait_state.hpp"

#include <insula/core/test_gate.hpp>
#include <insula/core/thread_safety.hpp>

#include <atomic>
#include <memory>
#include <utility>

namespace insula {
namespace {

/// Lets one waiting thread go on; lives on its stack, or on its way to its port.
struct waiting_thread final : work_item {
  explicit waiting_thread(port& waits_at) : home(waits_at) {
    kind = work_class::reply;
    run = [](work_item* item) noexcept {
      auto& mine = *static_cast<waiting_thread*>(item);
      --mine.home.owed;
      mine.wait.resolve();
    };
    drop = run;
  }
  port& home;
  wait_state wait;
  waiting_thread* before = nullptr;  // in the list of those that wait
  waiting_thread* after = nullptr;
};

/// Those that wait, the first first. Any of them leaves when its deadline has come; thousands may
/// wait for one thing, so nobody looks for it. The elements are the list.
class waiting_threads {
 public:
  void add(waiting_thread& thread) noexcept {
    thread.before = last_;
    (last_ != nullptr ? last_->after : first_) = &thread;
    last_ = &thread;
  }
  void remove(waiting_thread& thread) noexcept {
    (thread.before != nullptr ? thread.before->after : first_) = thread.after;
    (thread.after != nullptr ? thread.after->before : last_) = thread.before;
  }
  /// Sends all on their way home, where they go as soon as they arrive.
  void send_home() noexcept {
    for (waiting_thread* thread = first_; thread != nullptr;) {
      waiting_thread* const next = thread->after;
      (void)thread->home.push(thread);
      thread = next;
    }
  }

 private:
  waiting_thread* first_ = nullptr;
  waiting_thread* last_ = nullptr;
};

}  // namespace

struct settled::state {
  mutex guard;
  std::atomic<bool> happened{false};  // atomic: written under guard
  waiting_threads threads INSULA_GUARDED_BY(guard);
  std::coroutine_handle<> coroutine INSULA_GUARDED_BY(guard);
  bool* refused INSULA_GUARDED_BY(guard) = nullptr;
  std::unique_ptr<resumption> where INSULA_GUARDED_BY(guard);
};

settled::settled() : state_(std::make_shared<state>()) {}
settled::~settled() = default;

bool settled::is_settled() const noexcept {
  return state_->happened.load(std::memory_order_acquire);
}

void settled::settle() noexcept {
  // Whoever sees that it has happened may destroy this object, also while the lock is still held.
  const std::shared_ptr<state> keeps = state_;
  waiting_threads threads;
  std::coroutine_handle<> coroutine;
  bool* refused = nullptr;
  std::unique_ptr<resumption> where;
  {
    const mutex_lock lock(keeps->guard);
    if (keeps->happened.load(std::memory_order_relaxed)) return;
    keeps->happened.store(true, std::memory_order_release);
    threads = std::exchange(keeps->threads, {});
    coroutine = std::exchange(keeps->coroutine, nullptr);
    refused = keeps->refused;
    where = std::move(keeps->where);
  }
  threads.send_home();
  if (!coroutine) return;
  const bool somewhere = where != nullptr;
  if (somewhere && !resumption::send(std::move(where))) return;
  *refused = somewhere;
  coroutine.resume();
}

bool settled::wait(std::optional<std::chrono::steady_clock::time_point> until) {
  if (is_settled()) return true;
  if (in_forked_child()) {
    (void)refuse_after_fork("a wait for a result");
    return false;
  }
  until = sooner(until, current_logical_thread().until);
  if (caller_gave_up()) return false;
  waiting_thread me(this_port());
  {
    const mutex_lock lock(state_->guard);
    if (state_->happened.load(std::memory_order_relaxed)) return true;
    state_->threads.add(me);
    ++me.home.owed;
  }
  if (wait_for(me.wait, until, nullptr, true)) return true;
  INSULA_TEST_GATE("settled.expired");
  {
    const mutex_lock lock(state_->guard);
    if (!state_->happened.load(std::memory_order_relaxed)) {
      state_->threads.remove(me);
      --me.home.owed;
      return false;
    }
  }
  // Settled at the last moment: the item is on its way here and must arrive before it goes.
  while (!wait_for(me.wait, std::nullopt, nullptr, true)) me.wait.expired = false;
  return true;
}

bool settled::resume_later(std::coroutine_handle<> waiter, bool* refused) {
  if (is_settled()) return false;
  apartment_core* const here = current_apartment();
  std::unique_ptr<resumption> where;
  if (here != nullptr) where = std::make_unique<resumption>(*here, waiter, refused);
  const mutex_lock lock(state_->guard);
  if (state_->happened.load(std::memory_order_relaxed)) return false;
  if (state_->coroutine)
    throw com_error(E_UNEXPECTED, "two coroutines await the same task: only one can. Let one await "
                                  "it and hand the result on.");
  state_->coroutine = waiter;
  state_->refused = refused;
  state_->where = std::move(where);
  return true;
}

void detail::throw_task_not_awaited() {
  const HRESULT code = wait_ended();
  current_logical_thread().fate = call_fate::unknown;
  if (code == RPC_E_CALL_CANCELED)
    throw com_error(code, "the apartment of code that waited for a task is closing and its grace "
                          "is over. Return from there.");
  throw com_error(code, "a task had not ended by the deadline of the code that waited for it. It "
                        "goes on, and may be waited for again.");
}

}  // namespace insula
