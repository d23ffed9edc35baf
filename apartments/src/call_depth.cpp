// SPDX-License-Identifier: MIT
#include "call_depth.hpp"

#include "call.hpp"
#include "host_thread.hpp"
#include "logical_thread.hpp"
#include "mta_pool.hpp"
#include "stack_bounds.hpp"

#include <insula/apartments/call_limits.hpp>
#include <insula/core/thread_safety.hpp>

#include <algorithm>
#include <array>
#include <limits>
#include <vector>

namespace insula {

constinit std::atomic<std::uint16_t> call_depth_limit_now{16384};

namespace {

struct noted_call {
  GUID causality{};
  IID iid{};
  ULONG method = 0;
};

/// The latest calls of all chains that came near the limit. Few ever do: a lock, and the oldest
/// are overwritten.
struct deep_calls {
  mutex guard;
  std::array<noted_call, 16 * deep_calls_noted> calls INSULA_GUARDED_BY(guard){};
  std::size_t next INSULA_GUARDED_BY(guard) = 0;

  static deep_calls& instance() noexcept {
    static constinit deep_calls only;
    return only;
  }

  void note(const noted_call& made) noexcept {
    const mutex_lock lock(guard);
    calls[next++ % calls.size()] = made;
  }

  /// Oldest first.
  std::vector<noted_call> of(const GUID& causality) {
    std::vector<noted_call> found;
    const mutex_lock lock(guard);
    for (std::size_t i = 0; i != calls.size(); ++i) {
      const noted_call& one = calls[(next + i) % calls.size()];
      if (one.causality == causality) found.push_back(one);
    }
    return found;
  }
};

}  // namespace

bool note_deep_call(unsigned depth, REFIID iid, ULONG method) noexcept {
  deep_calls::instance().note({current_logical_thread().causality, iid, method});
  return may_nest(depth);
}

std::string why_too_deep() {
  const logical_thread& running = current_logical_thread();
  std::string text = "the calls that wait for each other are " +
                     std::to_string(running.call_depth) + " deep, as deep as they may be";
  std::vector<std::string> names;
  for (const noted_call& one : deep_calls::instance().of(running.causality)) {
    std::string name = called_method(one.iid, one.method);
    if (std::ranges::find(names, name) == names.end()) names.push_back(std::move(name));
  }
  for (std::size_t i = 0; i != names.size(); ++i)
    text += (i == 0 ? ", lately through " : ", ") + names[i];
  return text + ". End the recursion, or allow more (set_call_depth_limit).";
}

std::string why_no_room(apartment_kind kind) {
  switch (kind) {
    case apartment_kind::sta:
      return "all stacks of its thread wait for other calls, and there is no memory for one more, "
             "or sta_options::fiber_limit allows none. Nest calls less deep, or allow more.";
    case apartment_kind::mta:
      return "all threads of the MTA wait for other calls, and the system gives no more, or "
             "set_mta_thread_limit allows none. Nest calls less deep, or allow more.";
    default:
      return "it would have run on the stack of the calling thread, which is used up. Nest calls "
             "less deep.";
  }
}

bool stack_for_a_call() noexcept {
  constexpr std::ptrdiff_t enough = std::ptrdiff_t{128} * 1024;
  const thread_state& thread = this_thread();
  if (thread.host != nullptr) return thread.host->enough_stack();
  thread_local const stack_bounds own = own_stack();
  const char* const here = static_cast<const char*>(__builtin_frame_address(0));
  // Code on a stack that somebody else has made is not known to be short of it.
  const bool on_it = own.bottom != nullptr && here >= own.bottom && here < own.bottom + own.size;
  return !on_it || here - own.bottom > enough;
}

void set_call_depth_limit(std::size_t most) noexcept {
  constexpr std::size_t largest = std::numeric_limits<std::uint16_t>::max();
  call_depth_limit_now.store(static_cast<std::uint16_t>(std::clamp(most, std::size_t{1}, largest)),
                             std::memory_order_relaxed);
}

std::size_t call_depth_limit() noexcept {
  return call_depth_limit_now.load(std::memory_order_relaxed);
}

void set_mta_thread_limit(std::size_t most) noexcept { mta_pool::limit_threads(most); }

std::size_t mta_thread_limit() noexcept { return mta_pool::thread_limit(); }

}  // namespace insula
