// SPDX-License-Identifier: MIT
//
// alloc: allocations of the whole process per synchronous call with scalars, in the steady state:
// the worst of STA to STA on two threads and on one, MTA to STA, and STA to MTA.
#include "adder.hpp"
#include "allocation_count.hpp"
#include "cases.hpp"
#include "proxy_in.hpp"

#include <algorithm>
#include <list>

namespace insula::bench {
namespace {

class allocations_per_call final : public subject {
 public:
  allocations_per_call() {
    const auto thread = std::make_shared<sta_thread>("host");
    pairs_.emplace_back(std::make_unique<own_sta>("caller"), std::make_unique<own_sta>("owner"),
                        make_adder);
    pairs_.emplace_back(std::make_unique<hosted_sta>(thread, "caller"),
                        std::make_unique<hosted_sta>(thread, "owner"), make_adder);
    pairs_.emplace_back(std::make_unique<mta_caller>(), std::make_unique<own_sta>("owner"),
                        make_adder);
    pairs_.emplace_back(std::make_unique<own_sta>("caller"), std::make_unique<mta_owner>(),
                        make_adder);
  }

  void round(subject_log& log) override {
    double worst = 0;
    for (const proxy_in<IAdder>& pair : pairs_)
      pair.caller().run([&] { worst = std::max(worst, per_call(*pair.get())); });
    log.round(worst);
  }

 private:
  static double per_call(IAdder& adder) {
    constexpr std::uint32_t warm_up = 2000;
    constexpr std::uint32_t counted = 10'000;
    const auto call = [&adder](std::uint32_t i) { return adder.add(i, 7); };
    std::uint64_t sum = make_calls(call, 0, warm_up);
    std::uint64_t allocated = 0;
    {
      const allocation_count count;
      sum += make_calls(call, warm_up, counted);
      allocated = count.so_far();
    }
    require_sum(sum, warm_up + counted, 7);
    return static_cast<double>(allocated) / counted;
  }

  std::list<proxy_in<IAdder>> pairs_;
};

}  // namespace

void add_alloc(case_list& cases) {
  cases.push_back({
      .id = "alloc",
      .family = "alloc",
      .title = "allocations per call",
      .baseline = "",
      .unit = "allocations",
      .limit = {budget_kind::absolute, 0},
      .cpus = 1,
      .rounds = 3,
      .set_up = [] { return contest{std::make_unique<allocations_per_call>()}; },
  });
}

}  // namespace insula::bench
