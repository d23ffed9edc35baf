// SPDX-License-Identifier: MIT
#include "call_cache.hpp"

#include "call.hpp"

#include <insula/core/thread_safety.hpp>

#include <utility>
#include <vector>

namespace insula {
namespace {

constexpr std::size_t batch_size = 32;

struct depot {
  mutex guard;
  std::vector<call_cache::batch> batches INSULA_GUARDED_BY(guard);

  static depot& instance() {
    static depot* const only = new depot;  // never destroyed: threads may end after main
    return *only;
  }

  call_cache::batch take() {
    const mutex_lock lock(guard);
    if (batches.empty()) return {};
    const call_cache::batch taken = batches.back();
    batches.pop_back();
    return taken;
  }

  void give(const call_cache::batch& full) noexcept {
    const mutex_lock lock(guard);
    batches.push_back(full);  // there is room
  }

  /// Before a call object is made: giving must never need memory, not even when each call object
  /// comes back in a batch of its own.
  void make_room() {
    const mutex_lock lock(guard);
    if (batches.capacity() <= calls) batches.reserve(2 * calls + batch_size);
    ++calls;
  }
  void give_room_back() noexcept {
    const mutex_lock lock(guard);
    --calls;
  }
  std::size_t calls INSULA_GUARDED_BY(guard) = 0;
};

// The thread that rested a call may be another one: so its cache lines are under way when it is
// taken.
void fetch_ahead(const work_item* resting) noexcept {
  const auto* const bytes = reinterpret_cast<const std::byte*>(resting);
  __builtin_prefetch(bytes, 1);
  __builtin_prefetch(bytes + 64, 1);
  __builtin_prefetch(bytes + 128, 1);
}

}  // namespace

void call_cache::batch::push(work_item* rested) noexcept {
  rested->next = std::exchange(first, rested);
  ++count;
}

work_item* call_cache::batch::pop() noexcept {
  work_item* const taken = first;
  if (taken != nullptr) {
    first = taken->next;
    --count;
    if (first != nullptr) fetch_ahead(first);
  }
  return taken;
}

call* call_cache::take() {
  if (current_.count == 0) {
    std::swap(current_, reserve_);
    if (current_.count == 0) current_ = depot::instance().take();
    if (current_.count == 0) {
      depot::instance().make_room();
      try {
        return call::make();
      } catch (...) {
        depot::instance().give_room_back();
        throw;
      }
    }
  }
  return static_cast<call*>(current_.pop());
}

void call_cache::give(call* rested) noexcept {
  if (current_.count == batch_size) {
    if (reserve_.count != 0) depot::instance().give(reserve_);
    reserve_ = std::exchange(current_, {});
  }
  current_.push(rested);
}

void call_cache::flush() noexcept {
  for (batch* kept : {&current_, &reserve_})
    if (kept->count != 0) depot::instance().give(std::exchange(*kept, {}));
}

}  // namespace insula
