// SPDX-License-Identifier: MIT
#include "apartment_core.hpp"

#include "apartment_context.hpp"
#include "call.hpp"
#include "call_depth.hpp"
#include "fork_watch.hpp"
#include "library_copies.hpp"
#include "mta_apartment.hpp"
#include "place.hpp"
#include "posted_work.hpp"
#include "queue_channel.hpp"
#include "round_trip.hpp"

#include <insula/core/forced_unwind.hpp>
#include <insula/core/sentence.hpp>
#include <insula/core/printable.hpp>

#include <exception>
#include <utility>

namespace insula {

namespace {

object_exporter* current_apartment_as_exporter() noexcept {
  apartment_core* const here = current_apartment();
  if (here == nullptr) look_for_another_copy();
  return here;
}

// Whoever has an apartment has this file, so marshal and core know before anybody can ask them.
[[maybe_unused]] const bool exporter_source_is_set =
    (set_current_exporter_source(&current_apartment_as_exporter), true);
[[maybe_unused]] const bool core_knows_places = tell_core_of_places();

}  // namespace

apartment_core* current_apartment() noexcept {
  const logical_thread* const running = this_thread().logical;
  if (running != nullptr && running->apartment != nullptr) return running->apartment;
  return implicit_mta();
}

apartment_core* thread_apartment() noexcept {
  const logical_thread* const running = this_thread().logical;
  if (running == nullptr || running->apartment == nullptr) return implicit_mta();
  if (running->apartment->kind() != apartment_kind::neutral) return running->apartment;
  return running->beneath != nullptr ? running->beneath : implicit_mta();
}

const apartment_core* closing_around_caller() noexcept {
  const logical_thread* const running = this_thread().logical;
  if (running != nullptr && running->given_up != nullptr) return &running->given_up->inside();
  const apartment_core* const waits = thread_apartment();
  return waits != nullptr && waits->gave_up() ? waits : nullptr;
}

bool caller_gave_up() noexcept { return closing_around_caller() != nullptr; }

HRESULT wait_ended() noexcept { return caller_gave_up() ? RPC_E_CALL_CANCELED : RPC_E_TIMEOUT; }

namespace {

std::string why_late(call_fate fate) {
  switch (fate) {
    case call_fate::not_executed:
      return "it was not executed: the deadline of the calling code came before it began. Allow "
             "more time, or find out what keeps the other apartment busy.";
    case call_fate::executed:
      return "it was executed, but not by the deadline of the calling code. Allow more time.";
    case call_fate::unknown:
      break;
  }
  return "it had begun, and may be running still, when the deadline of the calling code came. "
         "Allow more time, or find out what keeps the other apartment busy.";
}

}  // namespace

std::string why_refused(HRESULT code, const apartment_core& target) {
  if (code == CO_E_NOT_SUPPORTED && in_forked_child()) return "apartments do not survive fork.";
  if (code == RPC_E_OUT_OF_RESOURCES) {
    const bool may = may_nest(current_logical_thread().call_depth);
    return may ? why_no_room(target.kind()) : why_too_deep();
  }
  return why_refused(code);
}

std::string why_refused(HRESULT code) {
  if (code == RPC_E_TIMEOUT) return why_late(current_logical_thread().fate);
  if (code == E_OUTOFMEMORY) return "there is no memory to send the work.";
  if (code == RPC_E_CALL_CANCELED)
    return "the apartment of the calling code is closing and its grace is over. Return from there.";
  if (code == RPC_E_CANTCALLOUT_ININPUTSYNCCALL)
    return "the calling code serves a synchronous send and may not call out. Use post or invoke "
           "instead of that send, or do this later.";
  if (code == E_OUTOFMEMORY) return "there is no memory for it.";
  return "it has closed.";
}

apartment_core::apartment_core(apartment_kind kind, std::string name)
    : kind_(kind), name_(std::move(name)) {}

apartment_core::~apartment_core() { delete context_.load(std::memory_order_acquire); }

bool apartment_core::is_current() const noexcept { return current_apartment() == this; }

std::string apartment_core::description() const {
  return std::string(to_string(kind_)) + (name_.empty() ? "" : " '" + printable(name_) + "'");
}

HRESULT apartment_core::connect(object_exporter& importer, stub_endpoint& target,
                                IRpcChannelBuffer** channel) {
  *channel = make<queue_channel>(static_cast<apartment_core&>(importer), *this, target).detach();
  return S_OK;
}

HRESULT apartment_core::call(function_ref<void()> work) {
  return run_inside(work, work_class::system);
}

HRESULT apartment_core::send(function_ref<void()> work) {
  return run_inside(work, work_class::send);
}

HRESULT apartment_core::may_wait(work_class kind) noexcept {
  if (caller_gave_up()) return RPC_E_CALL_CANCELED;
  if (!may_nest(current_logical_thread().call_depth)) return RPC_E_OUT_OF_RESOURCES;
  return kind != work_class::send && current_logical_thread().in_send
             ? RPC_E_CANTCALLOUT_ININPUTSYNCCALL
             : S_OK;
}

HRESULT apartment_core::not_run(HRESULT code) const {
  return explain_error(
      code, [&] { return "work for " + description() + " failed: " + why_refused(code, *this); });
}

bool apartment_core::run_here(function_ref<void()> work, work_class kind, HRESULT* code) {
  *code = S_OK;
  if (is_current()) {
    work();
    return true;
  }
  if (in_forked_child()) {
    *code = refuse_after_fork("invoke or send");
    return true;
  }
  call_fate& fate = current_logical_thread().fate;
  const deadline until = current_deadline();
  fate = call_fate::not_executed;
  *code = may_wait(kind);
  if (SUCCEEDED(*code) && has_passed(until)) *code = RPC_E_TIMEOUT;
  if (FAILED(*code)) return true;
  if (!runs_here()) return false;
  if (kind_ == apartment_kind::neutral && !stack_for_a_call()) {
    *code = RPC_E_OUT_OF_RESOURCES;
    return true;
  }
  {
    const waiting_scope waiting(thread_apartment());
    const apartment_scope inside(*this, waiting_code::calling(), kind == work_class::send);
    work();
  }
  if (has_passed(until)) {
    fate = call_fate::executed;
    *code = RPC_E_TIMEOUT;
  }
  return true;
}

HRESULT apartment_core::run_inside(function_ref<void()> work, work_class kind) {
  HRESULT code = S_OK;
  if (!run_here(work, kind, &code)) {
    const waiting_code waits = waiting_code::calling();  // borrowed of what this code serves
    const auto inside = [&] {
      const apartment_scope scope(*this, waits, kind == work_class::send);
      work();
    };
    const auto sends = [this](work_item* sent) { return submit(sent); };
    code = round_trip::travel({kind, sends, serving_port(), true}, inside, waits.until);
  }
  return FAILED(code) ? not_run(code) : code;
}

namespace {

/// Work that may go on when nobody waits for it any more, with all that it needs.
struct owned_work {
  com_ptr<apartment_core> home;
  waiting_code waits;
  com_ptr<call_line> line;  // the one in `waits`
  std::shared_ptr<exporter_work> work;

