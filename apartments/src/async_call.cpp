// SPDX-License-Identifier: MIT
#include <insula/apartments/async_call.hpp>

#include "call.hpp"
#include "deadline_clock.hpp"
#include "queue_channel.hpp"

#include <insula/apartments/from_now.hpp>
#include <insula/core/exception.hpp>
#include <insula/core/thread_safety.hpp>
#include <insula/marshal/interface_info.hpp>

#include <utility>

namespace insula::detail {

struct async_call::state final : call_completion {
  mutex guard;
  std::shared_ptr<async_call> self INSULA_GUARDED_BY(guard);  // while the call is under way
  call* under_way INSULA_GUARDED_BY(guard) = nullptr;
  call* answered INSULA_GUARDED_BY(guard) = nullptr;
  HRESULT code INSULA_GUARDED_BY(guard) = S_OK;  // what it was settled with, when not by an answer
  bool settled INSULA_GUARDED_BY(guard) = false;
  bool unsent INSULA_GUARDED_BY(guard) = false;  // and nobody has been told
  call_fate fate INSULA_GUARDED_BY(guard) = call_fate::unknown;  // of what was given up
  std::shared_ptr<insula::settled> ended INSULA_GUARDED_BY(guard);  // for who waits for the callee
  com_ptr<IErrorInfo> why INSULA_GUARDED_BY(guard);
  com_ptr<IAsyncChannel> channel;    // fixed once started
  RPCOLEMESSAGE* message = nullptr;  // fixed once started
  deadline_clock::registration timeout;

  void completed(call* finished) noexcept override {
    std::shared_ptr<async_call> kept;
    std::shared_ptr<insula::settled> awaited;
    {
      const mutex_lock lock(guard);
      under_way = nullptr;
      kept = std::move(self);
      awaited = std::move(ended);
      if (settled) {
        fate = finished->fate();
      } else {
        settled = true;
        answered = std::exchange(finished, nullptr);
      }
    }
    if (finished != nullptr) finished->recycle();
    kept->done.settle();
    if (awaited) awaited->settle();
  }

