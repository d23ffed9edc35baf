// SPDX-License-Identifier: MIT
#include "deadline_clock.hpp"

#include "thread_name.hpp"

#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

namespace insula {
namespace {

struct clock_state {
  std::mutex guard;
  std::condition_variable changed;
  struct entry {
    std::uint64_t id;
    std::function<void()> body;
  };
  std::multimap<std::chrono::steady_clock::time_point, entry> entries;  // guarded by guard
  std::uint64_t last_id = 0;                                            // guarded by guard
  std::uint64_t running = 0;                                            // guarded by guard
  std::thread::id thread;                                               // guarded by guard
  bool serving = false;                                                 // guarded by guard

  static clock_state& instance() {
    static clock_state* const only = new clock_state;  // threads may end after main
    return *only;
  }

  void serve() {
    name_this_thread("insula-clock");
    std::unique_lock lock(guard);
    thread = std::this_thread::get_id();
    while (!entries.empty()) {
      const auto next = entries.begin();
      if (std::chrono::steady_clock::now() < next->first) {
        const auto until = next->first;
        changed.wait_until(lock, until);
        continue;
      }
      const entry due = std::move(next->second);
      entries.erase(next);
      running = due.id;
      lock.unlock();
      due.body();
      lock.lock();
      running = 0;
      changed.notify_all();
    }
    thread = {};
    serving = false;
  }
};

}  // namespace

deadline_clock::registration deadline_clock::at(std::chrono::steady_clock::time_point when,
                                                std::function<void()> body) {
  clock_state& clock = clock_state::instance();
  const std::lock_guard lock(clock.guard);
  const std::uint64_t id = ++clock.last_id;
  clock.entries.emplace(when, clock_state::entry{id, std::move(body)});
  if (!clock.serving) {
    clock.serving = true;
    std::thread([&clock] { clock.serve(); }).detach();  // it ends when it has nothing left to do
  }
  clock.changed.notify_all();
  return registration(id);
}

deadline_clock::registration& deadline_clock::registration::operator=(
    registration&& other) noexcept {
  if (this != &other) {
    reset();
    id_ = std::exchange(other.id_, 0);
  }
  return *this;
}

void deadline_clock::registration::reset() noexcept {
  if (id_ == 0) return;
  const std::uint64_t id = std::exchange(id_, 0);
  std::function<void()> removed;  // dies outside the lock
  clock_state& clock = clock_state::instance();
  std::unique_lock lock(clock.guard);
  for (auto it = clock.entries.begin(); it != clock.entries.end(); ++it) {
    if (it->second.id != id) continue;
    removed = std::move(it->second.body);
    clock.entries.erase(it);
    break;
  }
  clock.changed.notify_all();
  // From the body itself: it cannot wait for its own end.
  if (clock.thread == std::this_thread::get_id()) return;
  clock.changed.wait(lock, [&] { return clock.running != id; });
}

}  // namespace insula
