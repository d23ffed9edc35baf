// SPDX-License-Identifier: MIT
#include "queue_channel.hpp"

#include "call_chain.hpp"
#include "call_depth.hpp"
#include "fork_watch.hpp"
#include "observed_call.hpp"
#include "port.hpp"

#include <insula/apartments/call_options.hpp>
#include <insula/core/sentence.hpp>
#include <insula/core/test_gate.hpp>

#include <new>
#include <utility>

namespace insula {
namespace {

/// The question whether what is in the slot can be trusted must not change what is in the slot.
/// Why: docs/decisions/asking-for-error-info-keeps-it.md
bool asks_for_error(REFIID iid) noexcept { return iid == iid_of<ISupportErrorInfo>(); }

const char* ended_by_deadline(call_fate fate) noexcept {
  switch (fate) {
    case call_fate::not_executed:
      return "was not executed and never will be: its deadline came before it began. Allow more "
             "time, or find out what keeps the other apartment busy.";
    case call_fate::executed:
      return "was executed, but its answer came after its deadline and was dropped. Allow more "
             "time.";
    case call_fate::unknown:
      break;
  }
  return "had begun when its deadline came, and may be running still; its answer will be dropped. "
         "Allow more time, or let the method ask current_call_is_cancelled.";
}

const char* ended_by_cancel(call_fate fate) noexcept {
  switch (fate) {
    case call_fate::not_executed:
      return "was not executed and never will be: it was cancelled before it began, by its caller "
             "or because the caller's apartment closes.";
    case call_fate::executed:
      return "was cancelled while it ran, by its caller or because the caller's apartment closes. "
             "It has ended, and its answer was dropped.";
    case call_fate::unknown:
      break;
  }
  return "was cancelled, by its caller or because the caller's apartment closes. It had begun, or "
         "was about to, and may be running still; its answer will be dropped.";
}

}  // namespace

HRESULT queue_channel::refuse(HRESULT code, ULONG method,
                              function_ref<std::string()> why) const noexcept {
  return explain_error(
      code,
      [&] {
        return "A call of " + called_method(target_->iid(), method) + " on an object of " +
               home_->description() + " was refused: " + why();
      },
      target_->iid());
}

HRESULT queue_channel::no_memory(ULONG method) const noexcept {
  return refuse(E_OUTOFMEMORY, method, [] {
    return "there is no memory for its message. It was not executed.";
  });
}

// Ordered by what the caller can do about it: a proxy whose apartment has gone is dead wherever it
// is used; then the place is checked; then the other end.
HRESULT queue_channel::may_call(ULONG method) const noexcept {
  if (in_forked_child()) [[unlikely]]
    return refuse_after_fork("a call through a proxy");
  if (importer_->closed()) [[unlikely]]
    return refuse(CO_E_OBJNOTCONNECTED, method, [this] {
      return "the apartment this proxy belonged to, " + importer_->description() +
             ", has been left. Unmarshal the object again where it is needed.";
    });
  const apartment_core* const here = current_apartment();
  if (here == importer_.get()) [[likely]] {
    if (caller_gave_up()) [[unlikely]]
      return refuse(RPC_E_CALL_CANCELED, method, [] {
        return "the apartment of the calling code, " + closing_around_caller()->description() +
               ", is closing and its grace is over. Return from the call.";
      });
    if (current_logical_thread().in_send) [[unlikely]]
      return refuse(RPC_E_CANTCALLOUT_ININPUTSYNCCALL, method, [] {
        return "the calling code serves a synchronous send, whose sender waits without serving "
               "calls. Use post or invoke instead of send, or call out later.";
      });
    if (!may_nest(current_logical_thread().call_depth, target_->iid(), method)) [[unlikely]]
      return refuse(RPC_E_OUT_OF_RESOURCES, method, [] { return why_too_deep(); });
    if (!target_->connected()) [[unlikely]]
      return refuse(RPC_E_DISCONNECTED, method, [] {
        return "the object was disconnected or its apartment has closed. Ask its owner for a new "
               "one.";
      });
    return S_OK;
  }
  if (here == nullptr)
    return refuse(CO_E_NOTINITIALIZED, method, [this] {
      return "the calling thread is in no apartment. Enter one (CoInitializeEx, sta_lease, "
             "mta_lease); this proxy belongs to " +
             importer_->description() +
             ", agile_ref or CoMarshalInterThreadInterfaceInStream carries it over.";
    });
  return refuse(RPC_E_WRONG_THREAD, method, [&] {
    return "the proxy belongs to " + importer_->description() + " and was used in " +
           here->description() +
           ". agile_ref or CoMarshalInterThreadInterfaceInStream carries it over.";
  });
}

HRESULT queue_channel::GetBuffer(RPCOLEMESSAGE* message, REFIID) {
  const HRESULT allowed = may_call(message->iMethod);
  if (FAILED(allowed)) {
    message->Buffer = nullptr;
    return allowed;
  }
  call* made = nullptr;
  try {
    made = call::take();
    message->Buffer = made->request.reserve(message->cbBuffer);
  } catch (const std::bad_alloc&) {
    if (made != nullptr) made->recycle();
    message->reserved1 = nullptr;
    message->Buffer = nullptr;
    return no_memory(message->iMethod);
  }
  message->reserved1 = made;
  message->reserved2[0] = &made->request.packets;
  message->dataRepresentation = ndr_local_data_representation;
  return S_OK;
}

call* queue_channel::prepared(RPCOLEMESSAGE* message) const {
  call* const made = static_cast<call*>(message->reserved1);
  made->request.shrink_to(message->cbBuffer);
  made->method = message->iMethod;
  made->endpoint = target_.get();
  made->target = home_.get();
  made->from = importer_.get();
  made->causality = current_causality();
  made->link = current_logical_thread().link;
  if (call_line* const line = current_logical_thread().line)
    made->set_line(com_ptr<call_line>(line));
  return made;
}

HRESULT queue_channel::SendReceive(RPCOLEMESSAGE* message, ULONG* status) {
  const observed_call observed(*importer_, *home_, target_->iid(), message->iMethod);
  call* const made = prepared(message);
  const deadline until = current_deadline();
  made->until = until;
  made->depth = static_cast<std::uint16_t>(current_logical_thread().call_depth + 1);
  // A call that may be given up must not sit on the stack of the code that gives up.
  const bool may_give_up = made->until && home_->kind() != apartment_kind::neutral;
  if (!may_give_up && home_->runs_here()) {
    const waiting_scope waiting(thread_apartment());
    if (home_->kind() == apartment_kind::neutral && !stack_for_a_call()) {
      made->code = RPC_E_OUT_OF_RESOURCES;
    } else {
      made->serve();
    }
  } else {
    wait_state wait;
    wait.on = home_.get();
    port* const waits_at = this_port_or_null();
    if (waits_at == nullptr) {
      made->recycle();
      message->reserved1 = nullptr;
      message->Buffer = nullptr;
      return no_memory(message->iMethod);
    }
    port& home = *waits_at;
    made->home = &home;
    made->wait = &wait;
    made->withdrawable = may_give_up;
    ++home.owed;
    const inbox::push_result sent = home_->submit(made);
    if (sent == inbox::push_result::closed) {
      --home.owed;
      made->code = made->refused_with();
    } else if (!wait_for(wait, until, home_->serving_port(),
                         sent == inbox::push_result::queued)) {
      return given_up(made, message, status);
    }
  }
  if (until && SUCCEEDED(made->code) && has_passed(until)) return too_late(made, message, status);
  const HRESULT code = finished_with(made, message);
  if (status != nullptr) *status = static_cast<ULONG>(code);
  return code;
}

HRESULT queue_channel::given_up(call* made, RPCOLEMESSAGE* message, ULONG* status) const {
  INSULA_TEST_GATE("queue_channel.expired");
  call_fate fate = call_fate::not_executed;
  if (made->withdraw()) {
    --this_port().owed;
  } else {
    // The call is still out there and will find nobody waiting when it comes home.
    made->detach_from_caller();
    made->cancelled.store(true, std::memory_order_relaxed);
    made->wait = nullptr;
    fate = made->withdrawable ? made->fate() : call_fate::unknown;
  }
  return ended_early(wait_ended(), fate, message, status);
}

HRESULT queue_channel::too_late(call* made, RPCOLEMESSAGE* message, ULONG* status) const {
  made->recycle();
  return ended_early(RPC_E_TIMEOUT, call_fate::executed, message, status);
}

HRESULT queue_channel::ended_early(HRESULT code, call_fate fate, RPCOLEMESSAGE* message,
                                   ULONG* status) const {
  message->reserved1 = nullptr;
  message->Buffer = nullptr;
  message->cbBuffer = 0;
  if (status != nullptr) *status = static_cast<ULONG>(code);
  logical_thread& running = current_logical_thread();
  running.errors.current.reset();
  running.fate = fate;
  return explain(code, message->iMethod, nullptr);
}

HRESULT queue_channel::finished_with(call* finished, RPCOLEMESSAGE* message) {
  const HRESULT code = finished->code;
  // Error info belongs to the call: what the thread still held from an earlier one is stale now.
  error_info_slot& slot = current_logical_thread().errors;
  if ((slot.current || finished->error) && (FAILED(code) || !asks_for_error(target_->iid())))
    slot.current = std::move(finished->error);
  if (FAILED(code)) {
    const com_ptr<IErrorInfo> error = slot.current;
    current_logical_thread().fate = finished->fate();
    finished->recycle();
    message->reserved1 = nullptr;
    message->Buffer = nullptr;
    message->cbBuffer = 0;
    return explain(code, message->iMethod, error);
  }
  message->reserved1 = finished;
  message->Buffer = finished->reply.data();
  message->cbBuffer = static_cast<ULONG>(finished->reply.size());
  message->reserved2[0] = &finished->reply.packets;
  return code;
}

HRESULT queue_channel::explain(HRESULT code, ULONG method,
                               const com_ptr<IErrorInfo>& error) const noexcept {
  if (error) return code;  // the callee said it better
  return explain_error(
      code, [&] { return what_became_of_it(code, method); }, target_->iid());
}

std::string queue_channel::what_became_of_it(HRESULT code, ULONG method) const {
  std::string text = called_method(target_->iid(), method) + ", called from " +
                     importer_->description() + " into " + home_->description() + ", ";
  switch (code) {
    case RPC_E_DISCONNECTED:
      text += "was not executed: the apartment is closing or closed, or the object was "
              "disconnected. Ask its owner for a new one.";
      break;
    case RPC_E_OUT_OF_RESOURCES:
      text += "was not executed: " + why_no_room(home_->kind());
      if (const call* const serving = current_logical_thread().serving)
        text += " It was made by " + called_method(serving->endpoint->iid(), serving->method) + ".";
      break;
    case RPC_E_TIMEOUT:
      text += ended_by_deadline(current_logical_thread().fate);
      break;
    case RPC_E_CALL_CANCELED:
      text += ended_by_cancel(current_logical_thread().fate);
      break;
    default:
      text += "failed: " + std::string(hresult_text(code));
      break;
  }
  return text;
}

HRESULT queue_channel::FreeBuffer(RPCOLEMESSAGE* message) {
  if (message->reserved1 != nullptr) static_cast<call*>(message->reserved1)->recycle();
  message->reserved1 = nullptr;
  message->Buffer = nullptr;
  message->cbBuffer = 0;
  return S_OK;
}

HRESULT queue_channel::GetDestCtx(DWORD* context, void** context_data) {
  if (context == nullptr) return E_INVALIDARG;
  *context = MSHCTX_INPROC;
  if (context_data != nullptr) *context_data = nullptr;
  return S_OK;
}

HRESULT queue_channel::IsConnected() {
  return target_->connected() && !home_->closing() && !importer_->closed() ? S_OK : S_FALSE;
}

HRESULT queue_channel::Send(com_ptr<IUnknown> proxy, RPCOLEMESSAGE* message,
                            call_completion* completion, const deadline& until,
                            function_ref<void(call*)> on_its_way) {
  call* const made = prepared(message);
  message->reserved1 = nullptr;
  message->Buffer = nullptr;
  message->cbBuffer = 0;
  made->until = until;
  made->link = new_chain_link();
  made->completion = completion;
  made->withdrawable = completion != nullptr;
  made->proxy = std::move(proxy);
  made->detach_from_caller();
  // An STA's own calls complete on its thread, where its objects and futures live.
  port* const home = completion != nullptr ? importer_->serving_port() : nullptr;
  if (home != nullptr) {
    made->home = home;
    ++home->owed;
  }
  on_its_way(made);
  if (home_->submit(made) != inbox::push_result::closed) return S_OK;
  if (home != nullptr) --home->owed;
  const HRESULT code = made->refused_with();
  made->completion = nullptr;
  made->recycle();
  current_logical_thread().errors.current.reset();
  return explain(code, message->iMethod, nullptr);
}

HRESULT queue_channel::Receive(call* finished, RPCOLEMESSAGE* message) {
  message->iMethod = finished->method;
  return finished_with(finished, message);
}

HRESULT queue_channel::Explain(HRESULT code, ULONG method) {
  return explain(code, method, current_logical_thread().errors.current);
}

}  // namespace insula
