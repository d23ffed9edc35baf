// SPDX-License-Identifier: MIT
#include "open_apartments.hpp"

#include "fork_watch.hpp"
#include "neutral_apartment.hpp"

#include <insula/core/thread_safety.hpp>

#include <utility>
#include <vector>

namespace insula {
namespace {

struct open_apartments {
  mutex guard;
  apartment_core* first INSULA_GUARDED_BY(guard) = nullptr;
  com_ptr<neutral_apartment> neutral INSULA_GUARDED_BY(guard);
  std::vector<std::shared_ptr<void> (*)() noexcept> takers INSULA_GUARDED_BY(guard);
  // Room for what they take: to let go of it must not need memory.
  std::vector<std::shared_ptr<void>> room INSULA_GUARDED_BY(guard);

  static open_apartments& instance() {
    static open_apartments* const only = new open_apartments;  // threads may end after main
    return *only;
  }
};

// In a forked child, whose only thread it is: the lock may be held by one that is not there.
bool any_open() INSULA_NO_THREAD_SAFETY_ANALYSIS {
  return open_apartments::instance().first != nullptr;
}

}  // namespace

void apartment_opened(apartment_core& opened) noexcept {
  watch_forks(&any_open);
  open_apartments& all = open_apartments::instance();
  const mutex_lock lock(all.guard);
  opened.open_list.after = all.first;
  if (all.first != nullptr) all.first->open_list.before = &opened;
  all.first = &opened;
}

com_ptr<apartment_core> find_open_apartment(function_ref<bool(const apartment_core&)> is_meant) {
  open_apartments& all = open_apartments::instance();
  const mutex_lock lock(all.guard);
  for (apartment_core* one = all.first; one != nullptr; one = one->open_list.after)
    if (is_meant(*one)) return com_ptr<apartment_core>(one);
  if (all.neutral && is_meant(*all.neutral)) return all.neutral;
  return nullptr;
}

void apartment_closed(apartment_core& closed) {
  open_apartments& all = open_apartments::instance();
  std::vector<std::shared_ptr<void>> taken;  // dies last, outside the lock
  com_ptr<neutral_apartment> neutral;
  {
    const mutex_lock lock(all.guard);
    const auto [before, after] = std::exchange(closed.open_list, {});
    (before != nullptr ? before->open_list.after : all.first) = after;
    if (after != nullptr) after->open_list.before = before;
    if (all.first != nullptr) return;
    // Under the lock: what an apartment that opens now registers is not taken with the rest.
    neutral = std::exchange(all.neutral, nullptr);
    taken.swap(all.room);
    for (const auto take : all.takers) taken.push_back(take());
  }
  if (neutral) neutral->close();
  taken.clear();
  const mutex_lock lock(all.guard);
  if (all.room.capacity() < taken.capacity()) all.room.swap(taken);
}

com_ptr<neutral_apartment> open_neutral_apartment() {
  open_apartments& all = open_apartments::instance();
  const mutex_lock lock(all.guard);
  if (all.first != nullptr && !all.neutral)
    all.neutral = com_ptr<neutral_apartment>(new neutral_apartment, take_ownership);
  return all.neutral;
}

void add_process_rundown(std::shared_ptr<void> (*take)() noexcept) {
  open_apartments& all = open_apartments::instance();
  const mutex_lock lock(all.guard);
  all.room.reserve(all.takers.size() + 1);
  all.takers.push_back(take);
}

}  // namespace insula
