// SPDX-License-Identifier: MIT
//
// one-way: calls whose result nobody wants, one producer, producer and owner each pinned to a CPU
// of its own, against tbb::concurrent_queue, which the consumer polls, with items of 24 bytes: a
// target, a method and the two arguments. In bursts of 20,000; a burst ends when the last item was
// consumed. The figure is the time of all bursts divided by the number of items.
#include "cases.hpp"
#include "proxy_in.hpp"

#include <insula/apartments/async.hpp>
#include <insula/core/implements.hpp>
#include <insula/marshal/interface.hpp>

#include <tbb/concurrent_queue.h>

#include <atomic>
#include <latch>
#include <thread>

namespace insula::bench {

struct ITally : IUnknown {
  virtual void count(std::uint32_t a, std::uint32_t b) = 0;
  virtual std::uint64_t total() = 0;
};
INSULA_INTERFACE(ITally, IUnknown, "6e0b7a52-6a0c-4b54-9a5e-0f6d3b0c1a04", (count), (total));

namespace {

constexpr std::uint32_t burst = 20'000;
constexpr std::chrono::milliseconds at_least{40};

int producer_cpu() { return usable_cpus().at(0); }
int consumer_cpu() { return usable_cpus().at(1); }

/// `send_burst` returns the sum of what the consumer got.
template <class SendBurst>
void bursts(subject_log& log, SendBurst send_burst) {
  require_sum(send_burst(), burst, 7);
  std::uint32_t sent = 0;
  const bench_clock::time_point begin = bench_clock::now();
  bench_clock::time_point end = begin;
  while (end - begin < at_least) {
    require_sum(send_burst(), burst, 7);
    sent += burst;
    end = bench_clock::now();
  }
  log.round(nanoseconds_between(begin, end) / sent);
}

class tally : public implements<tally, ITally> {
 public:
  void count(std::uint32_t a, std::uint32_t b) override { total_ += a + b; }
  std::uint64_t total() override { return std::exchange(total_, 0); }

 private:
  std::uint64_t total_ = 0;
};

class notifications final : public subject {
 public:
  void round(subject_log& log) override {
    tally_.caller().run([&] {
      ITally* const counted = tally_.get();
      bursts(log, [counted] {
        for (std::uint32_t i = 0; i != burst; ++i)
          throw_if_failed(notify(counted, &ITally::count, i, 7U));
        return counted->total();  // arrives after all that was sent before it
      });
    });
  }

 private:
  proxy_in<ITally> tally_{std::make_unique<own_sta>("producer", producer_cpu()),
                          std::make_unique<own_sta>("consumer", consumer_cpu()), make<tally>};
};

class polled_queue final : public subject {
 public:
  void round(subject_log& log) override {
    run_on_cpu(producer_cpu(), [&] {
      std::latch in_place(1);
      std::thread consumer([&] {
        pin_thread(consumer_cpu());
        in_place.count_down();
        consume();
      });
      in_place.wait();  // a new thread begins on its maker's CPU
      bursts(log, [this] {
        for (std::uint32_t i = 0; i != burst; ++i)
          queue_.push({.target = &total_, .a = i, .b = 7});
        while (consumed_.load(std::memory_order_acquire) != burst)
          continue;
        consumed_.store(0, std::memory_order_relaxed);
        return std::exchange(total_, 0);
      });
      queue_.push({.target = nullptr});
      consumer.join();
    });
  }

 private:
  struct item {
    std::uint64_t* target = nullptr;
    std::uint32_t method = 0;
    std::uint32_t a = 0;
    std::uint32_t b = 0;
  };

  void consume() {
    std::uint32_t consumed = 0;
    for (item next;;) {
      if (!queue_.try_pop(next)) continue;
      if (next.target == nullptr) return;
      *next.target += next.a + next.b;
      if (++consumed == burst) {
        consumed = 0;
        consumed_.store(burst, std::memory_order_release);
      }
    }
  }

  tbb::concurrent_queue<item> queue_;
  std::uint64_t total_ = 0;                 // the consumer's until it says that a burst is over
  std::atomic<std::uint32_t> consumed_{0};  // atomic: release when total_ is whole
};

}  // namespace

void add_one_way(case_list& cases) {
  cases.push_back({
      .id = "one-way",
      .family = "one-way",
      .title = "one-way calls, two cpus, per call",
      .baseline = "tbb::concurrent_queue, polled",
      .unit = "ns",
      .limit = {budget_kind::throughput, 0.8},
      .cpus = 2,
      .rounds = 11,
      .set_up =
          [] {
            return contest{std::make_unique<notifications>(), std::make_unique<polled_queue>()};
          },
  });
}

}  // namespace insula::bench
