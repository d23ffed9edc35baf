// SPDX-License-Identifier: MIT
#pragma once

#include "call_cache.hpp"

#include <insula/apartments/call_options.hpp>
#include <insula/core/error_info.hpp>
#include <insula/core/guid.hpp>

#include <chrono>
#include <cstdint>
#include <optional>

namespace insula {

class apartment_core;
class apartment_scope;
class host_thread;
class call;
class call_line;
class port;
struct parked_wait;
struct work_item;

/// What COM calls the logical thread: what the running code is part of, as opposed to which stack
/// or processor thread it is on. One on every fiber and every ordinary thread; entering a call
/// fills it with the caller's causality, leaving restores it.
struct logical_thread {
  apartment_core* apartment = nullptr;  // owner: where the code runs; null: nowhere yet
  apartment_core* beneath = nullptr;    // owner: inside the neutral apartment: come from; else null
  GUID causality{};                     // owner: GUID_NULL until first asked for
  call* serving = nullptr;            // owner: innermost call being served
  call_line* line = nullptr;          // owner: sequenced calls it works for; held by who runs it
  const apartment_scope* scope = nullptr;  // owner: innermost around the running code
  std::uint16_t link = 0;               // owner: with the causality, the chain (call_chain.hpp)
  bool waited_for = false;              // owner: another piece of code waits for the running one
  // Owner: what runs from this scope on may wait no more, its apartment closes; null: it may.
  const apartment_scope* given_up = nullptr;
  const parked_wait* parked = nullptr;  // owner: what it waits for while another fiber runs
  const apartment_core* closes = nullptr;  // owner: it waits for this one to close
  std::optional<std::chrono::steady_clock::time_point> until;  // owner: deadline in force
  call_fate fate = call_fate::unknown;  // owner: of the last call that ended before its answer
  bool in_send = false;                 // owner: serving a synchronous send: may not call out
  std::uint16_t call_depth = 0;         // owner: calls that wait for each other, up to this code
  error_info_slot errors;               // owner: error info of this logical thread
};

/// What a thread keeps for its next round trips.
struct trip_cache {
  work_item* first = nullptr;
  unsigned count = 0;
};

/// Everything the runtime knows about one processor thread. Owner: that thread.
struct thread_state {
  logical_thread* logical = nullptr;  // null until first asked for: then `base` or the fiber's
  host_thread* host = nullptr;        // this thread serves STAs
  port* replies = nullptr;            // made when this thread first waits
  apartment_core* home = nullptr;     // the apartment it was initialised into; none: null
  bool left_at_end = false;           // its end left `home`, and leases that end later need not
  unsigned initialisations = 0;       // CoInitializeEx calls to be balanced
  call_cache calls;                   // call objects at rest
  trip_cache trips;                   // round trips at rest
};

extern thread_local constinit thread_state thread_state_of_this_thread;

/// The calling thread's state.
inline thread_state& this_thread() noexcept { return thread_state_of_this_thread; }

/// Registers the end of the thread and gives it its own logical thread.
logical_thread& begin_logical_thread();

/// The logical thread that is running.
inline logical_thread& current_logical_thread() {
  logical_thread* const running = this_thread().logical;
  return running != nullptr ? *running : begin_logical_thread();
}

/// The calling thread's port, made on first use and given back when the thread ends.
/// Fails: throws std::bad_alloc.
port& this_port();
/// The same, or null when there is no memory.
port* this_port_or_null() noexcept;

/// The causality id in force: the running call's, else this thread's own, made on first use.
const GUID& current_causality();

}  // namespace insula
