// SPDX-License-Identifier: MIT
#include "open_apartments.hpp"

#include "neutral_apartment.hpp"

#include <insula/core/thread_safety.hpp>

#include <utility>
#include <vector>

namespace insula {
namespace {

struct open_apartments {
  mutex guard;
  std::size_t count INSULA_GUARDED_BY(guard) = 0;
  com_ptr<neutral_apartment> neutral INSULA_GUARDED_BY(guard);
  std::vector<std::shared_ptr<void> (*)() noexcept> takers INSULA_GUARDED_BY(guard);

  static open_apartments& instance() {
    static open_apartments* const only = new open_apartments;  // threads may end after main
    return *only;
  }
};

}  // namespace

void apartment_opened() noexcept {
  open_apartments& all = open_apartments::instance();
  const mutex_lock lock(all.guard);
  ++all.count;
}

void apartment_closed() {
  open_apartments& all = open_apartments::instance();
  std::vector<std::shared_ptr<void>> taken;  // dies last, outside the lock
  com_ptr<neutral_apartment> neutral;
  {
    const mutex_lock lock(all.guard);
    if (--all.count != 0) return;
    // Under the lock: what an apartment that opens now registers is not taken with the rest.
    neutral = std::exchange(all.neutral, nullptr);
    for (const auto take : all.takers) taken.push_back(take());
  }
  if (neutral) neutral->close();
}

com_ptr<neutral_apartment> open_neutral_apartment() {
  open_apartments& all = open_apartments::instance();
  const mutex_lock lock(all.guard);
  if (all.count != 0 && !all.neutral)
    all.neutral = com_ptr<neutral_apartment>(new neutral_apartment, take_ownership);
  return all.neutral;
}

void add_process_rundown(std::shared_ptr<void> (*take)() noexcept) {
  open_apartments& all = open_apartments::instance();
  const mutex_lock lock(all.guard);
  all.takers.push_back(take);
}

}  // namespace insula
