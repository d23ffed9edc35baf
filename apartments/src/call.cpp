// SPDX-License-Identifier: MIT
#include "call.hpp"

#include "call_cache.hpp"
#include "port.hpp"
#include "server_channel.hpp"

#include <insula/core/exception.hpp>
#include <insula/core/log.hpp>
#include <insula/marshal/interface_info.hpp>

#include <new>
#include <utility>

namespace insula {
namespace {

// By value: an error object of the callee's own making must not tie the caller to its apartment.
com_ptr<IErrorInfo> copied(IErrorInfo* info) noexcept {
  try {
    return copy_error_info(info);
  } catch (...) {
    return nullptr;
  }
}

}  // namespace

std::string called_method(REFIID iid, ULONG slot) {
  if (const interface_info* const described = find_interface_info(iid))
    return method_name(*described, slot);
  return interface_name(iid) + ", method " + std::to_string(slot);
}

void log_unseen(function_ref<std::string()> text) noexcept {
  if (!log_enabled(log_level::warn)) return;
  try {
    log(log_level::warn, text());
  } catch (const std::exception&) {
    log(log_level::warn, "a notification failed, and its error could not be written");
  }
}

call* call::make() { return new call; }

call* call::take() {
  (void)current_logical_thread();  // registers the end of the thread, which empties its cache
  call* const taken = this_thread().calls.take();
  taken->kind = work_class::call;
  taken->run = &call::run_item;
  taken->drop = &call::drop_item;
  return taken;
}

void call::recycle() noexcept {
  request.clear();
  reply.clear();
  error.reset();
  proxy.reset();
  if (has_line) set_line(nullptr);
  if (holds_) {
    endpoint->Release();
    from->Release();
    holds_ = false;
  }
  endpoint = nullptr;
  from = nullptr;
  home = nullptr;
  wait = nullptr;
  completion = nullptr;
  in_sequence = false;
  if (withdrawable) {
    withdrawable = false;
    stage_.store(stage_of_life::queued, std::memory_order_relaxed);
  }
  until.reset();
  code = S_OK;
  depth = 0;
  cancelled.store(false, std::memory_order_relaxed);
  thread_state& thread = this_thread();
  thread.calls.give(this);
  // A thread that ends has emptied its cache, and objects that end after that must not fill it.
  if (thread.logical == nullptr) thread.calls.flush();
}

void call::set_line(com_ptr<call_line> of) noexcept {
  line = std::move(of);
  has_line = static_cast<bool>(line);
}

int call::peer_cpu() const noexcept { return home != nullptr ? home->cpu() : -1; }

bool call::is_synchronous() const noexcept { return wait != nullptr; }

void call::detach_from_caller() {
  // A proxy holds its channel, and that all the rest: one count instead of three that both sides
  // would write to.
  if (holds_ || proxy) return;
  endpoint->AddRef();
  from->AddRef();
  holds_ = true;
}

bool call::advance(stage_of_life before, stage_of_life after) noexcept {
  return stage_.compare_exchange_strong(before, after, std::memory_order_acq_rel,
                                        std::memory_order_acquire);
}

bool call::may_begin() noexcept {
  if (cancelled.load(std::memory_order_relaxed)) code = RPC_E_CALL_CANCELED;
  else if (has_passed(until)) code = RPC_E_TIMEOUT;
  if (!withdrawable) return SUCCEEDED(code);  // nobody competes
  if (FAILED(code)) {
    (void)advance(stage_of_life::queued, stage_of_life::refused);
  } else if (!advance(stage_of_life::queued, stage_of_life::begun)) {
    code = RPC_E_CALL_CANCELED;
  }
  return SUCCEEDED(code);
}

bool call::withdraw() noexcept {
  if (!withdrawable) return false;
  detach_from_caller();
  if (!advance(stage_of_life::queued, stage_of_life::withdrawn)) return false;
  request.clear();
  if (stage_.exchange(stage_of_life::left, std::memory_order_acq_rel) == stage_of_life::passed)
    recycle();
  return true;
}

// Of the two that part here, the second clears up.
bool call::was_withdrawn() noexcept {
  const stage_of_life seen = stage_.load(std::memory_order_acquire);
  if (seen != stage_of_life::withdrawn && seen != stage_of_life::left) return false;
  if (stage_.exchange(stage_of_life::passed, std::memory_order_acq_rel) == stage_of_life::left)
    recycle();
  return true;
}

void call::cancel() noexcept {
  (void)advance(stage_of_life::queued, stage_of_life::refused);
  cancelled.store(true, std::memory_order_relaxed);
}

call_fate call::fate() const noexcept {
  if (!withdrawable) return FAILED(code) ? call_fate::not_executed : call_fate::unknown;
  return fate_under_way();
}

// Looks at nothing but the stage: its neighbours may still be written by who sends the call.
call_fate call::fate_under_way() const noexcept {
  switch (stage_.load(std::memory_order_acquire)) {
    case stage_of_life::queued:
    case stage_of_life::begun:
      return call_fate::unknown;
    case stage_of_life::served:
      return call_fate::executed;
    default:
      return call_fate::not_executed;
  }
}

void call::serve() noexcept {
  if (!may_begin()) return;
  const apartment_scope inside(*target, causality, this);
  server_channel channel(*this);
  RPCOLEMESSAGE message;
  message.Buffer = request.data();
  message.cbBuffer = static_cast<ULONG>(request.size());
  message.iMethod = method;
  message.reserved1 = this;
  message.reserved2[0] = &request.packets;
  code = endpoint->invoke(&message, &channel);
  if (FAILED(code)) reply.clear();
  // Error info belongs to this call: it goes home with it, whatever the outcome was.
  error_info_slot& slot = current_logical_thread().errors;
  if (slot.current) error = copied(slot.current.get());
  if (withdrawable) stage_.store(stage_of_life::served, std::memory_order_release);
}

void call::run_item(work_item* item) noexcept {
  call* const served = static_cast<call*>(item);
  served->serve();
  // Before the answer: what the caller does next may come after this call only.
  if (served->in_sequence) served->target->served_in_sequence(*served);
  if (!served->withdrawable || !served->was_withdrawn()) served->finish();
}

void call::drop_item(work_item* item) noexcept {
  call* const refused = static_cast<call*>(item);
  refused->code = refused->refused_with();
  // Those that wait for their turn behind it would wait for ever.
  if (refused->in_sequence) refused->target->served_in_sequence(*refused);
  if (refused->withdrawable) {
    (void)refused->advance(stage_of_life::queued, stage_of_life::refused);
    if (refused->was_withdrawn()) return;
  }
  refused->finish();
}

void call::finish() noexcept {
  if (home != nullptr) {
    kind = work_class::reply;
    run = &call::arrive_home;
    drop = &call::nobody_home;
    port* const waited_at = home;
    if (waited_at->push(this) == inbox::push_result::closed) {
      nobody_home(this);
      waited_at->owed_reply_refused();
    }
  } else if (completion != nullptr) {
    std::exchange(completion, nullptr)->completed(this);
  } else {
    if (FAILED(code) || error) log_unseen_failure("a notification");
    recycle();
  }
}

void call::log_unseen_failure(const char* what) const noexcept {
  log_unseen([&] {
    return called_method(endpoint->iid(), method) + ", " + what + " from " +
           from->description() + " into " + target->description() + ", ended with: " +
           (FAILED(code) ? com_error(code, error).what() : error_description(error.get()));
  });
}

void call::arrive_home(work_item* item) noexcept {
  call* const finished = static_cast<call*>(item);
  --finished->home->owed;
  if (finished->wait != nullptr) {
    finished->wait->resolve();
  } else if (finished->completion != nullptr) {
    std::exchange(finished->completion, nullptr)->completed(finished);
  } else {
    finished->recycle();  // the caller stopped waiting for it
  }
}

void call::nobody_home(work_item* item) noexcept {
  call* const lost = static_cast<call*>(item);
  if (lost->completion != nullptr) {
    std::exchange(lost->completion, nullptr)->completed(lost);
  } else {
    lost->recycle();
  }
}

}  // namespace insula
