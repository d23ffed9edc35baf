// SPDX-License-Identifier: MIT
//
// The seam by which a foreign event loop (of a GUI, of a network library, poll) is the pump of an
// STA's thread. All of an adapter:
//
//     class loop_pump final : public insula::pump {
//      public:
//       void attach(insula::pump_client& client) override { client_ = &client; }
//       void detach() noexcept override { client_ = nullptr; }
//       void wait(std::optional<time_point> until) override { one_turn(until); }
//       void wake() noexcept override { end_the_sleep(); }           // from any thread
//       int loop_depth() const noexcept override { return depth_; }
//       bool quit(int) noexcept override { return depth_ != 0 && (quit_ = true); }
//
//       void run() {                   // the program's loop, and each loop that an event opens
//         ++depth_;                    // with --depth_ at the end, also when an event throws
//         for (client_->drain(); !quit_; client_->drain()) one_turn(client_->next_timer());
//         quit_ = false;
//       }
//     };
//
// where one_turn sleeps until there is an event, until `wake` was called or until the time has
// come, runs the events that are there, and returns. tests/apartments/thirty_lines.hpp is one, over
// poll. A loop that cannot be told to call `drain` at each turn makes `wake` post an event to
// itself which calls it (and does nothing after `detach`), and a timer of its own for `next_timer`,
// set anew after each `drain`.
//
// Who runs where:
//
//   events                       on the loop's stack. Those that `wait` runs: in the STA that the
//                                thread has entered (sta_lease), or in the only one that it hosts;
//                                with several, in none: `apartment::invoke` leads into one, at once
//   calls, posted work, timers   on stacks of the library, in their apartment; never on the loop's.
//                                So they may wait, and end in any order, whatever the loop does
//   the loop itself              on the thread's own stack; `wait` is called there. When a call or
//                                posted work opens a loop (a dialog), that loop runs on the stack
//                                of this work; while it is the innermost, `wait` is called there
//
// Order. The loop's loops and turns end last in, first out, as it must be: what waits on a stack on
// which the loop has frames goes on when no other stack has newer ones. So of two events that wait,
// the one that began later ends first, if it was run by the `wait` of the other; all else that
// waits goes on as soon as its answer is there.
#pragma once

#include <chrono>
#include <memory>
#include <optional>

namespace insula {

/// How long `drain` works before the loop gets its turn.
inline constexpr std::chrono::milliseconds default_drain_budget{5};

/// What an STA's thread looks like to its pump: the other half of the seam.
/// All functions: owner thread only.
class pump_client {
 public:
  /// Runs what is ready now and what that makes ready, for as long as `budget` allows, but one
  /// piece at the least; returns when nothing is left that can go on. If something is, `wake` has
  /// been called, so that the loop comes back after a turn. Runs your code, on other stacks.
  /// Call it after each `wake`, or at each turn of the loop. It may be called from inside `wait`
  /// (it then leaves application work alone, as a wait does), and from every loop that runs inside
  /// another one. Throws nothing.
  virtual void drain(std::chrono::nanoseconds budget = default_drain_budget) = 0;
  /// True when `drain` would do something now.
  [[nodiscard]] virtual bool has_ready() const = 0;
  /// When the next timer is due or the next wait's deadline comes, if there is one: the latest
  /// moment to call `drain` again. Changes with each `drain`, and then `wake` is called for what
  /// changed it in between.
  [[nodiscard]] virtual std::optional<std::chrono::steady_clock::time_point> next_timer() const = 0;

 protected:
  ~pump_client() = default;
};

/// How the thread of an STA sleeps and is woken. One pump serves one thread.
///
/// The library calls `wait` when nothing on the thread can go on: code waits for a reply, or runs
/// the library's own loop. If the thread instead sits in the foreign loop, `wake` must make that
/// loop call `pump_client::drain`.
class pump {
 public:
  virtual ~pump() = default;

  /// Called once, on the owner thread, before anything else; `client` outlives the pump's use, and
  /// must not be used before this has returned. May throw: then there is no apartment.
  virtual void attach(pump_client& client) = 0;
  /// The owner thread leaves: nothing is called after this returns, and no `wake` runs meanwhile.
  /// Owner thread.
  virtual void detach() noexcept = 0;

  /// One turn of the loop: sleeps until there is an event, `wake` was called since the last return,
  /// or `until` has come (no value: no limit); runs the events that are there; returns. Returning
  /// early is fine. With an `until` that has passed it does not sleep. Owner thread.
  /// Events may do whatever code of an STA may: call, wait, run loops of either kind (then this is
  /// called again, on top of itself), quit, post. What comes out of it as an exception goes to the
  /// log, and the thread goes on waiting; a pump that throws again and again is called less often.
  virtual void wait(std::optional<std::chrono::steady_clock::time_point> until) = 0;

  /// Makes a `wait` that runs now, or the next one, return; a foreign loop schedules a `drain`.
  /// From: any thread, one at a time, also while `wait` runs. Waits: never. Must not call back.
  virtual void wake() noexcept = 0;

  /// How many of the loop's own loops run on the thread now, one opened inside the other; `wait` is
  /// none. Qt has it as QThread::loopLevel, GLib as g_main_depth less the calls of `wait` that are
  /// under way. With it the library knows that an event, or a call, has opened a loop: that one
  /// runs application work and timers, although what opened it, or beneath it, still waits. Without
  /// it such a loop must call `drain` before it runs its first event, and if it was opened by an
  /// event that `wait` runs, application work stays queued while it runs.
  /// Owner thread. Must not call back.
  [[nodiscard]] virtual int loop_depth() const noexcept { return 0; }

  /// An apartment of the thread was told to quit (apartment::quit), what was posted before has run,
  /// and no sta_lease::run of that apartment runs. True: a loop of the pump's ends for it.
  /// False: none runs; this is offered again with the next `drain`, and sta_lease::run takes it.
  /// Also called, with 0, when an apartment closes while a loop runs that its code has opened.
  /// Owner thread, on any of its stacks. Must not call back.
  virtual bool quit(int code) noexcept {
    (void)code;
    return false;
  }
};

/// The pump that an STA has when it is given none: sleeps on a futex.
[[nodiscard]] std::unique_ptr<pump> make_default_pump();

}  // namespace insula
