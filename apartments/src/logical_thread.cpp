// SPDX-License-Identifier: MIT
#include "logical_thread.hpp"

#include "apartment_core.hpp"
#include "membership.hpp"
#include "port.hpp"

#include <memory>
#include <utility>

namespace insula {

thread_local constinit thread_state thread_state_of_this_thread;

namespace {

thread_state& state() noexcept { return thread_state_of_this_thread; }

// Ends what a thread holds, in this order, when the thread ends.
struct thread_end {
  std::unique_ptr<logical_thread> base = std::make_unique<logical_thread>();

  ~thread_end() {
    leave_at_thread_end();
    if (port* const mine = std::exchange(state().replies, nullptr)) {
      mine->close();
      port::give_back(mine);
    }
    current_error_info_slot() = nullptr;
    state().logical = nullptr;
    state().calls.flush();
  }
};

}  // namespace

logical_thread& begin_logical_thread() {
  thread_local thread_end end;
  state().logical = end.base.get();
  current_error_info_slot() = &state().logical->errors;
  return *state().logical;
}

port& this_port() {
  if (state().replies == nullptr) {
    (void)current_logical_thread();  // registers the end of the thread, which retires the port
    state().replies = port::acquire();
    state().replies->note_cpu();
  }
  return *state().replies;
}

const GUID& current_causality() {
  logical_thread& running = current_logical_thread();
  if (running.causality == GUID{}) running.causality = new_guid();
  return running.causality;
}

}  // namespace insula
