// SPDX-License-Identifier: MIT
#include "mta_pool.hpp"

#include "logical_thread.hpp"
#include "mta_worker.hpp"
#include "overflow_watch.hpp"
#include "port.hpp"
#include "stack_bounds.hpp"
#include "thread_name.hpp"
#include "wait_state.hpp"
#include "work_queue.hpp"

#include <insula/apartments/from_now.hpp>
#include <insula/core/sentence.hpp>
#include <insula/core/test_gate.hpp>
#include <insula/core/thread_safety.hpp>

#include <time.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

namespace insula {
namespace {

// Workers that are busy in code we cannot see into may be blocked by means we cannot see. So many
// may be before the pool asks whether anything still moves, each time after this while.
constexpr int busy_at_once = 16;
constexpr std::chrono::milliseconds stall_time{5};

std::atomic<int> most_threads{8192};  // atomic: a setting, ordered with nothing

// What the threads of the process have computed so far: who computes is not stuck.
std::chrono::nanoseconds time_on_cpus() noexcept {
  timespec used{};
  (void)::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return std::chrono::seconds{used.tv_sec} + std::chrono::nanoseconds{used.tv_nsec};
}

}  // namespace

/// Tells the thread that closes the pool that the last item has finished.
struct drained_notice : work_item {
  explicit drained_notice(port& closer) : home(closer) {
    kind = work_class::reply;
    run = [](work_item* item) noexcept {
      auto& mine = *static_cast<drained_notice*>(item);
      --mine.home.owed;
      mine.wait.resolve();
    };
    drop = run;
    ++home.owed;
  }
  port& home;
  wait_state wait;
};

struct mta_pool_state : std::enable_shared_from_this<mta_pool_state> {
  explicit mta_pool_state(std::chrono::nanoseconds of_workers) : patience(of_workers) {}

  struct worker_thread : mta_worker {
    std::thread thread;
    worker_thread* next_made = nullptr;
    worker_thread* next_retired = nullptr;
  };
  ~mta_pool_state() {
    while (workers != nullptr) delete std::exchange(workers, workers->next_made);
  }
  mta_pool_state(const mta_pool_state&) = delete;
  mta_pool_state& operator=(const mta_pool_state&) = delete;

  bool reserve() noexcept;
  inbox::push_result submit_reserved(work_item* item) noexcept;
  void match() noexcept;
  void grow_if_needed() noexcept;
  bool start_worker() noexcept;
  int start_workers(int wanted) noexcept;
  worker_thread* take_place();
  bool watch() noexcept;
  void refuse_if_all_wait() noexcept;
  void drop_waiting(HRESULT why) noexcept;
  void work(worker_thread& mine) noexcept;
  void watch_for_stalls() noexcept;
  void stop();
  void reuse(mta_worker* refused) noexcept;
  void run(work_item* item) noexcept;
  void finished() noexcept;

  const std::chrono::nanoseconds patience;  // fixed: so long an idle worker stays

  // Accepted and not finished items; the top bit refuses more. One word, so that nothing is
  // accepted after the last was seen to finish.
  static constexpr std::uint64_t closed_bit = std::uint64_t{1} << 63;
  std::atomic<std::uint64_t> pending{0};
  std::atomic<drained_notice*> drained{nullptr};  // told when `pending` falls to 0 after closing

  idle_workers idle;
  work_queue waiting;
  std::atomic<int> queued{0};   // items in `waiting`, or about to be
  std::atomic<int> total{0};    // threads
  std::atomic<int> blocked{0};  // threads inside a blocked_scope
  std::atomic<int> starting{0};
  std::atomic<std::uint64_t> served{0};
  std::atomic<std::size_t> growth_steps{0};
  std::atomic<bool> stopping{false};
  std::atomic<bool> watching{false};
  std::atomic<bool> told_of_refusal{false};
  std::atomic<bool> told_of_limit{false};

