// SPDX-License-Identifier: MIT
#include "host_thread.hpp"

#include "call.hpp"
#include "call_chain.hpp"
#include "sta_apartment.hpp"

#include <insula/apartments/from_now.hpp>
#include <insula/core/log.hpp>

#include <algorithm>
#include <utility>

namespace insula {
namespace {

sta_apartment* sta_of(apartment_core* apartment) noexcept {
  return apartment != nullptr && apartment->kind() == apartment_kind::sta
             ? static_cast<sta_apartment*>(apartment)
             : nullptr;
}

/// Says which apartments' application work may run: of those that wait for nobody, and of the one
/// whose own loop is being run.
struct may_run_application_work {
  const sta_apartment* looping;
  bool operator()(const sta_apartment& sta) const noexcept {
    return !sta.waits() || &sta == looping;
  }
};

// Asks for the cache lines of a call (call.hpp) that its caller wrote, all at once. Harmless for
// what is no call.
void fetch_ahead(const work_item* item) noexcept {
  constexpr std::size_t line = 64;
  constexpr std::size_t request = 2 * line;
  constexpr std::size_t reply = request + sizeof(message_buffer);
  const auto* const bytes = reinterpret_cast<const std::byte*>(item);
  __builtin_prefetch(bytes);
  __builtin_prefetch(bytes + line);
  __builtin_prefetch(bytes + request);
  __builtin_prefetch(bytes + reply, 1);
}

// Whole pages, room for one call at the least (enough_stack), and no overflow with a guard added.
std::size_t usable_stack_size(std::size_t asked) noexcept {
  if (asked == 0) asked = default_stack_size();
  constexpr std::size_t unit = std::size_t{64} * 1024;
  return std::clamp(asked, 4 * unit, std::size_t{1} << 47) / unit * unit;
}

}  // namespace

host_thread::host_thread(std::size_t stack_size, std::size_t fiber_limit)
    : port_(nullptr), stack_size_(usable_stack_size(stack_size)), fiber_limit_(fiber_limit) {
  // Loops nest this deep before one that stands aside needs memory for it.
  loops_.reserve(16);
  port_ = port::acquire();
}

host_thread::~host_thread() { port::give_back(port_); }

void host_thread::begin(std::shared_ptr<pump> foreign) {
  thread_state& thread = this_thread();
  base_logical_ = &current_logical_thread();
  timed_waits_.make_room();  // for what the base fiber waits for
  auto base = fiber::adopt_thread();
  if (foreign) foreign->attach(*this);  // what it throws leaves the thread as it was
  base_ = std::move(base);
  running_ = base_.get();
  overflows_.emplace();
  thread.host = this;
  // A port that the thread waited with before is its own again in the end.
  former_replies_ = std::exchange(thread.replies, port_);
  port_->note_cpu();
  if (!foreign) return;
  port_->use_pump(foreign);
  pump_ = std::move(foreign);
}

void host_thread::end() noexcept {
  ending_ = true;
  while (resting_ != nullptr) switch_to(take_leader());
  pool_.clear();
  if (const auto foreign = std::exchange(pump_, nullptr)) {
    loops_closed_down_to(-1);
    port_->use_pump(nullptr);
    foreign->detach();
  }
  port_->close();
  drop_left_over();
  this_thread().host = nullptr;
  overflows_.reset();
  this_thread().replies = former_replies_;
}

// ---- Waiting -----------------------------------------------------------------------------------

void wait_state::resolve() noexcept {
  done = true;
  if (parked != nullptr) host->make_ready(std::exchange(parked, nullptr));
}

bool host_thread::wait(wait_state& wait, const deadline& until, const insula::port* other,
                       bool look) {
  const waiting_scope waiting(thread_apartment());
  port_->note_cpu();
  const bool pays = look_pays(other != nullptr ? other->cpu() : -1, port_->cpu());
  if (pays && !look) port_->look_through_a_wake();
  look = look && pays;
  if (pump_) return wait_with_pump(wait, until, look);
  while (true) {
    sort_inbox();
    // What a parked loop may run is a reason to let it lead.
    sta_apartment* const looping = loops_.empty() ? nullptr : loops_.back().looping;
    if (wait.done) break;
    if (wait.expired || (until && std::chrono::steady_clock::now() >= *until)) {
      wait.expired = true;
      break;
    }
    expire_waits();
    if (ready_ != nullptr) {
      park(wait, until, *take_ready());
    } else if (!has_runnable(looping)) {
      idle(until, looping, look, port_->reply_budget);
    } else if (fiber* const leader = find_leader()) {
      park(wait, until, *leader);
    } else if (enough_stack()) {
      (void)run_one(looping);
    } else if (!refuse_calls()) {
      idle(until, looping, look, port_->reply_budget);
    }
  }
  return wait.done;
}

void host_thread::park(wait_state& wait, const deadline& until, fiber& next) {
  wait.parked = running_;
  wait.host = this;
  logical_thread& waiting = current_logical_thread();
  parked_wait parked{&wait, sta_of(thread_apartment()), until, &waiting};
  waiting.parked = &parked;
  if (parked.inside != nullptr) parked.inside->parked.add(parked);
  if (until) timed_waits_.put(parked);
  switch_to(next);
  wait.parked = nullptr;
  waiting.parked = nullptr;
  timed_waits_.take_out(parked);
  if (parked.inside != nullptr) parked.inside->parked.remove(parked);
}

void host_thread::expire(const parked_wait& parked) noexcept {
  wait_state& wait = *parked.wait;
  if (wait.parked != nullptr) {
    wait.expired = true;
    make_ready(std::exchange(wait.parked, nullptr));
  } else if (pump_ && !wait.done && !wait.expired) {
    // Its code called pump::wait, and an event there led to here.
    wait.expired = true;
    port_->wake();
  }
}

void host_thread::expire_waits() noexcept {
  if (timed_waits_.empty()) return;
  const auto now = std::chrono::steady_clock::now();
  while (!timed_waits_.empty() && *timed_waits_.front().until <= now) {
    parked_wait& due = timed_waits_.front();
    timed_waits_.take_out(due);
    expire(due);
  }
}

namespace {

// For the log: without memory for it, one wait less is named there.
void describe(const parked_wait& parked, std::string* waits) noexcept {
  try {
    std::string one = waits->empty() ? "" : ", ";
    if (parked.running->closes != nullptr)
      one += "for " + parked.running->closes->description() + " to close";
    else if (parked.wait->on != nullptr)
      one += "for " + parked.wait->on->description() + " to answer";
    else
      one += "for a result";
    *waits += one;
  } catch (const std::bad_alloc&) {
  }
}

bool is_around(const apartment_scope* outer, const apartment_scope* inner) noexcept {
  while (inner != nullptr && inner != outer) inner = inner->around();
  return inner == outer;
}

}  // namespace

void host_thread::give_up_waits(const sta_apartment& sta, std::string* waits) {
  std::size_t found = 0;
  sta.parked.for_each([&](const parked_wait& parked) {
    ++found;
    describe(parked, waits);
    expire(parked);
  });
  if (sta.entered() > found) give_up_code_above(sta, waits);
}

// Calls between apartments of this thread nest on one stack: code of another apartment may wait on
// top of code of this one, which cannot return before.
void host_thread::give_up_code_above(const sta_apartment& sta, std::string* waits) {
  const auto give_up = [&](logical_thread& running) {
    const apartment_scope* const from = outermost_scope(running, sta);
    if (from == nullptr) return;
    if (running.given_up == nullptr || is_around(from, running.given_up)) running.given_up = from;
    if (running.parked == nullptr || running.parked->inside == &sta) return;
    describe(*running.parked, waits);
    expire(*running.parked);
  };
  give_up(*base_logical_);
  for (const auto& one : pool_) give_up(one->logical);
}

bool host_thread::waits_on_chain(const sta_apartment& sta,
                                 const call_chain& chain) const noexcept {
  if (sta.entered() == 0 || chain == call_chain{}) return false;
  if (is_on_chain(*base_logical_, sta, chain)) return true;
  return std::ranges::any_of(
      pool_, [&](const auto& one) { return is_on_chain(one->logical, sta, chain); });
}

void host_thread::wake_loops() noexcept {
  ++progress_;  // with a foreign loop as the pump this lets them look
  for (const parked_loop& loop : loops_) make_ready(loop.where);
  loops_.clear();
}

void host_thread::make_ready(fiber* resumed) noexcept {
  resumed->next = nullptr;
  resumed->is_ready = true;
  if (ready_ == nullptr) {
    ready_ = resumed;
  } else {
    last_ready_->next = resumed;
  }
  last_ready_ = resumed;
}

fiber* host_thread::take_ready() {
  fiber* const taken = ready_;
  ready_ = taken->next;
  taken->is_ready = false;
  return taken;
}

// ---- Leading -----------------------------------------------------------------------------------

void host_thread::run_until(function_ref<bool()> stop, sta_apartment* looping) {
  if (pump_) return run_with_pump(stop, looping);
  while (true) {
    sort_inbox();
    expire_waits();
    if (ready_ != nullptr) {
      loops_.push_back({running_, looping});
      switch_to(*take_ready());
      continue;
    }
    if (stop()) return;
    if (!run_one(looping)) idle_as_leader(looping);
  }
}

fiber* host_thread::fiber_body(void* self) {
  host_thread& host = *static_cast<host_thread*>(self);
  fiber* const mine = host.running_;
  if (host.pump_) host.work_for_pump(*mine);
  while (!host.ending_) {
    host.sort_inbox();
    host.expire_waits();
    // A loop that was left for somebody who has finished now takes over again: it may have to stop.
    if (host.ready_ != nullptr || !host.loops_.empty()) {
      fiber& next = host.ready_ != nullptr ? *host.take_ready() : host.take_leader();
      mine->next = std::exchange(host.resting_, mine);
      host.switch_to(next);
    } else if (!host.run_one(nullptr)) {
      host.idle_as_leader(nullptr);
    }
  }
  host.running_ = host.base_.get();
  return host.base_.get();
}

fiber& host_thread::take_leader() {
  if (!loops_.empty()) {
    fiber* const loop = loops_.back().where;
    loops_.pop_back();
    return *loop;
  }
  if (resting_ != nullptr) return *std::exchange(resting_, resting_->next);
  auto made = fiber::make(&host_thread::fiber_body, this, stack_size_);
  pool_.push_back(std::move(made));
  try {
    timed_waits_.make_room();
  } catch (...) {
    pool_.pop_back();
    throw;
  }
  return *pool_.back();
}

void host_thread::switch_to(fiber& next) {
  fiber& left = *running_;
  running_ = &next;
  fiber::switch_to(left, next);
}

bool host_thread::enough_stack() const noexcept {
  constexpr std::size_t for_one_call = std::size_t{128} * 1024;
  return running_->stack_left() > for_one_call;
}

// ---- Queues ------------------------------------------------------------------------------------

void host_thread::sort_inbox() {
  work_item* item = port_->take_all();
  while (item != nullptr) {
    work_item* const next = item->next;
    if (item->kind == work_class::reply) {
      replies_.push_back(item);
    } else {
      enqueue(item);
    }
    item = next;
  }
  // Last, and from a list that others see: a reply may go on with a coroutine, which may wait.
  while (work_item* const reply = replies_.pop_front()) reply->run(reply);
}

void host_thread::enqueue(work_item* item) noexcept {
  sta_apartment* const target = sta_of(item->target);
  switch (item->kind) {
    case work_class::send:
      sends_.push_back(item);
      break;
    case work_class::application:
      if (!target->closed()) {
        application_.push_back(item, target->application);
        return;
      }
      work_.push_back(item);  // accepted before the closing, it is dropped in its turn
      break;
    default:
      work_.push_back(item);
      break;
  }
  if (target != nullptr) ++target->queued;
}

bool host_thread::has_runnable(sta_apartment* looping) noexcept {
  if (looping != nullptr) release_deferred(*looping);
  const may_run_application_work may_run{looping};
  if (!sends_.empty() || !work_.empty() || application_.has_runnable(may_run)) return true;
  if (timers.empty()) return false;
  const auto due = timers.next(may_run);
  return due && *due <= std::chrono::steady_clock::now();
}

bool host_thread::run_one(sta_apartment* looping) {
  if (!has_runnable(looping)) return false;
  work_item* item = sends_.pop_front();
  if (item == nullptr) item = work_.pop_front();
  if (item != nullptr) {
    if (item->kind == work_class::call) {
      fetch_ahead(item);
      last_peer_cpu_ = static_cast<call*>(item)->peer_cpu();
    }
    if (work_item* const following = work_.front()) fetch_ahead(following);
    if (sta_apartment* const target = sta_of(item->target)) {
      --target->queued;
      if (target->closing()) {
        item->drop(item);
        return true;
      }
    }
    item->run(item);
    return true;
  }
  // In turn: a timer that is always due must not keep posted work, and quit, from running.
  if (timer_was_last_ && run_application_item()) return true;
  if (!run_due_timer(looping)) run_application_item();
  return true;
}

bool host_thread::run_application_item() {
  work_item* const item = application_.pop_front();
  if (item == nullptr) return false;
  timer_was_last_ = false;
  item->run(item);
  return true;
}

bool host_thread::run_due_timer(const sta_apartment* looping) {
  if (timers.empty()) return false;
  const auto due =
      timers.take_due(std::chrono::steady_clock::now(), may_run_application_work{looping});
  if (!due) return false;
  timer_was_last_ = true;
  due->owner->run_top_level(*due->body);
  return true;
}

work_list host_thread::extract(sta_apartment& target) {
  work_list taken;
  const auto take = [&](work_list more) {
    while (work_item* item = more.pop_front()) taken.push_back(item);
  };
  // Calls of other apartments are walked along only when there are some of this one.
  if (target.queued != 0) {
    const auto belongs = [&](const work_item* item) { return item->target == &target; };
    take(sends_.extract(belongs));
    take(work_.extract(belongs));
  }
  take(application_.take_all(target.application));
  return taken;
}

// What came for an apartment that had closed, too late for its closing to see and too early to be
// refused: whoever waits for it is told.
void host_thread::drop_left_over() noexcept {
  for (work_list* list : {&sends_, &work_})
    while (work_item* const item = list->pop_front()) item->drop(item);
}

void host_thread::release_deferred(sta_apartment& sta) noexcept {
  application_.run_again(sta.application);
  timers.run_again(sta.timers);
}

void host_thread::add_apartment(sta_apartment& made) {
  timers.add_line();
  application_.add_line();
  made.place_in_host = apartments.size();
  apartments.emplace_back(&made);
}

void host_thread::remove_apartment(sta_apartment& ended) noexcept {
  const com_ptr<sta_apartment> last = std::exchange(apartments.back(), nullptr);
  if (last.get() != &ended) {
    last->place_in_host = ended.place_in_host;
    apartments[ended.place_in_host] = last;
  }
  apartments.pop_back();
  application_.remove_line();
  timers.remove_line();
}

// ---- Idling ------------------------------------------------------------------------------------

void host_thread::idle(deadline until, const sta_apartment* looping, bool look,
                       spin_budget& budget) {
  if (!timed_waits_.empty()) until = sooner(until, timed_waits_.front().until);
  if (!timers.empty()) until = sooner(until, timers.next(may_run_application_work{looping}));
  port_->idle(until, look, budget);
}

void host_thread::idle_as_leader(const sta_apartment* looping) {
  port_->note_cpu();
  idle(std::nullopt, looping, look_pays(last_peer_cpu_, port_->cpu()), work_budget_);
}

// ---- What is ready -----------------------------------------------------------------------------

void host_thread::run_ready(sta_apartment* looping) {
  run_until([&] { return !has_runnable(looping); }, looping);
}

bool host_thread::has_ready() const {
  if (port_->ready() || has_ready_fiber() || !sends_.empty() || !work_.empty()) return true;
  if (application_.has_runnable(may_run_application_work{nullptr})) return true;
  const auto due = next_timer();
  return due && *due <= std::chrono::steady_clock::now();
}

std::optional<std::chrono::steady_clock::time_point> host_thread::next_timer() const {
  deadline next = timers.next(may_run_application_work{nullptr});
  return timed_waits_.empty() ? next : sooner(next, timed_waits_.front().until);
}

}  // namespace insula
