// SPDX-License-Identifier: MIT
#include "wait_state.hpp"

#include "host_thread.hpp"
#include "mta_pool.hpp"
#include "port.hpp"

#include <sched.h>
#include <unistd.h>

#include <atomic>

namespace insula {
namespace {

// Those of the first thread stand for the process: the calling thread may be pinned to one while
// those it works with run on others.
int count_cpus() noexcept {
  cpu_set_t mask;
  return ::sched_getaffinity(::getpid(), sizeof mask, &mask) == 0 ? CPU_COUNT(&mask) : 2;
}

std::atomic<int> cpus{0};  // atomic: a hint; 0: not asked yet

}  // namespace

bool several_cpus() noexcept {
  const int known = cpus.load(std::memory_order_relaxed);
  if (known != 0) return known > 1;
  refresh_cpus();
  return cpus.load(std::memory_order_relaxed) > 1;
}

bool look_pays(int other_cpu, int here) noexcept {
  return other_cpu >= 0 ? other_cpu != here : several_cpus();
}

void refresh_cpus() noexcept { cpus.store(count_cpus(), std::memory_order_relaxed); }

bool wait_for(wait_state& wait, const deadline& until, const port* other, bool look) {
  if (host_thread* const host = this_thread().host) return host->wait(wait, until, other, look);
  const mta_pool::blocked_scope blocked;
  port& mine = this_port();
  const int here = mine.note_cpu();
  const bool pays = look_pays(other != nullptr ? other->cpu() : -1, here);
  if (pays && !look) mine.look_through_a_wake();
  look = look && pays;
  while (true) {
    work_item* item = mine.take_all();
    while (item != nullptr) {
      work_item* const next = item->next;
      item->run(item);
      item = next;
    }
    if (wait.done) return true;
    if (until && std::chrono::steady_clock::now() >= *until) {
      wait.expired = true;
      return false;
    }
    mine.idle(until, look, mine.reply_budget);
  }
}

}  // namespace insula
