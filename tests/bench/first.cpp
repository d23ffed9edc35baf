// SPDX-License-Identifier: MIT
//
// first: from nothing to the answer of the first call: an STA with a thread of its own is made, an
// object in it, a reference marshaled and unmarshaled, and the object called; against making a
// thread and joining it. Each is timed on its own. The apartment is closed outside of the clock,
// which the thread's end is not.
#include "adder.hpp"
#include "cases.hpp"
#include "place.hpp"

#include <optional>
#include <thread>

namespace insula::bench {
namespace {

constexpr std::uint32_t per_round = 40;

class first_call final : public subject {
 public:
  void round(subject_log& log) override {
    caller_.run([&] {
      std::uint64_t sum = 0;
      for (std::uint32_t i = 0; i != per_round; ++i) {
        std::optional<sta> owner;
        com_ptr<IAdder> adder;
        const bench_clock::time_point from = bench_clock::now();
        owner.emplace("first");
        adder = owner->create<IAdder>(make_adder);
        sum += adder->add(i, 7);
        log.single(from, bench_clock::now());
        adder.reset();
      }
      log.round_of_singles(per_round);
      require_sum(sum, per_round, 7);
    });
  }

 private:
  own_sta caller_{"caller"};
};

class bare_thread final : public subject {
 public:
  void round(subject_log& log) override {
    run_on_cpu(any_cpu, [&] {
      std::uint64_t sum = 0;
      for (std::uint32_t i = 0; i != per_round; ++i) {
        std::uint32_t answer = 0;
        const bench_clock::time_point from = bench_clock::now();
        std::thread([&answer, i] { answer = i + 7; }).join();
        log.single(from, bench_clock::now());
        sum += answer;
      }
      log.round_of_singles(per_round);
      require_sum(sum, per_round, 7);
    });
  }
};

}  // namespace

void add_first(case_list& cases) {
  cases.push_back({
      .id = "first",
      .family = "first",
      .title = "new STA, object, first call",
      .baseline = "std::thread made and joined",
      .unit = "ns",
      .limit = {budget_kind::times_baseline, 3},
      .cpus = 1,
      .rounds = 11,
      .set_up =
          [] {
            return contest{std::make_unique<first_call>(), std::make_unique<bare_thread>()};
          },
  });
}

}  // namespace insula::bench
