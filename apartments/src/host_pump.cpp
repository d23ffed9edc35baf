// SPDX-License-Identifier: MIT
//
// A host thread whose pump is a foreign loop. The two must not get in each other's way:
//
// - Work runs on fibers of the pool, never on the stack that the loop is on. So work that waits
//   leaves the loop's stack free, and pieces of work end in any order.
// - The loop's own frames end last in, first out, whatever we do (loop_frames.hpp).
//
// So there is one fiber that holds the foreign loop's turn: the one with the loop's innermost
// frame, at first the thread's own stack. Whoever finds nothing to do switches to it, and it goes
// back into the loop: from `drain` by returning, from a wait or a run loop by calling `pump::wait`.
#include "host_thread.hpp"

#include "sta_apartment.hpp"

#include <insula/apartments/from_now.hpp>
#include <insula/core/sentence.hpp>

#include <cxxabi.h>

#include <algorithm>
#include <exception>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <utility>

namespace insula {

/// A loop of the foreign kind that code inside an STA has opened.
struct host_thread::foreign_loop {
  com_ptr<sta_apartment> inside;
  open_loops::loop open;
  const fiber* where;
  int depth;  // the loop's place among all; 0: not known, it ends with the work that opened it
  foreign_loop* before;
};

/// A run_until: looks whether to stop after each piece of work.
struct host_thread::pumped_loop {
  explicit pumped_loop(host_thread& on)
      : host(on), where(on.running_), before(std::exchange(on.pumped_loops_, this)) {}
  ~pumped_loop() {
    pumped_loop** link = &host.pumped_loops_;
    while (*link != this) link = &(*link)->before;
    *link = before;
  }
  pumped_loop(const pumped_loop&) = delete;
  pumped_loop& operator=(const pumped_loop&) = delete;

  host_thread& host;
  fiber* const where;
  pumped_loop* before;
  unsigned seen = 0;  // progress_ when it looked last
  bool gives_way = false;  // else its fiber is elsewhere, further in
};

namespace {

/// The STA whose code runs, also beneath the neutral apartment.
sta_apartment* running_sta() noexcept {
  apartment_core* const here = thread_apartment();
  return here != nullptr && here->kind() == apartment_kind::sta
             ? static_cast<sta_apartment*>(here)
             : nullptr;
}

apartment_core* place_of_events(const host_thread& host) noexcept {
  if (this_thread().home != nullptr) return this_thread().home;
  return host.apartments.size() == 1 ? host.apartments.front().get() : nullptr;
}

/// What a foreign loop runs is not part of what happens to wait on its stack.
class events_scope {
 public:
  explicit events_scope(const host_thread& host) {
    if (apartment_core* const place = place_of_events(host)) {
      inside_.emplace(*place, GUID{}, nullptr);
    } else {
      outside_.emplace(running_);
      running_.apartment = nullptr;
      running_.beneath = nullptr;
      running_.causality = {};
      running_.serving = nullptr;
      running_.line = nullptr;
      running_.link = 0;
      running_.waited_for = false;
      running_.until = std::nullopt;
      running_.in_send = false;
    }
  }
  ~events_scope() {
    if (outside_) outside_->put_back(running_);
  }
  events_scope(const events_scope&) = delete;
  events_scope& operator=(const events_scope&) = delete;

 private:
  /// What code in no apartment does not have; what it does not change stays.
  struct left_behind {
    explicit left_behind(logical_thread& running)
        : apartment(running.apartment),
          beneath(running.beneath),
          causality(running.causality),
          serving(running.serving),
          line(running.line),
          link(running.link),
          waited_for(running.waited_for),
          until(running.until),
          in_send(running.in_send),
          errors(std::exchange(running.errors, {})) {}
    void put_back(logical_thread& running) {
      running.apartment = apartment;
      running.beneath = beneath;
      running.causality = causality;
      running.serving = serving;
      running.line = line;
      running.link = link;
      running.waited_for = waited_for;
      running.until = until;
      running.in_send = in_send;
      running.errors = std::move(errors);
    }

