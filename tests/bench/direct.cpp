// SPDX-License-Identifier: MIT
//
// direct: a call through an interface pointer of an object in the same apartment, against a virtual
// call that knows nothing of COM. Both loops run a million calls and more between two looks at the
// clock; a single sample is a thousand calls, since one is far shorter than the clock can tell.
#include "adder.hpp"
#include "cases.hpp"
#include "place.hpp"

namespace insula::bench {
namespace {

class direct_call final : public subject {
 public:
  direct_call() : home_("direct") {
    home_.run([this] { adder_ = home_.home().create<IAdder>(make_adder); });
  }
  ~direct_call() override {
    home_.run([this] { adder_.reset(); });
  }
  void round(subject_log& log) override {
    home_.run([&] {
      IAdder* const adder = adder_.get();
      steady(log, nanosecond_calls, 7, [adder](std::uint32_t i) { return adder->add(i, 7); });
    });
  }

 private:
  own_sta home_;
  com_ptr<IAdder> adder_;
};

class plain_call final : public subject {
 public:
  void round(subject_log& log) override {
    run_on_cpu(any_cpu, [&] {
      plain_adder* const adder = adder_.get();
      steady(log, nanosecond_calls, 7, [adder](std::uint32_t i) { return adder->add(i, 7); });
    });
  }

 private:
  const std::unique_ptr<plain_adder> adder_ = make_plain_adder();
};

}  // namespace

void add_direct(case_list& cases) {
  cases.push_back({
      .id = "direct",
      .family = "direct",
      .title = "same apartment",
      .baseline = "plain virtual call",
      .unit = "ns",
      .limit = {budget_kind::times_baseline, 1.05},
      .cpus = 1,
      .rounds = 15,
      .set_up =
          [] {
            return contest{std::make_unique<direct_call>(), std::make_unique<plain_call>()};
          },
  });
}

}  // namespace insula::bench
