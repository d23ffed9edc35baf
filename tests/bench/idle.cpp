// SPDX-License-Identifier: MIT
//
// idle: CPU time that the process uses in one second in which 100 STAs, each with a thread of its
// own that has served a call, have nothing to do.
#include "adder.hpp"
#include "cases.hpp"
#include "place.hpp"

#include <ctime>

namespace insula::bench {
namespace {

double cpu_time() {
  timespec used{};
  if (::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used) != 0)
    throw std::runtime_error("the clock of the process cannot be read");
  return static_cast<double>(used.tv_sec) * 1e9 + static_cast<double>(used.tv_nsec);
}

void sleep_for(timespec left) {
  while (::clock_nanosleep(CLOCK_MONOTONIC, 0, &left, &left) == EINTR)
    continue;
}

class idle_stas final : public subject {
 public:
  idle_stas() : caller_("caller") {
    for (int i = 0; i != 100; ++i)
      stas_.emplace_back("idle " + std::to_string(i));
    caller_.run([this] {
      for (const sta& owner : stas_)
        adders_.push_back(owner.create<IAdder>(make_adder));
    });
  }
  ~idle_stas() override {
    caller_.run([this] { adders_.clear(); });
  }
  void round(subject_log& log) override {
    caller_.run([this] {
      std::uint64_t sum = 0;
      for (std::uint32_t i = 0; i != adders_.size(); ++i)
        sum += adders_[i]->add(i, 7);
      require_sum(sum, adders_.size(), 7);
    });
    sleep_for({.tv_sec = 0, .tv_nsec = 50'000'000});  // until the last thread has gone to sleep
    const double before = cpu_time();
    sleep_for({.tv_sec = 1, .tv_nsec = 0});
    log.round(cpu_time() - before);
  }

 private:
  std::vector<sta> stas_;
  own_sta caller_;
  std::vector<com_ptr<IAdder>> adders_;
};

}  // namespace

void add_idle(case_list& cases) {
  cases.push_back({
      .id = "idle",
      .family = "idle",
      .title = "100 idle STAs, CPU time in 1 s",
      .baseline = "",
      .unit = "ns",
      .limit = {budget_kind::absolute, 1e6},
      .cpus = 1,
      .rounds = 3,
      .set_up = [] { return contest{std::make_unique<idle_stas>()}; },
  });
}

}  // namespace insula::bench
