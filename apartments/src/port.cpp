// SPDX-License-Identifier: MIT
#include "port.hpp"

#include "wait_state.hpp"

#include <sched.h>

#include <array>
#include <new>
#include <utility>

namespace insula {

struct free_ports {
  mutex guard;
  port* first INSULA_GUARDED_BY(guard) = nullptr;
  std::array<port, 8> spares;
  std::size_t spares_taken INSULA_GUARDED_BY(guard) = 0;

  static free_ports& instance() {
    // Never destroyed: threads may end after main has returned.
    static free_ports* const list = new free_ports;
    return *list;
  }

  port* take() {
    const mutex_lock lock(guard);
    port* taken = first;
    if (taken != nullptr) first = taken->next_free_;
    return taken;
  }

  /// For threads that must wait to close something while there is no memory for a port. They come
  /// back to the list above.
  port* take_spare() {
    const mutex_lock lock(guard);
    return spares_taken == spares.size() ? nullptr : &spares[spares_taken++];
  }

  void put(port* freed) {
    const mutex_lock lock(guard);
    freed->next_free_ = first;
    first = freed;
  }
};

namespace {
std::atomic<std::size_t> made{0};  // atomic: a statistic
}

std::size_t port::count() noexcept { return made.load(std::memory_order_relaxed); }

port* port::acquire() {
  port* mine = free_ports::instance().take();
  if (mine == nullptr) {
    try {
      mine = new port;
      made.fetch_add(1, std::memory_order_relaxed);
      return mine;
    } catch (const std::bad_alloc&) {
      mine = free_ports::instance().take_spare();
      if (mine == nullptr) throw;
    }
  }
  mine->inbox_.reopen();
  return mine;
}

void port::close() noexcept {
  work_item* item = inbox_.close();
  while (item != nullptr) {
    work_item* const next = item->next;
    if (item->kind == work_class::reply) --owed;
    item->drop(item);
    item = next;
  }
}

void port::give_back(port* closed) noexcept {
  const int owed = std::exchange(closed->owed, 0);
  if (closed->unpaid_.fetch_add(owed, std::memory_order_acq_rel) + owed == 0)
    free_ports::instance().put(closed);
}

void port::owed_reply_refused() noexcept {
  if (unpaid_.fetch_sub(1, std::memory_order_acq_rel) == 1) free_ports::instance().put(this);
}

void port::wake() noexcept {
  if (has_foreign_.load(std::memory_order_acquire)) {
    // Under the lock: when use_pump has taken the pump away, nobody is still about to wake it.
    const mutex_lock lock(foreign_mutex_);
    if (foreign_) foreign_->wake();
  }
  signal_.raise();
}

int port::note_cpu() noexcept {
  const int here = ::sched_getcpu();
  // Others read it with every call: written only when it changes.
  if (cpu() != here) cpu_.store(here, std::memory_order_relaxed);
  return here;
}

bool port::park(bool look, spin_budget& budget) noexcept {
  if (look && budget.spin([this] { return inbox_.ready(); })) return false;
  // The mask of CPUs may change; now that time is lost anyway is the moment to ask again.
  if (++sleeps_ % 256 == 0) refresh_cpus();
  INSULA_TEST_GATE("port.park");
  if (!inbox_.try_park()) return false;
  INSULA_TEST_GATE("port.parked");
  return true;
}

void port::unpark() noexcept {
  inbox_.unpark();
  note_cpu();
}

void port::idle(std::optional<std::chrono::steady_clock::time_point> until, bool look,
                spin_budget& budget) noexcept {
  if (!park(look, budget)) return;
  signal_.wait(until);
  unpark();
}

void port::look_through_a_wake() noexcept {
  if (!reply_budget.take_paid() && ++waits_for_sleepers_ % 8 != 0) return;
  (void)spin_budget::spin_through_a_wake([this] { return inbox_.ready(); });
}

void port::use_pump(std::shared_ptr<pump> foreign) {
  const mutex_lock lock(foreign_mutex_);
  foreign_.swap(foreign);  // the other one ends after the lock
  has_foreign_.store(foreign_ != nullptr, std::memory_order_release);
}

}  // namespace insula