    apartment_core* apartment;
    apartment_core* beneath;
    GUID causality;
    call* serving;
    call_line* line;
    std::uint16_t link;
    bool waited_for;
    deadline until;
    bool in_send;
    error_info_slot errors;
  };

  logical_thread& running_ = current_logical_thread();
  std::optional<apartment_scope> inside_;
  std::optional<left_behind> outside_;
};

/// A wait of code of an STA: in the apartment's list for as long as it lasts, as its fiber may not
/// be parked but have called pump::wait.
struct listed_wait {
  listed_wait(wait_state& wait, const deadline& until)
      : parked{&wait, running_sta(), until, &current_logical_thread()},
        beneath(std::exchange(parked.running->parked, &parked)) {
    if (parked.inside != nullptr) parked.inside->parked.add(parked);
  }
  ~listed_wait() {
    parked.running->parked = beneath;
    if (parked.inside != nullptr) parked.inside->parked.remove(parked);
  }
  listed_wait(const listed_wait&) = delete;
  listed_wait& operator=(const listed_wait&) = delete;

  parked_wait parked;
  const parked_wait* const beneath;  // of code on whose wait this one runs
};

/// A library loop that runs inside an STA, if it does.
class loop_inside {
 public:
  explicit loop_inside(sta_apartment* sta) : sta_(sta) {
    if (sta_) sta_->loop_opened(open_);
  }
  ~loop_inside() {
    if (sta_) sta_->loop_closed(open_);
  }
  loop_inside(const loop_inside&) = delete;
  loop_inside& operator=(const loop_inside&) = delete;

