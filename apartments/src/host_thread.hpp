// SPDX-License-Identifier: MIT
#pragma once

#include "application_queue.hpp"
#include "fiber.hpp"
#include "loop_frames.hpp"
#include "open_loops.hpp"
#include "overflow_watch.hpp"
#include "parked_waits.hpp"
#include "port.hpp"
#include "timer_queue.hpp"
#include "wait_state.hpp"

#include <insula/apartments/pump.hpp>
#include <insula/apartments/settled.hpp>
#include <insula/core/com_ptr.hpp>
#include <insula/core/function_ref.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace insula {

class apartment_core;
class sta_apartment;
struct call_chain;

/// A thread that serves STAs: one inbox, one pump, any number of apartments, each call on a fiber.
///
/// Leader and followers. Exactly one fiber runs; the code that looks for work is called the leader,
/// and any fiber can be it. A fiber that waits leads itself: it looks into the inbox, and if what
/// arrives is its reply it just goes on, so a call that waits for nobody else switches no fiber.
/// Only when work for somebody else arrives does it park, and another fiber leads: a run loop that
/// is parked if there is one, else one from the pool.
///
///   a fiber that ...       | finds its reply | finds a reply for another | finds work
///   -----------------------|-----------------|---------------------------|----------------------
///   waits for a reply      | goes on         | parks, that one runs      | parks, a leader runs it
///   runs a loop            | -               | parks, that one runs      | runs it itself
///   is from the pool       | -               | rests, that one runs      | runs it itself
///
/// With a foreign loop as the pump, work runs on fibers from the pool alone, and `pump::wait` is
/// called on the one stack that may: see host_pump.cpp.
///
/// Everything is the owner thread's, but for `port()`.
class host_thread final : public pump_client {
 public:
  host_thread(std::size_t stack_size, std::size_t fiber_limit);
  ~host_thread();
  host_thread(const host_thread&) = delete;
  host_thread& operator=(const host_thread&) = delete;

  /// Makes the calling thread this host's thread / ends that. Owner.
  void begin(std::shared_ptr<pump> foreign);
  void end() noexcept;

  /// Any thread.
  [[nodiscard]] insula::port& port() const noexcept { return *port_; }

  /// Waits for `wait` while pumping (classes 1 to 3 of apartments that wait, all of the others).
  bool wait(wait_state& wait, const deadline& until, const insula::port* other, bool look);

  /// Pumps on the calling fiber until `stop` says so. `looping`: the apartment whose code runs this
  /// loop, null for the thread's own: its application work runs here even while other code of it,
  /// which called this, waits.
  void run_until(function_ref<bool()> stop, sta_apartment* looping = nullptr);

  /// Runs what is ready and what that makes ready; `looping` as for run_until.
  void run_ready(sta_apartment* looping);

  // pump_client
  void drain(std::chrono::nanoseconds budget) override;
  [[nodiscard]] bool has_ready() const override;
  [[nodiscard]] std::optional<std::chrono::steady_clock::time_point> next_timer() const override;

  /// Moves what arrived from the inbox to the queues; replies end their waits.
  void sort_inbox();

  /// Work of the thread's own: no detour over the inbox.
  void enqueue(work_item* item) noexcept;

  /// Takes back every queued item of `target`.
  work_list extract(sta_apartment& target);

  /// An apartment stopped waiting: its application work and timers may run again.
  void release_deferred(sta_apartment& sta) noexcept;

  /// An STA of this thread has been made / has ended.
  void add_apartment(sta_apartment& made);
  void remove_apartment(sta_apartment& ended) noexcept;

  void make_ready(fiber* resumed) noexcept;
  /// Ends the parked waits of code inside `sta`, and of code that was called from there on the same
  /// stack, as if their deadlines had come. `waits`: what they waited for, for the log.
  void give_up_waits(const sta_apartment& sta, std::string* waits);
  /// True when code of `sta` waits, directly or not, for the code that is part of `chain`.
  [[nodiscard]] bool waits_on_chain(const sta_apartment& sta,
                                    const call_chain& chain) const noexcept;
  /// Lets every parked loop see for itself whether it is to stop.
  void wake_loops() noexcept;
  [[nodiscard]] bool enough_stack() const noexcept;
  /// Owner, a signal handler too.
  [[nodiscard]] stack_bounds running_stack() const noexcept { return running_->stack(); }

  /// Settled when the thread has ended, or code inside an apartment that closes does not return.
  settled ended_or_left;

