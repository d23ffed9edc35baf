// SPDX-License-Identifier: MIT
#include "adder.hpp"

#include "cpus.hpp"

#include <insula/core/implements.hpp>

namespace insula::bench {
namespace {

class adder : public implements<adder, IAdder> {
 public:
  std::uint32_t add(std::uint32_t a, std::uint32_t b) override { return a + b; }
};

class pinning_adder : public implements<pinning_adder, IAdder> {
 public:
  explicit pinning_adder(int cpu) : cpu_(cpu) {}
  std::uint32_t add(std::uint32_t a, std::uint32_t b) override {
    thread_local int pinned = any_cpu;
    if (pinned != cpu_) {
      pin_thread(cpu_);
      pinned = cpu_;
    }
    return a + b;
  }

 private:
  const int cpu_;
};

class plain_adder_object final : public plain_adder {
 public:
  std::uint32_t add(std::uint32_t a, std::uint32_t b) override { return a + b; }
};

}  // namespace

com_ptr<IAdder> make_adder() { return make<adder>(); }
com_ptr<IAdder> make_pinning_adder(int cpu) { return make<pinning_adder>(cpu); }
std::unique_ptr<plain_adder> make_plain_adder() { return std::make_unique<plain_adder_object>(); }

}  // namespace insula::bench
