// SPDX-License-Identifier: MIT
#pragma once

#include "adder.hpp"
#include "bench_case.hpp"
#include "proxy_in.hpp"

namespace insula::bench {

/// `add` called over and over from one place in another.
class crossing final : public subject {
 public:
  template <class Factory>
  crossing(std::unique_ptr<place> caller, std::unique_ptr<place> owner, const pace& how,
           Factory factory)
      : adder_(std::move(caller), std::move(owner), factory), pace_(how) {}
  crossing(std::unique_ptr<place> caller, std::unique_ptr<place> owner, const pace& how)
      : crossing(std::move(caller), std::move(owner), how, make_adder) {}

  void round(subject_log& log) override {
    adder_.caller().run([&] {
      IAdder* const adder = adder_.get();
      steady(log, pace_, 7, [adder](std::uint32_t i) { return adder->add(i, 7); });
    });
  }

 private:
  proxy_in<IAdder> adder_;
  const pace pace_;
};

}  // namespace insula::bench
