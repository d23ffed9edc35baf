// SPDX-License-Identifier: MIT
#include "round_trip.hpp"

#include "apartment_core.hpp"
#include "logical_thread.hpp"

#include <insula/core/test_gate.hpp>

#include <new>
#include <utility>

namespace insula {

// ---- At rest -----------------------------------------------------------------------------------

round_trip* round_trip::take() noexcept {
  trip_cache& cache = this_thread().trips;
  if (cache.first == nullptr) return new (std::nothrow) round_trip;
  --cache.count;
  return static_cast<round_trip*>(std::exchange(cache.first, cache.first->next));
}

void round_trip::rest() noexcept {
  owner_.reset();
  keeps_target_.reset();
  work_.reset();
  constexpr unsigned most_kept = 8;
  trip_cache& cache = this_thread().trips;
  if (cache.count == most_kept) {
    delete this;
    return;
  }
  next = std::exchange(cache.first, this);
  ++cache.count;
}

void round_trip::flush() noexcept {
  trip_cache& cache = this_thread().trips;
  while (work_item* const kept = cache.first) {
    cache.first = kept->next;
    delete static_cast<round_trip*>(kept);
  }
  cache.count = 0;
}

// ---- Who waits ---------------------------------------------------------------------------------

void round_trip::set_out(port& home, const destination& to, function_ref<void()> work,
                         const deadline& until) noexcept {
  home_ = &home;
  target = nullptr;
  work_ = work;
  kind = to.kind;
  waited_for = to.waited_for;
  run = &round_trip::run_item;
  drop = &round_trip::drop_item;
  stage_.store(stage::queued, std::memory_order_relaxed);
  code = S_OK;
  until_ = until;
  wait_ = {};
}

bool round_trip::travel_to_the_end(const destination& to, function_ref<void()> work) {
  round_trip item;
  item.set_out(this_port(), to, work, std::nullopt);
  ++item.home_->owed;
  const inbox::push_result sent = to.submit(&item);
  if (sent == inbox::push_result::closed) {
    --item.home_->owed;
    return false;
  }
  item.wait_.on = item.target;
  // Given up or not, the item is on this stack and must come back first.
  while (!wait_for(item.wait_, std::nullopt, to.other, sent == inbox::push_result::queued))
    item.wait_.expired = false;
  return SUCCEEDED(item.code);
}

HRESULT round_trip::travel(const destination& to, function_ref<void()> work,
                           const deadline& until) {
  return travel_owned(to, work, nullptr, until);
}

HRESULT round_trip::travel_owned(const destination& to, function_ref<void()> work,
                                 std::shared_ptr<void> owner, const deadline& until) {
  port* const home = this_port_or_null();
  if (home == nullptr) return E_OUTOFMEMORY;
  round_trip* const item = take();
  if (item == nullptr) return E_OUTOFMEMORY;
  item->set_out(*home, to, work, until);
  item->owner_ = std::move(owner);
  return wait_to_the_deadline(item, to);
}

HRESULT round_trip::wait_to_the_deadline(round_trip* item, const destination& to) {
  port& home = *item->home_;
  const deadline asked = item->until_;
  deadline until = asked;
  ++home.owed;
  const inbox::push_result sent = to.submit(item);
  if (sent == inbox::push_result::closed) {
    --home.owed;
    const HRESULT code = item->refused_with();
    item->rest();
    return code;
  }
  item->wait_.on = item->target;
  while (!wait_for(item->wait_, until, to.other, sent == inbox::push_result::queued)) {
    INSULA_TEST_GATE("round_trip.expired");
    if (item->stop_waiting()) {
      --home.owed;
      return wait_ended();
    }
    // It runs, and what it uses is here; or it is on its way home.
    item->wait_.expired = false;
    until.reset();
  }
  const HRESULT code = item->code;
  item->rest();
  if (SUCCEEDED(code) && !has_passed(asked)) return S_OK;
  current_logical_thread().fate =
      SUCCEEDED(code) ? call_fate::executed : call_fate::not_executed;
  return FAILED(code) ? code : RPC_E_TIMEOUT;
}

bool round_trip::stop_waiting() noexcept {
  call_fate& fate = current_logical_thread().fate;
  // Its queue may be of an apartment that nobody else knows any more.
  keeps_target_ = com_ptr<apartment_core>(target);
  if (advance(stage::queued, stage::withdrawn)) {
    fate = call_fate::not_executed;
    return true;
  }
  if (owner_ != nullptr && advance(stage::begun, stage::left)) {
    fate = call_fate::unknown;
    return true;
  }
  keeps_target_.reset();
  return false;
}

bool round_trip::advance(stage from, stage to) noexcept {
  return stage_.compare_exchange_strong(from, to, std::memory_order_acq_rel,
                                        std::memory_order_acquire);
}

// ---- Who runs it -------------------------------------------------------------------------------

void round_trip::run_item(work_item* item) noexcept {
  auto& mine = *static_cast<round_trip*>(item);
  if (has_passed(mine.until_)) return mine.refuse(RPC_E_TIMEOUT);
  if (!mine.advance(stage::queued, stage::begun)) return mine.rest();
  (*mine.work_)();
  if (mine.owner_ != nullptr && !mine.advance(stage::begun, stage::done)) return mine.rest();
  mine.go_home();
}

void round_trip::drop_item(work_item* item) noexcept {
  static_cast<round_trip*>(item)->refuse(RPC_E_DISCONNECTED);
}

void round_trip::refuse(HRESULT why) noexcept {
  if (!advance(stage::queued, stage::done)) return rest();
  if (SUCCEEDED(code)) code = why;
  go_home();
}

void round_trip::arrive_home(work_item* item) noexcept {
  auto& mine = *static_cast<round_trip*>(item);
  --mine.home_->owed;
  mine.wait_.resolve();
}

void round_trip::go_home() noexcept {
  kind = work_class::reply;
  run = &round_trip::arrive_home;
  drop = &round_trip::arrive_home;
  (void)home_->push(this);  // open: its owner waits for this very item
}

}  // namespace insula
