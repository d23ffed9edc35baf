// SPDX-License-Identifier: MIT
#pragma once

#include <insula/apartments/sta.hpp>

#include "milestone.hpp"
#include "thirty_lines.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace insula::test {

enum class adapters { drains_each_turn, drains_in_wait, drains_on_wake };

inline std::shared_ptr<loop_pump> make_adapter(adapters kind, poll_loop& loop) {
  if (kind == adapters::drains_in_wait) return std::make_shared<draining_pump>(loop);
  if (kind == adapters::drains_on_wake) return std::make_shared<event_pump>(loop);
  return std::make_shared<loop_pump>(loop);
}

/// The test's thread is an STA whose pump is a loop over poll.
class foreign_loop : public testing::TestWithParam<adapters> {
 protected:
  /// Waits as a call does, until `goes` has been passed.
  static void wait_for(const sta& at, milestone& goes) {
    at.invoke([&] { goes.await(); });
  }

  poll_loop loop;
  const std::shared_ptr<loop_pump> adapter = make_adapter(GetParam(), loop);
  sta_lease here{sta_options{.name = "here", .pump = adapter}};
  const sta one{"one"};
  const sta two{"two"};
};

inline std::string name_of(const testing::TestParamInfo<adapters>& tested) {
  switch (tested.param) {
    case adapters::drains_in_wait: return "DrainsInWait";
    case adapters::drains_on_wake: return "DrainsOnWake";
    default: return "DrainsEachTurn";
  }
}

inline auto all_adapters() {
  return testing::Values(adapters::drains_each_turn, adapters::drains_in_wait,
                         adapters::drains_on_wake);
}

}  // namespace insula::test
