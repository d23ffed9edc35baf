// SPDX-License-Identifier: MIT
//
// one-cpu: STA to STA while all threads share one CPU, against two threads that wake each other
// with futexes, pinned the same way. The mask is set before the threads start and restored after
// the row.
#include "adding_pair.hpp"
#include "cases.hpp"
#include "crossing.hpp"

namespace insula::bench {
namespace {

constexpr pace switching_calls{1000, 100, std::chrono::milliseconds{40}, 1000};

class pinned_crossing final : public subject {
 public:
  void round(subject_log& log) override { crossing_.round(log); }

 private:
  one_cpu_scope cpu_{usable_cpus().at(0)};
  crossing crossing_{std::make_unique<own_sta>("caller"), std::make_unique<own_sta>("owner"),
                     switching_calls};
};

}  // namespace

void add_one_cpu(case_list& cases) {
  cases.push_back({
      .id = "one-cpu",
      .family = "one-cpu",
      .title = "STA to STA, one cpu",
      .baseline = "futex ping-pong, one cpu",
      .unit = "ns",
      .limit = {budget_kind::times_baseline, 1.15},
      .cpus = 1,
      .rounds = 11,
      .set_up =
          [] {
            const int cpu = usable_cpus().at(0);
            return contest{std::make_unique<pinned_crossing>(),
                           std::make_unique<steady_pair<futex_word>>(cpu, cpu, switching_calls)};
          },
  });
}

}  // namespace insula::bench
