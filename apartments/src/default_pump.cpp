// SPDX-License-Identifier: MIT
#include <insula/apartments/pump.hpp>

#include "futex.hpp"

namespace insula {
namespace {

class default_pump final : public pump {
 public:
  void attach(pump_client&) override {}
  void detach() noexcept override {}
  void wait(std::optional<std::chrono::steady_clock::time_point> until) override {
    signal_.wait(until);
  }
  void wake() noexcept override { signal_.raise(); }

 private:
  futex_signal signal_;
};

}  // namespace

std::unique_ptr<pump> make_default_pump() { return std::make_unique<default_pump>(); }

}  // namespace insula
