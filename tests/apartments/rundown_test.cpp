// SPDX-License-Identifier: MIT
#include <insula/apartments/rundown.hpp>

#include <insula/apartments/mta.hpp>
#include <insula/apartments/neutral.hpp>
#include <insula/apartments/sta.hpp>

#include "on_thread.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <string>

namespace insula::test {
namespace {

TEST(Rundown, RunsInsideTheStaThatCloses) {
  bool inside = false;
  {
    const sta home("home");
    const apartment mine = home.get();
    home.invoke([&] { at_rundown([&inside, mine] { inside = mine.is_current(); }); });
    EXPECT_FALSE(inside);
  }
  EXPECT_TRUE(inside);
}

TEST(Rundown, RunsInsideTheMtaThatCloses) {
  bool inside = false;
  on_thread([&] {
    const mta_lease here;
    at_rundown([&inside, mine = here.get()] { inside = mine.is_current(); });
    EXPECT_FALSE(inside);
  });
  EXPECT_TRUE(inside);
}

TEST(Rundown, RunsInsideTheNeutralApartmentWhenTheLastOtherCloses) {
  bool inside = false;
  on_thread([&] {
    const mta_lease here;
    const apartment mine = neutral();
    mine.invoke([&] { at_rundown([&inside, mine] { inside = mine.is_current(); }); });
  });
  EXPECT_TRUE(inside);
}

TEST(Rundown, RunsInOrderAndPastWhatThrows) {
  std::string order;
  on_thread([&] {
    const mta_lease here;
    at_rundown([&] { order += '1'; });
    at_rundown([] { throw std::runtime_error("the second one fails"); });
    at_rundown([&] { order += '3'; });
  });
  EXPECT_EQ(order, "13");
}

TEST(Rundown, RunsWhatIsAddedMeanwhile) {
  bool ran = false;
  on_thread([&] {
    const mta_lease here;
    at_rundown([&] { at_rundown([&] { ran = true; }); });
  });
  EXPECT_TRUE(ran);
}

TEST(Rundown, NeedsAnApartment) {
  on_thread([] { EXPECT_THROW(at_rundown([] {}), com_error); });
}

std::atomic<int> process_rundowns{0};
std::atomic<int> ended_after{0};

std::shared_ptr<void> take_nothing_much() noexcept {
  ++process_rundowns;
  return std::shared_ptr<void>(nullptr, [](void*) { ended_after = process_rundowns.load(); });
}

TEST(Rundown, OfTheProcessComesWithEachLastApartment) {
  [[maybe_unused]] static const bool once = (at_process_rundown(&take_nothing_much), true);
  const int before = process_rundowns;
  on_thread([] {
    const mta_lease here;
    { const sta other("other"); }
  });
  EXPECT_EQ(process_rundowns, before + 1);
  EXPECT_EQ(ended_after, before + 1);
  { const sta other("other"); }
  EXPECT_EQ(process_rundowns, before + 2);
}

}  // namespace
}  // namespace insula::test
