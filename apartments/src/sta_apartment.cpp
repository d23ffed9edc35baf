// SPDX-License-Identifier: MIT
#include "sta_apartment.hpp"

#include "call_chain.hpp"
#include "main_sta.hpp"
#include "open_apartments.hpp"

#include <insula/apartments/from_now.hpp>
#include <insula/core/forced_unwind.hpp>
#include <insula/core/sentence.hpp>
#include <insula/core/printable.hpp>
#include <insula/core/test_gate.hpp>

#include <unistd.h>

#include <algorithm>
#include <exception>
#include <utility>

namespace insula {

sta_apartment::sta_apartment(std::string name, std::shared_ptr<host_thread> host)
    : apartment_core(apartment_kind::sta, std::move(name)),
      host_(std::move(host)),
      port_(&host_->port()),
      thread_id_(::gettid()) {
  host_->add_apartment(*this);
  offer_main_sta(*this);
  apartment_opened(*this);
}

sta_apartment::~sta_apartment() = default;

bool sta_apartment::is_main() const noexcept { return main_sta_is(*this); }

std::string sta_apartment::description() const {
  return std::string(is_main() ? "main STA" : "STA") + " '" + printable(name()) + "' (thread " +
         std::to_string(thread_id_) + ")";
}

inbox::push_result sta_apartment::submit(work_item* item) noexcept {
  if (closing()) return inbox::push_result::closed;
  INSULA_TEST_GATE("sta.accepted");
  item->target = this;
  if (this_thread().host != host_.get()) return port_->push(item);
  host_->enqueue(item);
  // The thread may sit in a foreign loop when it comes back from here.
  if (host_->port().foreign()) host_->port().wake();
  return inbox::push_result::queued;
}

bool sta_apartment::runs_here() {
  if (this_thread().host != host_.get() || closing()) return false;
  host_->sort_inbox();
  return queued == 0 && host_->enough_stack();
}

void sta_apartment::leave() noexcept {
  if (until_drained_ != nullptr && application.count == 0) [[unlikely]]
    until_drained_->resolve();
  if (--entered_ != 0) return;
  if (until_empty_ != nullptr) until_empty_->resolve();
  if (std::exchange(close_when_left_, false)) host_->enqueue(&closing_work_);
}

void sta_apartment::end_loops() noexcept {
  loops_end_ = true;
  host_->wake_loops();
  host_->quit_foreign_loops(*this);
}

void sta_apartment::quit(int code) noexcept {
  quit_posted = true;
  quit_code = code;
  host_->offer_quit(*this);
}

void sta_apartment::run_top_level(const std::function<void()>& body) {
  const apartment_scope inside(*this, GUID{}, nullptr);
  try {
    body();
  } catch (const std::exception& thrown) {
    log_sentence(log_level::error, [&] {
      return description() + ": posted work threw: " + thrown.what();
    });
  } catch (...) {
    (void)caught_exception();
    log_sentence(log_level::error, [&] {
      return description() + ": posted work threw something that is no exception";
    });
  }
}

void sta_apartment::close_soon(const closing_terms& terms) noexcept {
  if (std::exchange(closing_sent_, true)) return;
  end_loops();
  AddRef();  // the item's
  closing_work_.kind = work_class::system;
  closing_work_.closes = this;
  closing_work_.terms = terms;
  closing_work_.run = &sta_apartment::run_closing;
  closing_work_.drop = [](work_item* item) noexcept {
    static_cast<closing_work*>(item)->closes->Release();
  };
  host_->enqueue(&closing_work_);
  if (port_->foreign()) port_->wake();
}

void sta_apartment::run_closing(work_item* item) noexcept {
  auto& work = *static_cast<closing_work*>(item);
  sta_apartment& closes = *work.closes;
  // Without memory for another stack it may have come to run on top of code inside.
  if (outermost_scope(current_logical_thread(), closes) != nullptr) {
    closes.close_when_left_ = true;
    return;
  }
  const com_ptr<sta_apartment> keeps(&closes, take_ownership);
  closes.close(work.terms);
}

bool wait_for_closing(settled& ended, settled& ended_or_left, std::chrono::nanoseconds grace) {
  logical_thread& running = current_logical_thread();
  const bool inside = running.scope != nullptr;
  // Two apartments that close each other as they run down have no code inside that could return.
  deadline until;
  if (works_for_closing_apartment()) until = from_now(grace);
  // A deadline in force is for calls.
  const deadline in_force = std::exchange(running.until, std::nullopt);
  (void)(inside ? ended_or_left : ended).wait(until);
  running.until = in_force;
  return ended.is_settled();
}

bool sta_apartment::wait_until_closed(std::chrono::nanoseconds grace) {
  if (wait_for_closing(ended_, ended_or_left_, grace)) return true;
  const apartment_core* const here = current_apartment();
  log_sentence(log_level::warn, [&] {
    return (here != nullptr ? here->description() : std::string("a thread")) + " closes " +
           description() +
           " and does not wait for that any longer: each could be waiting for the other. It closes "
           "when the code inside has returned";
  });
  return false;
}

void sta_apartment::close(const closing_terms& terms) {
  const com_ptr<sta_apartment> keeps(this);
  if (ending_ != ending::no) return wait_until_ended();
  ending_ = ending::begun;
  serve_accepted();
  if (terms.drains) drain(terms.grace);
  closing_.store(true, std::memory_order_release);
  INSULA_TEST_GATE("sta.refuses");
  finish_inside(terms.grace);
  {
    const apartment_scope inside(*this, GUID{}, nullptr);
    close_exports();
    release_imports();
    closed_.store(true, std::memory_order_release);
    run_down();
    drop_queued();
    report_lost_work();
  }
  host_->remove_apartment(*this);
  withdraw_main_sta(*this);
  apartment_closed(*this);
  ending_ = ending::over;
  for (auto* one = std::exchange(until_ended_, nullptr); one != nullptr;) {
    auto* const next = one->next;
    one->wait.resolve();
    one = next;
  }
  ended_.settle();
  ended_or_left_.settle();
}

void sta_apartment::wait_until_ended() {
  if (ending_ == ending::over) return;
  also_closing also{.next = until_ended_};
  until_ended_ = &also;
  while (!host_->wait(also.wait, std::nullopt, nullptr, true)) also.wait.expired = false;
}

// What has arrived so far is served; what arrives meanwhile need not be. On other fibers than this
// one: what is served may come to close the apartment too, and wait for this to end.
void sta_apartment::serve_accepted() {
  host_->sort_inbox();
  if (queued == 0) return;
  struct end_of_queue final : work_item {
    wait_state reached;
  } last;
  last.kind = work_class::system;
  last.run = [](work_item* item) noexcept { static_cast<end_of_queue*>(item)->reached.resolve(); };
  last.drop = last.run;
  host_->enqueue(&last);
  while (!host_->wait(last.reached, std::nullopt, nullptr, true)) last.reached.expired = false;
}

void sta_apartment::drain(std::chrono::nanoseconds grace) {
  const deadline until = from_now(grace);
  const auto drained = [&] {
    return application.count == 0 || std::chrono::steady_clock::now() >= *until;
  };
  // The thread's own code leaves its STA, and waits inside it: nothing else runs application work.
  if (this_thread().home == this) return host_->run_until(drained, this);
  for (host_->sort_inbox(); !drained(); host_->sort_inbox()) {
    wait_state last;
    until_drained_ = &last;
    host_->wait(last, until, nullptr, true);
    until_drained_ = nullptr;
  }
}

void sta_apartment::finish_inside(std::chrono::nanoseconds grace) {
  // What was given up needs some time to return, however little the calls inside were given.
  constexpr std::chrono::nanoseconds least_to_return = std::chrono::seconds{1};
  enum { patient, gave_up, left_alone } stage = patient;
  for (deadline until = from_now(grace); entered_ != 0;) {
    wait_state empty;
    until_empty_ = &empty;
    host_->wait(empty, until, nullptr, true);
    until_empty_ = nullptr;
    if (entered_ == 0) return;
    if (stage == patient) {
      stage = gave_up;
      give_up_inside();
      until = from_now(std::max(grace, least_to_return));
    } else if (stage == gave_up) {
      stage = left_alone;
      log_sentence(log_level::error, [&] {
        return description() + " closes while calls inside do not return, though their waits were "
                               "given up. It closes when they have; what closes it from inside "
                               "another apartment does not wait for that";
      });
      until = std::nullopt;
      ended_or_left_.settle();
      host_->ended_or_left.settle();
    }
  }
}

void sta_apartment::give_up_inside() {
  gave_up_.store(true, std::memory_order_release);
  std::string waits;
  host_->give_up_waits(*this, &waits);
  log_sentence(log_level::warn, [&] {
    return description() + " closes while calls inside wait " +
           (waits.empty() ? "for other apartments" : waits) +
           "; their waits are given up with RPC_E_CALL_CANCELED";
  });
}

void sta_apartment::drop_queued() {
  host_->sort_inbox();
  work_list left = host_->extract(*this);
  while (work_item* item = left.pop_front()) item->drop(item);
  (void)host_->timers.remove_all(timers);
  queued = 0;
  INSULA_TEST_GATE("sta.queues_empty");
}

}  // namespace insula
