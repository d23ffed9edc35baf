// SPDX-License-Identifier: MIT
#include "logical_thread.hpp"

#include "apartment_core.hpp"
#include "library_copies.hpp"
#include "membership.hpp"
#include "place.hpp"
#include "port.hpp"
#include "round_trip.hpp"

#include <pthread.h>

#include <cstddef>
#include <memory>
#include <new>
#include <utility>

namespace insula {

thread_local constinit thread_state thread_state_of_this_thread;

namespace {

thread_state& state() noexcept { return thread_state_of_this_thread; }

// Every thread's own logical thread lies with the thread: one that begins in the middle of what
// must not fail needs no memory for it. In bytes, so that the run time does not end it before its
// time.
alignas(logical_thread) thread_local constinit std::byte place_of_base[sizeof(logical_thread)] = {};

logical_thread* begin_base() noexcept { return new (place_of_base) logical_thread; }

// Ends what a thread holds, in this order.
void end_thread(logical_thread* base) noexcept {
  leave_at_thread_end();
  // exit() was called by code that an STA's thread runs: objects of static storage that end now may
  // wait for other apartments still, with what this thread has.
  if (state().host != nullptr) return;
  if (port* const mine = std::exchange(state().replies, nullptr)) {
    mine->close();
    port::give_back(mine);
  }
  run_as(nullptr);
  state().calls.flush();
  round_trip::flush();
  std::destroy_at(base);
}

thread_local constinit bool thread_has_ended = false;

struct thread_end {
  logical_thread* const base = begin_base();

  ~thread_end() {
    end_thread(base);
    thread_has_ended = true;
  }
};

// Destructors that run after the one above, of thread-local objects and, on the main thread, of
// static ones, may use apartments too. POSIX ends its keys last; those of the main thread never.
logical_thread* begin_again() {
  static const pthread_key_t key = [] {
    pthread_key_t made{};
    if (::pthread_key_create(&made, [](void* base) {
          end_thread(static_cast<logical_thread*>(base));
        }) != 0)
      throw std::bad_alloc();
    return made;
  }();
  if (::pthread_setspecific(key, place_of_base) != 0) throw std::bad_alloc();
  return begin_base();
}

logical_thread* begin_first() {
  thread_local const thread_end end;
  return end.base;
}

}  // namespace

logical_thread& begin_logical_thread() {
  run_as(thread_has_ended ? begin_again() : begin_first());
  look_for_another_copy();
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

port* this_port_or_null() noexcept {
  try {
    return &this_port();
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}

const GUID& current_causality() {
  logical_thread& running = current_logical_thread();
  if (running.causality == GUID{}) running.causality = new_guid();
  return running.causality;
}

}  // namespace insula
