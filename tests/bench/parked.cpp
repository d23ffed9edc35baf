// SPDX-License-Identifier: MIT
//
// parked: a call each 5 ms, so that both sides sleep before it, against two threads that wake each
// other with futexes at the same pace; each side pinned to a CPU of its own. Every call is timed.
#include "adding_pair.hpp"
#include "cases.hpp"
#include "crossing.hpp"

namespace insula::bench {
namespace {

constexpr std::uint32_t calls_per_round = 20;
constexpr std::chrono::milliseconds pause{5};

int caller_cpu() { return usable_cpus().at(0); }
int owner_cpu() { return usable_cpus().at(1); }

class parked_crossing final : public subject {
 public:
  void round(subject_log& log) override {
    adder_.caller().run([&] {
      IAdder* const adder = adder_.get();
      paced(log, calls_per_round, pause, 7, [adder](std::uint32_t i) { return adder->add(i, 7); });
    });
  }

 private:
  proxy_in<IAdder> adder_{std::make_unique<own_sta>("caller", caller_cpu()),
                          std::make_unique<own_sta>("owner", owner_cpu()), make_adder};
};

class parked_pair final : public subject {
 public:
  void round(subject_log& log) override {
    run_on_cpu(caller_cpu(), [&] {
      adding_pair<futex_word> pair(owner_cpu());
      paced(log, calls_per_round, pause, 7, [&pair](std::uint32_t i) { return pair.add(i, 7); });
    });
  }
};

}  // namespace

void add_parked(case_list& cases) {
  cases.push_back({
      .id = "parked",
      .family = "parked",
      .title = "STA to STA, both asleep",
      .baseline = "futex ping-pong, same pace",
      .unit = "ns",
      .limit = {budget_kind::times_baseline, 1.15},
      .cpus = 2,
      .rounds = 11,
      .set_up =
          [] {
            return contest{std::make_unique<parked_crossing>(), std::make_unique<parked_pair>()};
          },
  });
}

}  // namespace insula::bench