  void operator()() const {
    const apartment_scope scope(*home, waits, false);
    work->run();
  }
};

}  // namespace

HRESULT apartment_core::call_owned(std::shared_ptr<exporter_work> work) {
  HRESULT code = S_OK;
  if (!run_here([&] { work->run(); }, work_class::system, &code)) {
    const waiting_code waits = waiting_code::calling();
    const auto owner = std::make_shared<owned_work>(
        owned_work{com_ptr<apartment_core>(this), waits, com_ptr<call_line>(waits.line),
                   std::move(work)});
    const auto sends = [this](work_item* sent) { return submit(sent); };
    code = round_trip::travel_owned({work_class::system, sends, serving_port(), true}, *owner,
                                    owner, waits.until);
  }
  return FAILED(code) ? not_run(code) : code;
}

bool apartment_core::post(std::unique_ptr<exporter_work> work) noexcept {
  if (in_forked_child()) return false;
  return posted_work::submit(*this, work_class::system, GUID{}, std::move(work));
}

void apartment_core::at_rundown(std::function<void()> body) {
  const mutex_lock lock(rundown_guard_);
  rundown_.push_back(std::move(body));
}

void apartment_core::note_lost_work() noexcept {
  if ((lost_work_.fetch_add(1, std::memory_order_relaxed) & losses_reported) != 0) log_lost_work(1);
}

void apartment_core::report_lost_work() noexcept {
  const std::size_t count = lost_work_.fetch_or(losses_reported, std::memory_order_relaxed);
  if (count != 0) log_lost_work(count);
}

void apartment_core::log_lost_work(std::size_t count) const noexcept {
  log_unseen([&] {
    return description() + " closed before " +
           (count == 1 ? "1 piece" : std::to_string(count) + " pieces") +
           " of posted work had run; it was dropped. " +
           (kind_ == apartment_kind::sta
                ? "Close with at_close::drain to have it run, or ask the work to tell when it has."
                : "Let the code that runs inside return in time.");
  });
}

void apartment_core::run_down() {
  while (true) {
    std::vector<std::function<void()>> bodies;
    {
      const mutex_lock lock(rundown_guard_);
      bodies.swap(rundown_);
    }
    if (bodies.empty()) return;
    for (const auto& body : bodies) {
      try {
        body();
      } catch (const std::exception& thrown) {
        log_sentence(log_level::error, [&] {
          return description() + ": work at rundown threw: " + thrown.what();
        });
      } catch (...) {
        (void)caught_exception();
        log_sentence(log_level::error, [&] {
          return description() + ": work at rundown threw what is no exception";
        });
      }
    }
  }
}

apartment_context& apartment_core::context() {
  apartment_context* known = context_.load(std::memory_order_acquire);
  if (known != nullptr) return *known;
  auto made = std::make_unique<apartment_context>(*this);
  if (context_.compare_exchange_strong(known, made.get(), std::memory_order_acq_rel))
    known = made.release();
  return *known;
}

namespace {

apartment_core* beneath_of(const apartment_core& inside, apartment_core* from,
                           apartment_core* beneath_from) noexcept {
  if (inside.kind() != apartment_kind::neutral) return nullptr;
  return from != nullptr && from->kind() == apartment_kind::neutral ? beneath_from : from;
}

// A call passes its deadline on to what is done for it.
deadline deadline_of(const call* serving) noexcept {
  return serving != nullptr ? serving->until : std::nullopt;
}

std::uint16_t depth_of(const call* serving) noexcept {
  return serving != nullptr ? serving->depth : std::uint16_t{0};
}

call_line* line_of(const call* serving) noexcept {
  return serving != nullptr && serving->has_line ? serving->line.get() : nullptr;
}

}  // namespace

apartment_scope::apartment_scope(apartment_core& inside, const GUID& causality,
                                 insula::call* serving, bool in_send)
    : running_(current_logical_thread()),
      inside_(inside),
      around_(std::exchange(running_.scope, this)),
      apartment_(std::exchange(running_.apartment, &inside)),
      beneath_(std::exchange(running_.beneath,
                             beneath_of(inside, apartment_, running_.beneath))),
      causality_(std::exchange(running_.causality, causality)),
      serving_(std::exchange(running_.serving, serving)),
      line_(std::exchange(running_.line, line_of(serving))),
      until_(std::exchange(running_.until, deadline_of(serving))),
      in_send_(std::exchange(running_.in_send, in_send)),
      waited_for_(running_.waited_for),
      link_(std::exchange(running_.link, serving != nullptr ? serving->link : std::uint16_t{0})),
      call_depth_(std::exchange(running_.call_depth, depth_of(serving))),
      errors_(std::exchange(running_.errors, {})) {
  if (serving != nullptr) running_.waited_for = true;
  inside_.enter();
}

waiting_code waiting_code::calling() {
  const logical_thread& running = current_logical_thread();
  return {.causality = current_causality(),
          .line = running.line,
          .until = running.until,
          .link = running.link,
          .depth = static_cast<std::uint16_t>(running.call_depth + 1)};
}

apartment_scope::apartment_scope(apartment_core& inside, const waiting_code& waits, bool in_send)
    : apartment_scope(inside, waits.causality, static_cast<insula::call*>(nullptr), in_send) {
  running_.line = waits.line;
  running_.link = waits.link;
  running_.until = waits.until;
  running_.waited_for = true;
  running_.call_depth = waits.depth;
}

apartment_scope::~apartment_scope() {
  // An error left behind belongs to this apartment and dies here.
  running_.errors = std::move(errors_);
  if (running_.given_up == this) running_.given_up = nullptr;
  running_.scope = around_;
  running_.link = link_;
  running_.waited_for = waited_for_;
  running_.apartment = apartment_;
  running_.beneath = beneath_;
  running_.causality = causality_;
  running_.serving = serving_;
  running_.line = line_;
  running_.until = until_;
  running_.in_send = in_send_;
  running_.call_depth = call_depth_;
  inside_.leave();
}

}  // namespace insula
