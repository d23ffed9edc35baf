// SPDX-License-Identifier: MIT
#pragma once

#include "futex.hpp"
#include "spin_budget.hpp"
#include "work_item.hpp"

#include <insula/apartments/from_now.hpp>
#include <insula/core/test_gate.hpp>

#include <atomic>
#include <cstdint>

namespace insula {

/// Where one worker of the MTA's pool is handed its next item.
///
///   slot     | the worker                      | hand() does
///   ---------|---------------------------------|---------------------------------
///   null     | looks for work, awake           | stores the item
///   parked   | sleeps or is about to           | stores the item, wakes it
///   retired  | has gone or is going            | refuses
///   item     | has been given this             | never called
class mta_worker {
 public:
  enum class handed { awake, asleep, refused };

  /// From: whoever took the worker out of the idle stack.
  handed hand(work_item* item) noexcept {
    work_item* seen = slot_.load(std::memory_order_relaxed);
    do {
      if (seen == retired_mark()) return handed::refused;
    } while (!slot_.compare_exchange_weak(seen, item, std::memory_order_acq_rel,
                                          std::memory_order_relaxed));
    if (seen != parked_mark()) return handed::awake;
    signal_.raise();
    return handed::asleep;
  }

  /// The worker: waits for an item; null when none came for `patience` and it has retired.
  work_item* wait(std::chrono::nanoseconds patience, bool look) noexcept {
    const auto given = [this] {
      work_item* const seen = slot_.load(std::memory_order_relaxed);
      return seen != nullptr && seen != parked_mark();
    };
    if (!(look && budget_.spin(given)) && !given()) {
      work_item* expected = nullptr;
      if (slot_.compare_exchange_strong(expected, parked_mark(), std::memory_order_acq_rel))
        signal_.wait(from_now(patience));
      INSULA_TEST_GATE("mta_worker.retires");
      expected = parked_mark();
      if (slot_.compare_exchange_strong(expected, retired_mark(), std::memory_order_acq_rel))
        return nullptr;
    }
    return slot_.exchange(nullptr, std::memory_order_acq_rel);
  }

  /// A new thread takes the place of the one that has retired.
  void come_back() noexcept { slot_.store(nullptr, std::memory_order_relaxed); }

  mta_worker* below() const noexcept { return below_.load(std::memory_order_relaxed); }
  void put_on(mta_worker* below) noexcept { below_.store(below, std::memory_order_relaxed); }

 private:
  static work_item* parked_mark() noexcept { return &parked_; }
  static work_item* retired_mark() noexcept { return &retired_; }
  static inline work_item parked_;
  static inline work_item retired_;

  std::atomic<work_item*> slot_{nullptr};
  std::atomic<mta_worker*> below_{nullptr};  // atomic: read by a pop that may lose its race
  futex_signal signal_;
  spin_budget budget_;
};

/// The idle workers, last in first out: the one whose cache is warm goes first. Lock-free; a count
/// in the upper bits of the head tells a worker that came back from one that never left.
class idle_workers {
 public:
  void push(mta_worker* worker) noexcept {
    std::uint64_t seen = head_.load(std::memory_order_relaxed);
    do {
      worker->put_on(pointer_of(seen));
    } while (!head_.compare_exchange_weak(seen, packed(worker, seen), std::memory_order_acq_rel,
                                          std::memory_order_relaxed));
  }

  mta_worker* pop() noexcept {
    std::uint64_t seen = head_.load(std::memory_order_acquire);
    while (mta_worker* const top = pointer_of(seen)) {
      if (head_.compare_exchange_weak(seen, packed(top->below(), seen), std::memory_order_acq_rel,
                                      std::memory_order_acquire))
        return top;
    }
    return nullptr;
  }

 private:
  static constexpr int pointer_bits = 48;  // user space on x86-64 and AArch64
  static mta_worker* pointer_of(std::uint64_t word) noexcept {
    // NOLINTNEXTLINE(performance-no-int-to-ptr): the count is kept in the pointer's free bits
    return reinterpret_cast<mta_worker*>(word & ((std::uint64_t{1} << pointer_bits) - 1));
  }
  static std::uint64_t packed(mta_worker* worker, std::uint64_t previous) noexcept {
    return reinterpret_cast<std::uint64_t>(worker) |
           (((previous >> pointer_bits) + 1) << pointer_bits);
  }

  std::atomic<std::uint64_t> head_{0};
};

}  // namespace insula