  // With a foreign loop as the pump (host_pump.cpp).
  [[nodiscard]] bool has_foreign_loop() const noexcept { return pump_ != nullptr; }
  /// Sees which loops of its own the foreign loop has opened or closed on the running stack.
  void note_loops() noexcept;
  /// Tells the foreign loop of a quit that no run loop of `sta` waits for.
  void offer_quit(sta_apartment& sta) noexcept;
  /// Ends the foreign loops that code inside `sta` has opened.
  void quit_foreign_loops(const sta_apartment& sta) noexcept;
  /// The foreign loop may have to wake earlier than it thinks.
  void timer_was_set() noexcept {
    if (pump_) port_->wake();
  }

  timer_queue timers;
  /// Those that are open: a handle that is dropped does not close an apartment.
  std::vector<com_ptr<sta_apartment>> apartments;

 private:
  static fiber* fiber_body(void* self);
  bool run_one(sta_apartment* looping);
  bool run_due_timer(const sta_apartment* looping);
  bool run_application_item();
  void drop_left_over() noexcept;
  void switch_to(fiber& next);
  fiber& take_leader();
  fiber* find_leader() noexcept;
  bool refuse_calls() noexcept;
  fiber* take_ready();
  void park(wait_state& wait, const deadline& until, fiber& next);
  void idle(deadline until, const sta_apartment* looping, bool look, spin_budget& budget);
  void idle_as_leader(const sta_apartment* looping);
  void expire_waits() noexcept;
  void expire(const parked_wait& parked) noexcept;
  void give_up_code_above(const sta_apartment& sta, std::string* waits);
  bool has_runnable(sta_apartment* looping) noexcept;

  // host_pump.cpp
  struct foreign_loop;
  struct pumped_loop;
  bool wait_with_pump(wait_state& wait, const deadline& until, bool look);
  void run_with_pump(function_ref<bool()> stop, sta_apartment* looping);
  void work_for_pump(fiber& mine);
  bool give_way();
  void let_loop_run(deadline until, bool look, spin_budget& budget);
  void call_pump(const deadline& until);
  void log_pump_threw(const char* what) const noexcept;
  void begin_turn(std::chrono::nanoseconds budget) noexcept;
  [[nodiscard]] bool turn_is_over() const noexcept;
  [[nodiscard]] fiber* turn_holder() const noexcept;
  void loops_opened_here(int first_depth, int last_depth) noexcept;
  void loops_closed_down_to(int depth) noexcept;
  void forget_loops_on(fiber& finished) noexcept;
  [[nodiscard]] bool has_ready_fiber() const noexcept;
  fiber* take_ready_fiber() noexcept;
  void take_from_ready(fiber& one) noexcept;
  fiber* loop_that_must_look() const noexcept;
  fiber* find_worker() noexcept;

  insula::port* port_;             // fixed
  insula::port* former_replies_ = nullptr;
  const std::size_t stack_size_;   // fixed
  const std::size_t fiber_limit_;  // fixed
  std::optional<overflow_watch> overflows_;
  std::unique_ptr<fiber> base_;
  logical_thread* base_logical_ = nullptr;
  fiber* running_ = nullptr;
  std::vector<std::unique_ptr<fiber>> pool_;  // all fibers but the base
  fiber* resting_ = nullptr;                  // pool fibers with nothing to do
  struct parked_loop {
    fiber* where;
    sta_apartment* looping;
  };
  std::vector<parked_loop> loops_;            // parked inside run_until, innermost last
  fiber* ready_ = nullptr;                    // fibers whose wait is over; first in, first out
  fiber* last_ready_ = nullptr;
  indexed_heap<parked_wait> timed_waits_;  // parked, with a deadline; room for each fiber
  work_list replies_;                         // empty but while sort_inbox runs
  work_list sends_;
  work_list work_;                            // calls and system work, in order
  application_queue application_;
  bool timer_was_last_ = false;  // of class 4: timers and posted work take turns
  bool ending_ = false;
  bool told_of_no_stack_ = false;
  int last_peer_cpu_ = -1;
  spin_budget work_budget_;

  std::shared_ptr<pump> pump_;  // the foreign loop, if there is one
  loop_frames frames_;
  int known_depth_ = 0;                    // of the foreign loop's loops, when we last looked
  foreign_loop* foreign_loops_ = nullptr;  // those that run inside an STA, newest first
  pumped_loop* pumped_loops_ = nullptr;    // run_until, newest first
  bool errand_ = false;                    // the pool fiber switched to is to run one piece of work
  unsigned progress_ = 0;    // goes on with each piece of work and each turn of the foreign loop
  unsigned turn_began_ = 0;  // progress_ then
  std::chrono::steady_clock::time_point turn_ends_{};
  bool quit_refused_ = false;      // by the foreign loop: to be offered again
  unsigned pump_failures_ = 0;     // pump::wait threw so many times in a row
};

}  // namespace insula
