// SPDX-License-Identifier: MIT
#include "sta_apartment.hpp"

#include "main_sta.hpp"
#include "open_apartments.hpp"

#include <insula/apartments/from_now.hpp>
#include <insula/core/log.hpp>
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
  apartment_opened();
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
  if (--entered_ == 0 && until_empty_ != nullptr) until_empty_->resolve();
}

void sta_apartment::end_loops() noexcept {
  loops_end_ = true;
  host_->wake_loops();
}

void sta_apartment::run_top_level(const std::function<void()>& body) {
  const apartment_scope inside(*this, GUID{}, nullptr);
  try {
    body();
  } catch (const std::exception& thrown) {
    log(log_level::error, description() + ": posted work threw: " + thrown.what());
  } catch (...) {
    log(log_level::error, description() + ": posted work threw something that is no exception");
  }
}

void sta_apartment::close(std::chrono::nanoseconds grace) {
  const com_ptr<sta_apartment> keeps(this);
  if (ending_ != ending::no) return wait_until_ended();
  ending_ = ending::begun;
  serve_accepted();
  closing_.store(true, std::memory_order_release);
  INSULA_TEST_GATE("sta.refuses");
  finish_inside(grace);
  {
    const apartment_scope inside(*this, GUID{}, nullptr);
    close_exports();
    release_imports();
    closed_.store(true, std::memory_order_release);
    run_down();
    drop_queued();
  }
  host_->remove_apartment(*this);
  withdraw_main_sta(*this);
  apartment_closed();
  ending_ = ending::over;
  for (wait_state* const wait : std::exchange(until_ended_, {})) wait->resolve();
}

void sta_apartment::wait_until_ended() {
  if (ending_ == ending::over) return;
  wait_state ended;
  until_ended_.push_back(&ended);
  while (!host_->wait(ended, std::nullopt, nullptr, true)) ended.expired = false;
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

void sta_apartment::finish_inside(std::chrono::nanoseconds grace) {
  if (entered_ == 0) return;
  for (deadline until = from_now(grace); entered_ != 0;
       until = std::nullopt) {
    wait_state empty;
    until_empty_ = &empty;
    host_->wait(empty, until, nullptr, true);
    until_empty_ = nullptr;
    if (entered_ == 0) return;
    log(log_level::warn, description() +
                             " closes while calls inside wait for other apartments; their waits "
                             "are given up with RPC_E_CALL_CANCELED");
    gave_up_.store(true, std::memory_order_release);
    host_->give_up_waits(this);
  }
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