  void settle_with(HRESULT failure) {
    const mutex_lock lock(guard);
    settled = true;
    code = failure;
    unsent = true;
    why = std::exchange(current_logical_thread().errors.current, nullptr);
  }
};

async_call::async_call() : state_(std::make_unique<state>()) {}

async_call::~async_call() {
  call* answer = nullptr;
  bool unsent = false;
  HRESULT code = S_OK;
  com_ptr<IErrorInfo> why;
  {
    const mutex_lock lock(state_->guard);
    answer = std::exchange(state_->answered, nullptr);
    unsent = state_->unsent;
    code = state_->code;
    why = std::exchange(state_->why, nullptr);
  }
  if (answer != nullptr) {
    if (FAILED(answer->code) || answer->error)
      answer->log_unseen_failure("a call whose future was dropped,");
    answer->recycle();
  } else if (unsent) {
    log_unseen([&] {
      return std::string("a call whose future was dropped was not made: ") +
             com_error(code, why).what();
    });
  }
}

void async_call::start(HRESULT begun, com_ptr<IUnknown> proxy, pending_request& request,
                       const std::shared_ptr<async_call>& self,
                       std::optional<std::chrono::nanoseconds> timeout) {
  state& mine = *state_;
  HRESULT code = begun;
  if (SUCCEEDED(code)) {
    code = request.channel()->QueryInterface(iid_of<IAsyncChannel>(), mine.channel.put_void());
    if (FAILED(code))
      set_error(code, "async: the channel of this proxy carries synchronous calls only");
  }
  if (FAILED(code)) {
    mine.settle_with(code);
    done.settle();
    return;
  }
  deadline until;
  if (timeout) until = from_now(*timeout);
  // First, as it may be refused: a call that is under way with nobody to end it in time would be
  // worse than none.
  if (until) {
    code = abi_guard([&] {
      mine.timeout = deadline_clock::at(*until, [weak = std::weak_ptr<async_call>(self)] {
        if (const auto call = weak.lock()) call->give_up(RPC_E_TIMEOUT);
      });
    });
    if (FAILED(code)) {
      mine.settle_with(code);
      done.settle();
      return;
    }
  }
  mine.message = request.hand_over();
  {
    const mutex_lock lock(mine.guard);
    mine.self = self;
  }
  // The answer may come before Send returns: then `under_way` must not be set any more.
  code = mine.channel->Send(std::move(proxy), mine.message, &mine, until, [&mine](call* sent) {
    const mutex_lock lock(mine.guard);
    mine.under_way = sent;
    if (mine.settled) sent->cancelled.store(true, std::memory_order_relaxed);  // its time is over
  });
  if (FAILED(code)) {
    {
      const mutex_lock lock(mine.guard);
      mine.self.reset();
      mine.under_way = nullptr;
    }
    mine.settle_with(code);
    done.settle();
  }
}

void async_call::give_up(HRESULT code) noexcept {
  state& mine = *state_;
  {
    const mutex_lock lock(mine.guard);
    if (mine.settled) return;
    mine.settled = true;
    mine.code = code;
    if (mine.under_way != nullptr) {
      mine.under_way->cancel();
      mine.fate = mine.under_way->fate_under_way();
    }
  }
  done.settle();
}

void async_call::give_up_waiting() noexcept { give_up(wait_ended()); }

bool async_call::cancel_and_wait() {
  give_up(RPC_E_CALL_CANCELED);
  state& mine = *state_;
  std::shared_ptr<insula::settled> ended;
  {
    const mutex_lock lock(mine.guard);
    if (mine.under_way == nullptr || mine.fate == call_fate::not_executed) return true;
    if (!mine.ended) mine.ended = std::make_shared<insula::settled>();
    ended = mine.ended;
  }
  return ended->wait();
}

HRESULT async_call::take_reply() {
  state& mine = *state_;
  mine.timeout.reset();
  call* answer = nullptr;
  HRESULT code = S_OK;
  com_ptr<IErrorInfo> why;
  {
    const mutex_lock lock(mine.guard);
    answer = std::exchange(mine.answered, nullptr);
    code = mine.code;
    why = std::exchange(mine.why, nullptr);
    mine.unsent = false;
    current_logical_thread().fate = mine.fate;
  }
  if (answer != nullptr) return mine.channel->Receive(answer, mine.message);
  current_logical_thread().errors.current = std::move(why);
  if (mine.channel && (code == RPC_E_CALL_CANCELED || code == RPC_E_TIMEOUT))
    return mine.channel->Explain(code, mine.message->iMethod);
  return FAILED(code) ? code : E_UNEXPECTED;
}

HRESULT send_one_way(com_ptr<IUnknown> proxy, pending_request& request) {
  com_ptr<IAsyncChannel> channel;
  const HRESULT found =
      request.channel()->QueryInterface(iid_of<IAsyncChannel>(), channel.put_void());
  if (FAILED(found))
    return set_error(found, "notify: the channel of this proxy carries synchronous calls only");
  return channel->Send(std::move(proxy), request.hand_over(), nullptr, std::nullopt, [](call*) {});
}

void log_unseen_exception(REFIID iid) noexcept {
  com_ptr<IErrorInfo>& slot = current_logical_thread().errors.current;
  const com_ptr<IErrorInfo> before = std::move(slot);
  const HRESULT code = hresult_from_exception();
  const com_ptr<IErrorInfo> thrown = std::exchange(slot, before);
  log_unseen([&] {
    return "a method of " + interface_name(iid) + ", notified in its own apartment, ended with: " +
           com_error(code, thrown).what();
  });
}

HRESULT refuse_null(const char* caller, REFIID iid) {
  return set_error(E_POINTER,
                   std::string(caller) + ": the pointer to " + interface_name(iid) +
                       " is null. Check what it was made from; a failed create or QueryInterface "
                       "leaves it so.",
                   iid);
}

}  // namespace insula::detail