 private:
  const com_ptr<sta_apartment> sta_;
  open_loops::loop open_;
};

}  // namespace

// ---- Waiting and running -----------------------------------------------------------------------

bool host_thread::wait_with_pump(wait_state& wait, const deadline& until, bool look) {
  listed_wait here(wait, until);
  wait.host = this;
  while (true) {
    sort_inbox();
    if (wait.done) break;
    if (wait.expired || (until && std::chrono::steady_clock::now() >= *until)) {
      wait.expired = true;
      break;
    }
    wait.parked = running_;
    if (until) timed_waits_.put(here.parked);
    expire_waits();
    const bool others_ran = give_way();
    wait.parked = nullptr;
    timed_waits_.take_out(here.parked);
    take_from_ready(*running_);
    if (!others_ran) let_loop_run(until, look, port_->reply_budget);
  }
  // A turn of the loop beneath, on this stack: what it was to be woken for may have come meanwhile.
  if (running_->frames.waits != 0) port_->wake();
  return wait.done;
}

void host_thread::run_with_pump(function_ref<bool()> stop, sta_apartment* looping) {
  note_loops();
  const loop_inside open(looping);
  pumped_loop mine(*this);
  while (true) {
    sort_inbox();
    expire_waits();
    if (!has_ready_fiber() && stop()) break;
    mine.seen = progress_;
    mine.gives_way = true;
    const bool others_ran = give_way();
    mine.gives_way = false;
    if (!others_ran)
      let_loop_run(std::nullopt, look_pays(last_peer_cpu_, port_->note_cpu()),
                   work_budget_);
  }
  if (running_->frames.waits != 0) port_->wake();
}

void host_thread::drain(std::chrono::nanoseconds budget) {
  note_loops();
  if (!loop_frames::any_on(*running_)) {
    // A loop that does not count its loops, here all the same.
    frames_.opened(*running_, 1);
    if (running_ != base_.get()) loops_opened_here(0, 0);
  }
  if (std::exchange(quit_refused_, false))
    for (const auto& open : apartments) offer_quit(*open);
  begin_turn(budget);
  do {
    sort_inbox();
    expire_waits();
  } while (give_way());
  const bool worked = progress_ != turn_began_;
  begin_turn(default_drain_budget);
  if (has_ready() || (worked && running_->frames.waits != 0)) port_->wake();
}

// A fiber of the pool: rests, and is switched to for one piece of work at a time.
void host_thread::work_for_pump(fiber& mine) {
  while (!ending_) {
    if (std::exchange(errand_, false)) {
      (void)run_one(nullptr);
      ++progress_;
      forget_loops_on(mine);
    }
    sort_inbox();
    expire_waits();
    mine.next = std::exchange(resting_, &mine);
    (void)give_way();
  }
}

// The running fiber has nothing to do itself. True: others ran, look again; false: nobody has
// anything to do, or the foreign loop has waited long enough, and the turn it gets is for the
// running fiber to give.
bool host_thread::give_way() {
  note_loops();
  fiber* next = nullptr;
  if (!turn_is_over()) {
    next = take_ready_fiber();
    if (next == nullptr) next = loop_that_must_look();
    if (next == nullptr && has_runnable(nullptr)) {
      next = find_worker();
      errand_ = next != nullptr;
      if (next == nullptr && enough_stack()) {
        (void)run_one(nullptr);
        ++progress_;
        return true;
      }
      if (next == nullptr && refuse_calls()) return true;
    }
  }
  if (next == nullptr) {
    next = turn_holder();
    if (next == running_) return false;
    take_from_ready(*next);
  }
  if (next != running_) switch_to(*next);
  return true;
}

fiber* host_thread::find_worker() noexcept {
  if (resting_ != nullptr) return std::exchange(resting_, resting_->next);
  return find_leader();
}

fiber* host_thread::loop_that_must_look() const noexcept {
  for (const pumped_loop* loop = pumped_loops_; loop != nullptr; loop = loop->before)
    if (loop->gives_way && loop->seen != progress_ && frames_.may_run(*loop->where))
      return loop->where;
  return nullptr;
}

// ---- Fibers whose wait is over -----------------------------------------------------------------

bool host_thread::has_ready_fiber() const noexcept {
  for (const fiber* one = ready_; one != nullptr; one = one->next)
    if (frames_.may_run(*one)) return true;
  return false;
}

fiber* host_thread::take_ready_fiber() noexcept {
  for (fiber* one = ready_; one != nullptr; one = one->next) {
    if (!frames_.may_run(*one)) continue;
    take_from_ready(*one);
    ++progress_;
    return one;
  }
  return nullptr;
}

void host_thread::take_from_ready(fiber& one) noexcept {
  if (!one.is_ready) return;
  one.is_ready = false;
  if (ready_ == &one) {
    ready_ = one.next;
    return;
  }
  fiber* before = ready_;
  while (before->next != &one) before = before->next;
  before->next = one.next;
  if (last_ready_ == &one) last_ready_ = before;
}

// ---- The foreign loop's turn -------------------------------------------------------------------

fiber* host_thread::turn_holder() const noexcept {
  return frames_.innermost() != nullptr ? frames_.innermost() : base_.get();
}

void host_thread::begin_turn(std::chrono::nanoseconds budget) noexcept {
  turn_began_ = ++progress_;
  turn_ends_ = from_now(budget);
}

bool host_thread::turn_is_over() const noexcept {
  return progress_ != turn_began_ && std::chrono::steady_clock::now() >= turn_ends_;
}

void host_thread::let_loop_run(deadline until, bool look, spin_budget& budget) {
  {
    const loop_frames::wait_scope frame(frames_, *running_);
    const events_scope events(*this);
    if (turn_is_over()) {
      call_pump(std::chrono::steady_clock::now());
    } else if (port_->park(look, budget)) {
      if (const deadline next = next_timer()) until = until ? std::min(*until, *next) : next;
      call_pump(until);
      port_->unpark();
    }
  }
  port_->note_cpu();
  begin_turn(default_drain_budget);
}

void host_thread::call_pump(const deadline& until) {
  constexpr unsigned in_a_row = 4;
  try {
    pump_->wait(until);
    pump_failures_ = 0;
    return;
  } catch (abi::__forced_unwind&) {
    throw;
  } catch (const std::exception& thrown) {
    log_pump_threw(thrown.what());
  } catch (...) {
    log_pump_threw("something that is no exception");
  }
  // One that always throws, as it cannot sleep any more, must not keep the thread busy.
  if (++pump_failures_ <= in_a_row) return;
  const unsigned doublings = std::min(pump_failures_ - in_a_row, 10U);
  const auto retry = from_now(std::chrono::milliseconds{1U << doublings});
  port_->doze(until ? std::min(*until, retry) : retry);
}

void host_thread::log_pump_threw(const char* what) const noexcept {
  log_sentence(log_level::error, [&] {
    const apartment_core* const place = apartments.empty() ? nullptr : apartments.front().get();
    return (place != nullptr ? place->description() : std::string("a thread that serves STAs")) +
           ": the event loop that is its pump let an exception out of `wait`: " + what +
           ". The code that waits goes on waiting. Catch what an event throws in the event.";
  });
}

// ---- The foreign loop's loops ------------------------------------------------------------------

void host_thread::note_loops() noexcept {
  const int depth = std::max(0, pump_->loop_depth());
  if (depth == known_depth_) return;
  if (depth < known_depth_) {
    loops_closed_down_to(depth);
    frames_.closed(known_depth_ - depth);
  } else {
    loops_opened_here(known_depth_ + 1, depth);
    frames_.opened(*running_, depth - known_depth_);
  }
  known_depth_ = depth;
}

// Without memory for the record, the apartment's application work waits while such a loop runs.
void host_thread::loops_opened_here(int first_depth, int last_depth) noexcept {
  sta_apartment* const inside = running_sta();
  if (inside == nullptr) return;
  for (int depth = first_depth; depth <= last_depth; ++depth) {
    auto* const made = new (std::nothrow) foreign_loop{
        com_ptr<sta_apartment>(inside), {}, running_, depth, foreign_loops_};
    if (made == nullptr) return;
    foreign_loops_ = made;
    inside->loop_opened(made->open);
  }
}

// -1: all.
void host_thread::loops_closed_down_to(int depth) noexcept {
  for (foreign_loop** link = &foreign_loops_; *link != nullptr;) {
    const bool over = depth < 0 || (*link)->depth > depth;
    if (!over) {
      link = &(*link)->before;
      continue;
    }
    const std::unique_ptr<foreign_loop> closed(std::exchange(*link, (*link)->before));
    closed->inside->loop_closed(closed->open);
  }
}

void host_thread::forget_loops_on(fiber& finished) noexcept {
  note_loops();
  if (!loop_frames::any_on(finished)) return;
  for (foreign_loop** link = &foreign_loops_; *link != nullptr;) {
    if ((*link)->where != &finished) {
      link = &(*link)->before;
      continue;
    }
    const std::unique_ptr<foreign_loop> closed(std::exchange(*link, (*link)->before));
    closed->inside->loop_closed(closed->open);
  }
  frames_.forget(finished);
}

// ---- Quit --------------------------------------------------------------------------------------

void host_thread::offer_quit(sta_apartment& sta) noexcept {
  if (!pump_ || !sta.quit_posted || sta.running != 0) return;
  if (pump_->quit(sta.quit_code)) {
    sta.quit_posted = false;
  } else {
    quit_refused_ = true;
  }
}

void host_thread::quit_foreign_loops(const sta_apartment& sta) noexcept {
  for (const foreign_loop* loop = foreign_loops_; loop != nullptr; loop = loop->before) {
    if (loop->inside.get() != &sta) continue;
    (void)pump_->quit(0);
    return;
  }
}

}  // namespace insula
