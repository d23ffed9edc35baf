// SPDX-License-Identifier: MIT
#pragma once

#include <insula/apartments/sta.hpp>

#include "counter.hpp"
#include "milestone.hpp"

#include <gtest/gtest.h>

namespace insula::test {

/// The test runs in an STA; objects live in another, whose thread the test can keep busy.
class BusyHome : public testing::Test {
 protected:
  com_ptr<ICounter> counter_at_home() {
    return home.create<ICounter>([this] { return make_probe<counter>(log); });
  }
  /// From now until `goes` is passed home serves nothing.
  void keep_busy() {
    home.post_system([this] {
      busy.pass();
      goes.await();
    });
    busy.await();
  }
  void TearDown() override { goes.pass(); }

  probe_log log;
  milestone busy{"home's being busy"};
  milestone goes{"home's permission"};
  sta_lease here{"here"};
  sta home{"home"};
};

}  // namespace insula::test
