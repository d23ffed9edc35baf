// SPDX-License-Identifier: MIT
#include "deadline_clock.hpp"

#include "thread_name.hpp"

#include <insula/core/exception.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

namespace insula {
namespace {

using time_point = std::chrono::steady_clock::time_point;
using ticks = time_point::rep;

constexpr ticks never = time_point::max().time_since_epoch().count();
// So long the thread stays when nothing is registered: a caller who makes one call with a timeout
// after the other does not make a thread for each.
constexpr std::chrono::milliseconds patience{20};

thread_local constinit bool on_clock_thread = false;

/// Entries of some of the threads, so that those who register do not meet at one lock.
struct alignas(64) shard {
  using entry_map = std::map<std::pair<time_point, std::uint64_t>, std::function<void()>>;

  std::mutex guard;
  std::condition_variable ended;    // a body has run
  entry_map entries;                // guarded by guard: by time, then by id
  std::uint64_t last_id = 0;        // guarded by guard
  std::uint64_t running = 0;        // guarded by guard
  std::atomic<ticks> first{never};  // atomic: written under guard, read by the clock

  void note_first() noexcept {
    const ticks soonest =
        entries.empty() ? never : entries.begin()->first.first.time_since_epoch().count();
    first.store(soonest, std::memory_order_seq_cst);
  }

  /// Runs what is due. From: the clock's thread.
  void run_due() {
    std::unique_lock lock(guard);
    while (!entries.empty() && entries.begin()->first.first <= std::chrono::steady_clock::now()) {
      const auto due = entries.extract(entries.begin());
      note_first();
      running = due.key().second;
      lock.unlock();
      due.mapped()();
      lock.lock();
      running = 0;
      ended.notify_all();
    }
  }
};

/// Whoever registers stores the time in its shard and looks then until when the clock sleeps; the
/// clock stores until when it will sleep and looks then at the shards. So of two that do so at once
/// at least one sees the other.
struct clock_state {
  static constexpr std::size_t shard_count = 16;
  std::array<shard, shard_count> shards;
  std::atomic<ticks> sleeps_until{never};  // never: also when there is no thread

  std::mutex guard;
  std::condition_variable changed;
  bool poked = false;    // guarded by guard
  bool serving = false;  // guarded by guard

  static clock_state& instance() {
    static clock_state* const only = new clock_state;  // threads may end after main
    return *only;
  }

  static std::size_t shard_of_this_thread() noexcept {
    static std::atomic<std::size_t> threads{0};
    thread_local const std::size_t mine = threads.fetch_add(1, std::memory_order_relaxed);
    return mine % shard_count;
  }

  shard& shard_of(std::uint64_t id) noexcept { return shards[id % shard_count]; }

  [[nodiscard]] ticks soonest() const noexcept {
    ticks found = never;
    for (const shard& one : shards)
      found = std::min(found, one.first.load(std::memory_order_seq_cst));
    return found;
  }

  /// The clock must look again. Throws when it needs a thread and gets none.
  void poke() {
    const std::lock_guard lock(guard);
    if (!serving) {
      try {
        std::thread([this] { serve(); }).detach();
      } catch (const std::system_error& refused) {
        throw com_error(RPC_E_OUT_OF_RESOURCES,
                        std::string("the system gave no thread to watch over timeouts (") +
                            refused.what() + "). Raise the limit of threads, or call without one.");
      }
      serving = true;
    }
    poked = true;
    changed.notify_all();
  }

  /// The last entry has gone: the thread is not to sleep until that was due. Seldom needed while
  /// entries come and go one after the other, as the thread then sleeps for its patience only.
  void let_go() noexcept {
    const ticks until = sleeps_until.load(std::memory_order_seq_cst);
    const time_point soon = std::chrono::steady_clock::now() + patience;
    if (until == never || until <= soon.time_since_epoch().count() || soonest() != never) return;
    const std::lock_guard lock(guard);
    poked = serving;
    changed.notify_all();
  }

  void serve() {
    name_this_thread("insula-clock");
    on_clock_thread = true;
    bool was_idle = false;
    while (true) {
      for (shard& one : shards) one.run_due();
      const ticks next = soonest();
      const time_point now = std::chrono::steady_clock::now();
      const bool idle = next == never;
      const time_point until = idle ? now + patience : time_point(time_point::duration(next));
      const bool ends = idle && was_idle;
      sleeps_until.store(ends ? never : until.time_since_epoch().count(),
                         std::memory_order_seq_cst);
      was_idle = idle;
      if (soonest() < next) continue;
      std::unique_lock lock(guard);
      if (std::exchange(poked, false)) continue;
      if (ends) {
        serving = false;
        return;
      }
      changed.wait_until(lock, until, [this] { return poked; });
      poked = false;
    }
  }
};

}  // namespace

deadline_clock::registration deadline_clock::at(std::chrono::steady_clock::time_point when,
                                                std::function<void()> body) {
  clock_state& clock = clock_state::instance();
  shard::entry_map made;  // what needs memory happens before anything has changed
  made.emplace(std::pair(when, std::uint64_t{0}), std::move(body));
  auto entry = made.extract(made.begin());
  const std::size_t index = clock_state::shard_of_this_thread();
  shard& mine = clock.shards[index];
  std::uint64_t id = 0;
  {
    const std::lock_guard lock(mine.guard);
    id = ++mine.last_id * clock_state::shard_count + index;
    entry.key().second = id;
    mine.entries.insert(std::move(entry));
    mine.note_first();
  }
  registration registered(when, id);  // taken out again when there is no thread
  if (when.time_since_epoch().count() < clock.sleeps_until.load(std::memory_order_seq_cst))
    clock.poke();
  return registered;
}

deadline_clock::registration& deadline_clock::registration::operator=(
    registration&& other) noexcept {
  if (this != &other) {
    reset();
    when_ = other.when_;
    id_ = std::exchange(other.id_, 0);
  }
  return *this;
}

void deadline_clock::registration::reset() noexcept {
  if (id_ == 0) return;
  const std::uint64_t id = std::exchange(id_, 0);
  clock_state& clock = clock_state::instance();
  shard& home = clock.shard_of(id);
  shard::entry_map::node_type removed;  // dies outside the lock
  std::unique_lock lock(home.guard);
  removed = home.entries.extract({when_, id});
  home.note_first();
  // From the body itself: it cannot wait for its own end.
  if (on_clock_thread) return;
  home.ended.wait(lock, [&] { return home.running != id; });
  const bool last = home.entries.empty();
  lock.unlock();
  if (last) clock.let_go();
}

}  // namespace insula
