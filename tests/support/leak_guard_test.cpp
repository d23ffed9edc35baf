// SPDX-License-Identifier: MIT
#include "leak_guard.hpp"

#include "counter.hpp"
#include "milestone.hpp"

#include <insula/apartments/initialize.hpp>
#include <insula/apartments/mta.hpp>
#include <insula/apartments/sta.hpp>
#include <insula/core/error_info.hpp>
#include <insula/core/implements.hpp>
#include <insula/core/task_memory.hpp>

#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include <thread>

namespace insula::test {
namespace {

TEST(LeakGuard, FindsNothingWhereNothingIsLeft) {
  const leak_snapshot before = leak_snapshot::take();
  {
    const auto object = make<visitor>([](ICounter*) { return S_OK; });
    std::thread([] {}).join();
  }
  EXPECT_EQ(before.left_behind(), "");
}

TEST(LeakGuard, FindsAnObjectThatIsHeld) {
  const leak_snapshot before = leak_snapshot::take();
  const auto object = make<visitor>([](ICounter*) { return S_OK; });
  EXPECT_NE(before.left_behind().find("1 more objects"), std::string::npos);
}

TEST(LeakGuard, FindsTaskMemoryThatIsNotFreed) {
  const leak_snapshot before = leak_snapshot::take();
  const task_ptr<void> block(CoTaskMemAlloc(16));
  EXPECT_NE(before.left_behind().find("1 more blocks of task memory"), std::string::npos);
}

TEST(LeakGuard, FindsAnApartmentThatWasNotLeft) {
  const leak_snapshot before = leak_snapshot::take();
  const sta_lease here("here");
  EXPECT_NE(before.left_behind().find("still in an apartment"), std::string::npos);
}

TEST(LeakGuard, FindsAnMtaThatIsStillHeld) {
  const leak_snapshot before = leak_snapshot::take();
  const mta_usage held;
  EXPECT_NE(before.left_behind().find("the MTA is still there"), std::string::npos);
}

TEST(LeakGuard, FindsAnExportedAndAnImportedObject) {
  probe_log log;
  const sta_lease here("here");
  sta home("home");
  const leak_snapshot before = leak_snapshot::take();
  const auto proxy = home.create<ICounter>([&] { return make_probe<counter>(log); });

  const std::string left = before.left_behind();
  EXPECT_NE(left.find("1 more exported objects"), std::string::npos) << left;
  EXPECT_NE(left.find("1 more imported objects"), std::string::npos) << left;
}

TEST(LeakGuard, DoesNotCallErrorInfoOfTheThreadALeak) {
  const leak_snapshot before = leak_snapshot::take();
  (void)set_error(E_FAIL, "somebody's mistake");
  EXPECT_EQ(before.left_behind(), "");
}

TEST(LeakGuard, FailsTheTestThatLeaks) {
  leak_guard guard;
  const testing::TestInfo& test = *testing::UnitTest::GetInstance()->current_test_info();
  guard.OnTestStart(test);
  const auto object = make<visitor>([](ICounter*) { return S_OK; });
  EXPECT_NONFATAL_FAILURE(guard.OnTestEnd(test), "FailsTheTestThatLeaks leaves behind");
}

TEST(LeakGuard, FindsAThreadThatStillRuns) {
  const leak_snapshot before = leak_snapshot::take();
  milestone end("the end of the test");
  std::thread thread([&] { end.await(); });
  const std::string left = before.left_behind(std::chrono::milliseconds(0));
  end.pass();
  thread.join();

  EXPECT_NE(left.find("1 more threads"), std::string::npos);
  EXPECT_EQ(before.left_behind(), "");
}

TEST(LeakGuard, WatchesTheTestsOfEveryProgramThatLinksIt) {
  EXPECT_GT(leak_guard::installed().tests_watched(), 0);
}

}  // namespace
}  // namespace insula::test
