// SPDX-License-Identifier: MIT
//
// What futures and tasks leave in the log when nobody takes what they end with.
#include <insula/apartments/async.hpp>

#include <insula/apartments/sta.hpp>
#include <insula/apartments/task.hpp>

#include "busy_home.hpp"
#include "counter.hpp"
#include "log_lines.hpp"
#include "milestone.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace insula::test {
namespace {

class UnseenResult : public BusyHome {};

TEST_F(UnseenResult, WhatACallThrewWhoseFutureWasDroppedGoesToTheLog) {
  const auto throws = home.create<IVisitor>([] {
    return make<visitor>([](ICounter*) -> HRESULT { throw std::runtime_error("no ink"); });
  });
  const log_lines lines;
  {
    auto result = async(throws, &IVisitor::Visit, nullptr);
    result.wait();
    EXPECT_EQ(lines.text(), "");
  }
  EXPECT_THAT(lines.text(), testing::HasSubstr("IVisitor::Visit, a call whose future was dropped, "
                                               "from "));
  EXPECT_THAT(lines.text(), testing::HasSubstr("STA 'home'"));
  EXPECT_THAT(lines.text(), testing::HasSubstr("no ink"));
}

TEST_F(UnseenResult, WhatItThrewAfterTheFutureWasDroppedGoesToTheLog) {
  const auto throws = home.create<IVisitor>([] {
    return make<visitor>([](ICounter*) -> HRESULT { throw std::runtime_error("no ink"); });
  });
  keep_busy();
  const log_lines lines;
  (void)async(throws, &IVisitor::Visit, nullptr);
  goes.pass();
  home.invoke([] {});
  here.drain();
  EXPECT_THAT(lines.text(), testing::HasSubstr("no ink"));
}

TEST_F(UnseenResult, WhatSomebodyHasTakenIsNotInTheLog) {
  const auto throws = home.create<IVisitor>([] {
    return make<visitor>([](ICounter*) -> HRESULT { throw std::runtime_error("no ink"); });
  });
  const log_lines lines;
  EXPECT_EQ(async(throws, &IVisitor::Visit, nullptr).get(), RPC_E_SERVERFAULT);
  auto own = make<visitor>([](ICounter*) -> HRESULT { throw std::runtime_error("no ink"); });
  EXPECT_THROW((void)async(own.get(), &IVisitor::Visit, nullptr).get(), std::runtime_error);
  EXPECT_EQ(lines.text(), "");
}

TEST_F(UnseenResult, WhatACallInTheOwnApartmentThrewWhoseFutureWasDroppedGoesToTheLog) {
  const auto throws =
      make<visitor>([](ICounter*) -> HRESULT { throw std::runtime_error("no ink"); });
  const log_lines lines;
  (void)async(throws.get(), &IVisitor::Visit, nullptr);
  EXPECT_THAT(lines.text(), testing::HasSubstr("IVisitor::Visit, whose result was dropped, threw "
                                               "in "));
  EXPECT_THAT(lines.text(), testing::HasSubstr("'here'"));
  EXPECT_THAT(lines.text(), testing::HasSubstr("no ink"));
}

TEST_F(UnseenResult, ACallThatCouldNotBeMadeWhoseFutureWasDroppedIsInTheLog) {
  const auto proxy = counter_at_home();
  home.close();
  LONG total = 0;
  const log_lines lines;
  (void)async(proxy, &ICounter::Add, 3, &total);
  EXPECT_THAT(lines.text(), testing::HasSubstr("whose future was dropped was not made: "));
  EXPECT_THAT(lines.text(), testing::HasSubstr("ICounter::Add"));
}

TEST_F(UnseenResult, WhatADroppedTaskThrewGoesToTheLog) {
  const auto fails = []() -> task<void> {
    throw std::runtime_error("no ink");
    co_return;
  };
  const log_lines lines;
  {
    const auto dropped = fails();
    EXPECT_EQ(lines.text(), "");
  }
  EXPECT_THAT(lines.text(), testing::HasSubstr("a task, whose result was dropped, threw in "));
  EXPECT_THAT(lines.text(), testing::HasSubstr("'here'"));
  EXPECT_THAT(lines.text(), testing::HasSubstr("no ink"));
}

}  // namespace
}  // namespace insula::test
