// SPDX-License-Identifier: MIT
//
// deep: two STAs, each with a thread of its own, call each other to a depth of 1,000 before the
// first call returns; the cost per level against that at a depth of 10 between two of the same
// kind.
#include "cases.hpp"
#include "proxy_in.hpp"

#include <insula/core/implements.hpp>
#include <insula/marshal/interface.hpp>

namespace insula::bench {

struct IDescender : IUnknown {
  virtual void connect(IDescender* other) = 0;
  virtual std::uint32_t descend(std::uint32_t levels) = 0;
};
INSULA_INTERFACE(IDescender, IUnknown, "6e0b7a52-6a0c-4b54-9a5e-0f6d3b0c1a03", (connect),
                 (descend));

namespace {

class descender : public implements<descender, IDescender> {
 public:
  void connect(IDescender* other) override { other_ = com_ptr<IDescender>(other); }
  std::uint32_t descend(std::uint32_t levels) override {
    return levels == 0 ? 0 : other_->descend(levels - 1) + 1;
  }

 private:
  com_ptr<IDescender> other_;
};

int cpu_number(std::size_t wanted) {
  return wanted < usable_cpus().size() ? usable_cpus()[wanted] : any_cpu;
}

/// Two objects that know each other, and how deep they go.
class descent final : public subject {
 public:
  explicit descent(std::uint32_t levels)
      : levels_(levels),
        far_(std::make_unique<own_sta>("upper", cpu_number(0)),
             std::make_unique<own_sta>("lower", cpu_number(1)), make<descender>) {
    far_.caller().run([this] {
      near_ = make<descender>();
      near_->connect(far_.get());
      far_.get()->connect(near_.get());
    });
  }
  ~descent() override {
    far_.caller().run([this] {
      far_.get()->connect(nullptr);
      near_->connect(nullptr);
      near_.reset();
    });
  }

  void round(subject_log& log) override {
    constexpr std::uint32_t levels_per_round = 20'000;
    far_.caller().run([&] {
      go_down();  // makes the fibers that later descents use again
      const std::uint32_t times = levels_per_round / levels_;
      const bench_clock::time_point begin = bench_clock::now();
      for (std::uint32_t i = 0; i != times; ++i)
        go_down();
      log.round(nanoseconds_between(begin, bench_clock::now()) / (times * levels_));
    });
  }

 private:
  void go_down() {
    if (near_->descend(levels_) != levels_)
      throw std::runtime_error("the descent did not reach its depth");
  }

  const std::uint32_t levels_;
  proxy_in<IDescender> far_;
  com_ptr<IDescender> near_;
};

}  // namespace

void add_deep(case_list& cases) {
  cases.push_back({
      .id = "deep",
      .family = "deep",
      .title = "1,000 levels, per level",
      .baseline = "10 levels, per level",
      .unit = "ns",
      .limit = {budget_kind::times_baseline, 2},
      .cpus = 1,
      .rounds = 11,
      .set_up =
          [] {
            return contest{std::make_unique<descent>(1000), std::make_unique<descent>(10)};
          },
  });
}

}  // namespace insula::bench
