// SPDX-License-Identifier: MIT
#include "mta_apartment.hpp"

#include "call.hpp"
#include "fork_watch.hpp"
#include "membership.hpp"
#include "open_apartments.hpp"

#include <insula/core/log.hpp>
#include <insula/core/thread_safety.hpp>

#include <exception>
#include <new>
#include <thread>
#include <utility>

namespace insula {
namespace {

// Read by every thread without an apartment of its own; changed only under the lock below.
std::atomic<apartment_core*> current_mta{nullptr};

struct mta_holders {
  mutex guard;
  com_ptr<mta_apartment> current INSULA_GUARDED_BY(guard);
  std::size_t count INSULA_GUARDED_BY(guard) = 0;
  // The one before: a thread that was in it implicitly may still look at the pointer it had read.
  com_ptr<mta_apartment> last_closed INSULA_GUARDED_BY(guard);

  static mta_holders& instance() {
    static mta_holders* const only = new mta_holders;  // threads may end after main
    return *only;
  }
};

}  // namespace

apartment_core* implicit_mta() noexcept { return current_mta.load(std::memory_order_acquire); }

inbox::push_result mta_apartment::submit(work_item* item) noexcept {
  item->target = this;
  // Counted first: once a sequence has it, it may run at any moment, and closing must wait for it.
  if (!pool_.reserve()) return inbox::push_result::closed;
  try {
    if (item->kind == work_class::call && sequences_.hold_back(*static_cast<insula::call*>(item)))
      return inbox::push_result::must_wake;
  } catch (const std::bad_alloc&) {
    item->code = E_OUTOFMEMORY;
    pool_.give_back_reserved();
    return inbox::push_result::closed;
  }
  return pool_.submit_reserved(item);
}

void mta_apartment::served_in_sequence(insula::call& served) noexcept {
  if (insula::call* const next = sequences_.after(served)) (void)pool_.submit_reserved(next);
}

bool mta_apartment::runs_here() {
  // Only a thread of the MTA that is inside the neutral apartment gets here with a proxy.
  const apartment_core* const here = current_apartment();
  return here != nullptr && here->kind() == apartment_kind::neutral && thread_apartment() == this &&
         !closing();
}

void mta_apartment::close(std::chrono::nanoseconds grace) {
  closing_.store(true, std::memory_order_release);
  if (!pool_.close(grace))
    log(log_level::error,
        "the MTA closes while calls inside it do not return; their threads are left alone");
  const apartment_scope inside(*this, GUID{}, nullptr);
  close_exports();
  release_imports();
  closed_.store(true, std::memory_order_release);
  run_down();
  report_lost_work();
}

namespace {

void end_mta(com_ptr<mta_apartment> closing, std::chrono::nanoseconds grace) {
  closing->close(grace);
  apartment_closed(*closing);
  mta_holders& holders = mta_holders::instance();
  // Dies outside the lock.
  com_ptr<mta_apartment> before;
  const mutex_lock lock(holders.guard);
  before = std::exchange(holders.last_closed, std::move(closing));
}

}  // namespace

com_ptr<mta_apartment> hold_mta() {
  mta_holders& holders = mta_holders::instance();
  const mutex_lock lock(holders.guard);
  if (holders.count == 0) {
    holders.current = com_ptr<mta_apartment>(new mta_apartment, take_ownership);
    current_mta.store(holders.current.get(), std::memory_order_release);
    apartment_opened(*holders.current);
  }
  ++holders.count;
  return holders.current;
}

void release_mta(std::chrono::nanoseconds grace) {
  if (in_forked_child()) return;
  mta_holders& holders = mta_holders::instance();
  com_ptr<mta_apartment> closing;
  {
    const mutex_lock lock(holders.guard);
    if (--holders.count != 0) return;
    closing = std::exchange(holders.current, nullptr);
    current_mta.store(nullptr, std::memory_order_release);
  }
  const bool waited_for = current_logical_thread().waited_for || mta_pool::on_worker();
  if (!waited_for) return end_mta(std::move(closing), grace);
  // The last hold went in a call, invoke or send that the MTA itself may be waiting for, or serve:
  // it ends when that has returned.
  try {
    std::thread([closing, grace] { end_mta(closing, grace); }).detach();
  } catch (const std::exception&) {  // no thread, or no memory for one
    end_mta(std::move(closing), std::chrono::nanoseconds{0});
  }
}

}  // namespace insula