  std::mutex guard;
  std::condition_variable changed;
  worker_thread* workers = nullptr;  // guarded by guard: all that were ever made, owned
  worker_thread* retired = nullptr;  // guarded by guard: those of them not in `idle` any more
  int started = 0;                   // guarded by guard: for thread names
  std::thread watcher;               // guarded by guard
};

namespace {
thread_local constinit mta_pool_state* pool_of_this_thread = nullptr;
}

bool mta_pool_state::reserve() noexcept {
  if ((pending.fetch_add(1, std::memory_order_acq_rel) & closed_bit) == 0) return true;
  finished();
  return false;
}

inbox::push_result mta_pool_state::submit_reserved(work_item* item) noexcept {
  if (queued.load(std::memory_order_relaxed) == 0) {
    while (mta_worker* const worker = idle.pop()) {
      INSULA_TEST_GATE("mta_pool.taken");
      switch (worker->hand(item)) {
        case mta_worker::handed::awake:
          return inbox::push_result::queued;
        case mta_worker::handed::asleep:
          return inbox::push_result::must_wake;
        case mta_worker::handed::refused:
          reuse(worker);
          break;
      }
    }
  }
  queued.fetch_add(1, std::memory_order_seq_cst);
  waiting.push(item);
  match();
  grow_if_needed();
  return inbox::push_result::must_wake;
}

void mta_pool_state::run(work_item* item) noexcept {
  item->run(item);
  served.fetch_add(1, std::memory_order_relaxed);
  finished();
}

void mta_pool_state::finished() noexcept {
  if (pending.fetch_sub(1, std::memory_order_acq_rel) != closed_bit + 1) return;
  if (drained_notice* const notice = drained.exchange(nullptr, std::memory_order_acq_rel))
    (void)notice->home.push(notice);
}

// Brings queued items and idle workers together. Both sides call it after they have added their
// own, so of two that come at once at least one sees the other.
void mta_pool_state::match() noexcept {
  while (queued.load(std::memory_order_seq_cst) != 0) {
    mta_worker* const worker = idle.pop();
    if (worker == nullptr) return;
    work_item* const item = waiting.try_pop();
    if (item == nullptr) {
      // Announced, not there yet, or taken by a worker: whoever pushes it calls match again.
      idle.push(worker);
      if (queued.load(std::memory_order_seq_cst) == 0) return;
      std::this_thread::yield();
      continue;
    }
    queued.fetch_sub(1, std::memory_order_seq_cst);
    if (worker->hand(item) == mta_worker::handed::refused) {
      reuse(worker);
      queued.fetch_add(1, std::memory_order_seq_cst);
      waiting.push(item);
    }
  }
}

void mta_pool_state::grow_if_needed() noexcept {
  if (queued.load(std::memory_order_seq_cst) == 0) return;
  const int busy = total.load(std::memory_order_relaxed) - blocked.load(std::memory_order_relaxed);
  if (starting.load(std::memory_order_relaxed) >= queued.load(std::memory_order_relaxed)) return;
  if (busy < busy_at_once && start_worker()) return;
  // At the limit or out of threads while all there are wait: no watching helps.
  if (total.load(std::memory_order_seq_cst) <= blocked.load(std::memory_order_seq_cst) ||
      !watch())
    refuse_if_all_wait();
}

/// Somebody asks now and then whether the queue moves, and makes threads while it does not.
bool mta_pool_state::watch() noexcept {
  if (watching.exchange(true, std::memory_order_seq_cst)) return true;
  const std::lock_guard lock(guard);
  if (stopping.load(std::memory_order_relaxed)) return true;
  try {
    if (!watcher.joinable())
      watcher = std::thread([self = shared_from_this()] { self->watch_for_stalls(); });
  } catch (const std::exception&) {  // no thread, or no memory for one
    watching.store(false, std::memory_order_seq_cst);
    return false;
  }
  changed.notify_all();
  return true;
}

// The threads that run serve the queue when they come back. When there are none, or all of them
// wait for other apartments and no more can be had, nobody might ever: what is queued may be what
// they wait for.
void mta_pool_state::refuse_if_all_wait() noexcept {
  if (total.load(std::memory_order_seq_cst) > blocked.load(std::memory_order_seq_cst)) return;
  drop_waiting(RPC_E_OUT_OF_RESOURCES);
}

void mta_pool_state::drop_waiting(HRESULT why) noexcept {
  // What is dropped may let the next of its sequence come, and that one here again.
  thread_local bool dropping = false;
  if (std::exchange(dropping, true)) return;
  while (work_item* const item = waiting.try_pop()) {
    queued.fetch_sub(1, std::memory_order_seq_cst);
    item->code = why;
    item->drop(item);
    finished();
  }
  dropping = false;
}

// A worker retires where it stands, in the middle of the idle stack. Whoever takes it out next
// finds out, and only then may its place be used again.
void mta_pool_state::reuse(mta_worker* refused) noexcept {
  const std::lock_guard lock(guard);
  auto* const place = static_cast<worker_thread*>(refused);
  place->next_retired = std::exchange(retired, place);
}

/// How many it started. `wanted` may be none, or less: threads that start may outnumber the items.
int mta_pool_state::start_workers(int wanted) noexcept {
  int started_now = 0;
  while (started_now < wanted && start_worker()) ++started_now;
  return started_now;
}

/// Under the guard: where one more worker can stand. When there is no thread for it in the end, it
/// is for the caller to put it among the retired.
mta_pool_state::worker_thread* mta_pool_state::take_place() {
  if (retired == nullptr) {
    auto* const made = new worker_thread;
    made->next_made = std::exchange(workers, made);
    return made;
  }
  worker_thread* const place = std::exchange(retired, retired->next_retired);
  if (place->thread.joinable()) place->thread.join();
  place->come_back();
  return place;
}

/// False: the system gives no thread, or no memory for one, or there are as many as there may be.
bool mta_pool_state::start_worker() noexcept {
  const std::lock_guard lock(guard);
  if (stopping.load(std::memory_order_relaxed)) return true;
  if (total.load(std::memory_order_relaxed) >= most_threads.load(std::memory_order_relaxed)) {
    if (!told_of_limit.exchange(true, std::memory_order_relaxed))
      log_sentence(log_level::warn, [&] {
        return "the MTA's pool has as many threads as it may have (" +
               std::to_string(total.load(std::memory_order_relaxed)) +
               "): calls wait until one comes back, or are refused when all of them wait. Nest "
               "calls less deep, or see set_mta_thread_limit.";
      });
    return false;
  }
  starting.fetch_add(1, std::memory_order_relaxed);
  total.fetch_add(1, std::memory_order_relaxed);
  worker_thread* place = nullptr;
  try {
    place = take_place();
    place->thread = std::thread([self = shared_from_this(), place, number = started + 1] {
      std::array<char, 12> digits{};
      const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
      name_this_thread("insula-mta-", {digits.data(), end});
      self->work(*place);
    });
    ++started;
    return true;
  } catch (const std::exception& refused) {
    if (place != nullptr) place->next_retired = std::exchange(retired, place);
    starting.fetch_sub(1, std::memory_order_relaxed);
    if (!told_of_refusal.exchange(true, std::memory_order_relaxed))
      log_sentence(
          log_level::error,
          [&] {
            return "the MTA's pool got no thread beside its " +
                   std::to_string(total.load(std::memory_order_relaxed) - 1) + " (" +
                   refused.what() +
                   "): calls wait until one comes back, or are refused when there is none. Raise "
                   "the limit of threads, or nest calls less deep.";
          },
          "the MTA's pool got no thread: calls wait until one comes back, or are refused");
    total.fetch_sub(1, std::memory_order_seq_cst);
    return false;
  }
}

void mta_pool_state::work(worker_thread& mine) noexcept {
  const wide_stack_guard wide;
  const overflow_watch overflows;
  pool_of_this_thread = this;
  starting.fetch_sub(1, std::memory_order_relaxed);
  while (true) {
    work_item* item = nullptr;
    while ((item = waiting.try_pop()) != nullptr) {
      queued.fetch_sub(1, std::memory_order_seq_cst);
      run(item);
    }
    idle.push(&mine);
    match();
    // Either stop() finds this worker in the stack, or this worker finds out here.
    const bool ends = stopping.load(std::memory_order_seq_cst);
    item = mine.wait(ends ? std::chrono::nanoseconds{0} : patience, several_cpus() && !ends);
    if (item == nullptr) break;
    run(item);
  }
  total.fetch_sub(1, std::memory_order_seq_cst);
  // Who was refused a thread may have counted on this one.
  grow_if_needed();
  pool_of_this_thread = nullptr;
}

// While the queue does not move, it makes one thread, then two, then four: whatever those that
// there are wait for, a short call is soon served. While they compute, more of them would only take
// the processors from each other: one at a time.
void mta_pool_state::watch_for_stalls() noexcept {
  constexpr int most_at_once = 4096;
  name_this_thread("insula-mta-pool");
  const auto cpus = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  int step = 1;
  std::unique_lock lock(guard);
  while (!stopping.load(std::memory_order_relaxed)) {
    changed.wait(lock, [this] {
      return stopping.load(std::memory_order_relaxed) || watching.load(std::memory_order_relaxed);
    });
    const std::uint64_t before = served.load(std::memory_order_relaxed);
    const auto begun = std::chrono::steady_clock::now();
    const std::chrono::nanoseconds used_before = time_on_cpus();
    changed.wait_for(lock, stall_time,
                     [this] { return stopping.load(std::memory_order_relaxed); });
    if (queued.load(std::memory_order_seq_cst) == 0) {
      step = 1;
      watching.store(false, std::memory_order_seq_cst);
      // Who queued in between saw somebody watching.
      if (queued.load(std::memory_order_seq_cst) != 0)
        watching.store(true, std::memory_order_seq_cst);
      continue;
    }
    if (served.load(std::memory_order_relaxed) != before) {
      step = 1;
      continue;
    }
    const bool computes =
        (time_on_cpus() - used_before) * 2 >= (std::chrono::steady_clock::now() - begun) * cpus;
    const int unserved = queued.load(std::memory_order_seq_cst) -
                         starting.load(std::memory_order_relaxed);
    lock.unlock();
    if (start_workers(std::min(computes ? 1 : step, unserved)) != 0) {
      growth_steps.fetch_add(1, std::memory_order_relaxed);
      if (!computes) step = std::min(2 * step, most_at_once);
    } else if (unserved > 0) {
      refuse_if_all_wait();
    }
    lock.lock();
  }
}

void mta_pool_state::stop() {
  {
    const std::lock_guard lock(guard);
    stopping.store(true, std::memory_order_seq_cst);
    changed.notify_all();
  }
  // An item that does nothing makes an idle worker look at `stopping`.
  work_item wake_up;
  wake_up.run = [](work_item*) noexcept {};
  while (mta_worker* const worker = idle.pop()) {
    pending.fetch_add(1, std::memory_order_relaxed);
    if (worker->hand(&wake_up) == mta_worker::handed::refused)
      pending.fetch_sub(1, std::memory_order_relaxed);
  }
  for (worker_thread* place = workers; place != nullptr; place = place->next_made)
    if (place->thread.joinable()) place->thread.join();
  if (watcher.joinable()) watcher.join();
}

mta_pool::mta_pool(std::chrono::nanoseconds patience)
    : state_(std::make_shared<mta_pool_state>(patience)) {}

mta_pool::~mta_pool() {
  if (!left_alone_) state_->stop();
}

bool mta_pool::close(std::chrono::nanoseconds grace) {
  mta_pool_state& pool = *state_;
  drained_notice notice(this_port());
  pool.drained.store(&notice, std::memory_order_release);
  if (pool.pending.fetch_or(mta_pool_state::closed_bit, std::memory_order_acq_rel) == 0) {
    if (pool.drained.exchange(nullptr, std::memory_order_acq_rel) != nullptr)
      (void)notice.home.push(&notice);
  }
  const bool done = wait_for(notice.wait, from_now(grace), nullptr, true);
  if (!done && pool.drained.exchange(nullptr, std::memory_order_acq_rel) == nullptr) {
    // It is on its way after all.
    while (!wait_for(notice.wait, std::nullopt, nullptr, true)) notice.wait.expired = false;
  } else if (!done) {
    --notice.home.owed;
  }
  if (!done && pool.pending.load(std::memory_order_acquire) != mta_pool_state::closed_bit) {
    leave_alone();
    return false;
  }
  pool.stop();  // now: who holds the closed apartment, and for how long, is not known
  return true;
}

void mta_pool::leave_alone() noexcept {
  left_alone_ = true;
  std::unique_lock lock(state_->guard);
  state_->stopping.store(true, std::memory_order_seq_cst);
  for (auto* place = state_->workers; place != nullptr; place = place->next_made)
    if (place->thread.joinable()) place->thread.detach();
  if (state_->watcher.joinable()) state_->watcher.detach();
  state_->changed.notify_all();
  lock.unlock();
  state_->drop_waiting(RPC_E_DISCONNECTED);
}

bool mta_pool::reserve() { return state_->reserve(); }

void mta_pool::give_back_reserved() noexcept { state_->finished(); }

inbox::push_result mta_pool::submit_reserved(work_item* item) {
  return state_->submit_reserved(item);
}

std::size_t mta_pool::threads() const noexcept {
  return static_cast<std::size_t>(state_->total.load(std::memory_order_relaxed));
}

std::size_t mta_pool::growth_steps() const noexcept {
  return state_->growth_steps.load(std::memory_order_relaxed);
}

void mta_pool::limit_threads(std::size_t most) noexcept {
  constexpr std::size_t largest = 1u << 20;
  most_threads.store(static_cast<int>(std::clamp(most, std::size_t{1}, largest)),
                     std::memory_order_relaxed);
}

std::size_t mta_pool::thread_limit() noexcept {
  return static_cast<std::size_t>(most_threads.load(std::memory_order_relaxed));
}

bool mta_pool::on_worker() noexcept { return pool_of_this_thread != nullptr; }

mta_pool::blocked_scope::blocked_scope() noexcept : pool_(pool_of_this_thread) {
  if (pool_ == nullptr) return;
  pool_->blocked.fetch_add(1, std::memory_order_seq_cst);
  pool_->grow_if_needed();
}

mta_pool::blocked_scope::~blocked_scope() {
  if (pool_ != nullptr) pool_->blocked.fetch_sub(1, std::memory_order_relaxed);
}

}  // namespace insula
