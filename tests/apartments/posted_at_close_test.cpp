// SPDX-License-Identifier: MIT
//
// Posted work that is queued when its apartment closes: told, or run.
#include <insula/apartments/initialize.hpp>
#include <insula/apartments/sta.hpp>
#include <insula/core/test_gate.hpp>

#include "log_lines.hpp"
#include "on_thread.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>

namespace insula::test {
namespace {

using testing::HasSubstr;

/// What is posted inside stays queued until the code inside has returned, and closing comes first.
class PostedAtClose : public testing::Test {
 protected:
  explicit PostedAtClose(std::chrono::nanoseconds grace = std::chrono::minutes{5})
      : shared({.name = "shared", .shutdown_grace = grace}) {}

  void post_and_close(int count, at_close how) {
    home.invoke([&] {
      for (int i = 0; i != count; ++i) home.post([this] { ++ran; });
      EXPECT_FALSE(shared.close(home, how));
    });
    EXPECT_TRUE(shared.close(home));
  }

  int ran = 0;
  sta_thread shared;
  const apartment home = shared.add("home");
  const log_lines lines;
};

TEST_F(PostedAtClose, IsDroppedAndTheLogSaysHowMuch) {
  post_and_close(3, at_close::drop);
  EXPECT_EQ(ran, 0);
  EXPECT_THAT(lines.text(), HasSubstr("'home'"));
  EXPECT_THAT(lines.text(), HasSubstr("closed before 3 pieces of posted work had run"));
}

TEST_F(PostedAtClose, ThatIsOnePieceIsSaidSo) {
  post_and_close(1, at_close::drop);
  EXPECT_THAT(lines.text(), HasSubstr("closed before 1 piece of posted work had run"));
}

TEST_F(PostedAtClose, RunsFirstWhenItIsDrained) {
  post_and_close(3, at_close::drain);
  EXPECT_EQ(ran, 3);
  EXPECT_EQ(lines.text(), "");
}

TEST_F(PostedAtClose, IsNotMissedWhenThereIsNone) {
  post_and_close(0, at_close::drop);
  EXPECT_EQ(lines.text(), "");
}

TEST_F(PostedAtClose, IsDrainedWithWhatItPosts) {
  home.invoke([&] {
    home.post([&] {
      ++ran;
      home.post([&] { ++ran; });
    });
    (void)shared.close(home, at_close::drain);
  });
  EXPECT_TRUE(shared.close(home));
  EXPECT_EQ(ran, 2);
}

TEST_F(PostedAtClose, LeavesANeighboursWorkAlone) {
  const apartment neighbour = shared.add("neighbour");
  bool neighbours_ran = false;
  home.invoke([&] {
    neighbour.post([&] { neighbours_ran = true; });
    home.post([&] { ++ran; });
    (void)shared.close(home, at_close::drop);
  });
  EXPECT_TRUE(shared.close(home));
  EXPECT_TRUE(shared.close(neighbour, at_close::drain));
  EXPECT_TRUE(neighbours_ran);
  EXPECT_EQ(ran, 0);
}

TEST_F(PostedAtClose, AcceptedAndArrivedAfterTheEndIsToldToo) {
  const apartment neighbour = shared.add("neighbour");
  {
    const test_gate gate("sta.accepted", [&] { EXPECT_TRUE(shared.close(home)); });
    home.post([&] { ++ran; });
  }
  neighbour.invoke([] {});
  EXPECT_EQ(ran, 0);
  EXPECT_THAT(lines.text(), HasSubstr("closed before 1 piece of posted work had run"));
}

class Impatient : public PostedAtClose {
 protected:
  Impatient() : PostedAtClose(std::chrono::nanoseconds{0}) {}
};

TEST_F(Impatient, WorkThatPostsItselfIsDrainedForTheGraceAtMost) {
  const std::function<void()> again = [&] { home.post(again); };
  home.invoke([&] {
    again();
    (void)shared.close(home, at_close::drain);
  });
  EXPECT_TRUE(shared.close(home));
  EXPECT_THAT(lines.text(), HasSubstr("closed before 1 piece of posted work had run"));
}

TEST(PostedWork, OfAnStaWithAThreadOfItsOwnIsDrainedByItsOptions) {
  bool ran = false;
  {
    const sta home({.name = "home", .posted_work = at_close::drain});
    home.invoke([&] { home.post([&] { ran = true; }); });
  }
  EXPECT_TRUE(ran);
}

TEST(PostedWork, OfAnStaIsDrainedByClose) {
  bool ran = false;
  sta home("home");
  home.invoke([&] { home.post([&] { ran = true; }); });
  EXPECT_TRUE(home.close(at_close::drain));
  EXPECT_TRUE(ran);
}

TEST(PostedWork, OfALeaseIsToldWhenItIsLeft) {
  const log_lines lines;
  bool ran = false;
  {
    const sta_lease here("here");
    here.get().post([&] { ran = true; });
  }
  EXPECT_FALSE(ran);
  EXPECT_THAT(lines.text(), HasSubstr("closed before 1 piece of posted work had run"));
}

TEST(PostedWork, OfALeaseIsDrainedByItsOptions) {
  bool ran = false;
  {
    const sta_lease here({.name = "here", .posted_work = at_close::drain});
    here.get().post([&] { here.get().post([&] { ran = true; }); });
  }
  EXPECT_TRUE(ran);
}

TEST(PostedWork, AQuitThatNobodyHearsIsNoLoss) {
  const log_lines lines;
  {
    const sta_lease here("here");
    here.quit();
  }
  EXPECT_EQ(lines.text(), "");
}

}  // namespace
}  // namespace insula::test
