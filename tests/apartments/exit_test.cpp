// SPDX-License-Identifier: MIT
//
// Programs that end while apartments are open. Each is a process of its own.
#include <insula/apartments/mta.hpp>
#include <insula/apartments/sta.hpp>

#include "counter.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <thread>

namespace insula::test {
namespace {

class ExitDeathTest : public testing::Test {
 protected:
  void SetUp() override { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

constexpr int as_asked = 7;
const testing::ExitedWithCode ended_as_asked(as_asked);

// Its destructor comes after those of the main thread's thread-local objects.
void open_a_static_apartment() {
  static const sta outlives_main("outlives main");
  outlives_main.invoke([] {});
}

TEST_F(ExitDeathTest, ClosesAnApartmentOfStaticStorage) {
  EXPECT_EXIT(
      {
        open_a_static_apartment();
        std::exit(as_asked);
      },
      ended_as_asked, "");
}

TEST_F(ExitDeathTest, FromTheThreadOfAnStaClosesOneOfStaticStorage) {
  EXPECT_EXIT(
      {
        open_a_static_apartment();
        const sta home("home");
        home.invoke([] { std::exit(as_asked); });
      },
      ended_as_asked, "");
}

TEST_F(ExitDeathTest, FromInsideACallIntoTheMainStaDoesNotWaitForThatCall) {
  EXPECT_EXIT(
      {
        sta_lease here("here");
        open_a_static_apartment();
        here.get().post([] { std::exit(as_asked); });
        (void)here.run();
      },
      ended_as_asked, "exit was called from inside a call into main STA 'here'");
}

struct uses_an_apartment_at_the_end {
  ~uses_an_apartment_at_the_end() {
    const sta late("late");
    late.invoke([this] { ran = true; });
    *told = ran;
  }
  bool* told;
  bool ran = false;
};

TEST(ThreadEnd, ThreadLocalObjectsThatEndLaterMayStillUseApartments) {
  bool told = false;
  std::thread([&] {
    thread_local uses_an_apartment_at_the_end late{&told};  // made first, so it ends last
    (void)late;
    const sta home("home");
    home.invoke([] {});
  }).join();
  EXPECT_TRUE(told);
}

}  // namespace
}  // namespace insula::test
