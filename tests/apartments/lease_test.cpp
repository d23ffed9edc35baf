// SPDX-License-Identifier: MIT
//
// Leases, and how apartments describe themselves.
#include <insula/apartments/mta.hpp>
#include <insula/apartments/neutral.hpp>
#include <insula/apartments/sta.hpp>

#include "on_thread.hpp"
#include "outcome.hpp"
#include "whereabouts.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>

namespace insula::test {
namespace {

TEST(StaLease, PutsItsThreadIntoAnStaWhileItLives) {
  {
    const sta_lease here("here");
    EXPECT_EQ(apartment_here(), in_main_sta);
    EXPECT_TRUE(here.get().is_current());
  }
  EXPECT_EQ(apartment_here(), in_no_apartment);
}

TEST(StaLease, CountsWithCoInitializeEx) {
  std::optional<sta_lease> here(std::in_place, "here");
  EXPECT_EQ(CoInitializeEx(nullptr, COINIT_APARTMENTTHREADED), S_FALSE);
  here.reset();
  EXPECT_EQ(apartment_here(), in_main_sta);
  CoUninitialize();
  EXPECT_EQ(apartment_here(), in_no_apartment);
}

TEST(StaLease, TakenTwiceIsTheSameApartment) {
  const sta_lease first("first");
  const sta_lease second("second");
  EXPECT_TRUE(first.get() == second.get());
}

TEST(StaLease, ThatWasMovedIsLeftOnce) {
  sta_lease first("first");
  {
    const sta_lease second(std::move(first));
    EXPECT_EQ(apartment_here(), in_main_sta);
  }
  EXPECT_EQ(apartment_here(), in_no_apartment);
}

TEST(StaLease, OnAThreadOfTheMtaIsRefused) {
  const mta_lease here;
  EXPECT_EQ(code_of([] { const sta_lease refused("refused"); }), RPC_E_CHANGED_MODE);
  EXPECT_EQ(apartment_here(), in_mta);
}

TEST(MtaLease, OnTheThreadOfAnStaIsRefused) {
  const sta_lease here("here");
  EXPECT_EQ(code_of([] { const mta_lease refused; }), RPC_E_CHANGED_MODE);
  EXPECT_EQ(apartment_here(), in_main_sta);
}

TEST(MtaLease, ThatWasMovedIsLeftOnce) {
  mta_lease first;
  {
    const mta_lease second(std::move(first));
    EXPECT_EQ(apartment_here(), in_mta);
  }
  EXPECT_EQ(apartment_here(), in_no_apartment);
}

TEST(StaLeaseDeathTest, DestroyedOnAnotherThreadEndsTheProgramWithASentence) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        auto lease = std::make_unique<sta_lease>("strays");
        std::thread([&] { lease.reset(); }).join();
      },
      "sta_lease was made on thread .* used on thread");
}

TEST(Description, NamesKindNameAndThread) {
  const sta_lease first("first");
  const sta second("second");
  const mta_usage mta;
  const std::string thread = std::to_string(second.invoke([] { return ::gettid(); }));
  EXPECT_EQ(first.get().description(),
            "main STA 'first' (thread " + std::to_string(::gettid()) + ")");
  EXPECT_EQ(second.get().description(), "STA 'second' (thread " + thread + ")");
  EXPECT_EQ(mta.get().description(), "MTA");
  EXPECT_EQ(neutral().description().substr(0, 7), "neutral");
}

TEST(Description, SpellsWhatANameMustNotDoToALine) {
  const sta home("a\n[error] b\x1b[2J");
  EXPECT_NE(home.get().description().find(" 'a\\n[error] b\\x1b[2J' "), std::string::npos);
  EXPECT_EQ(home.get().name(), "a\n[error] b\x1b[2J");
}

TEST(Description, IsKeptWhenTheApartmentHasClosed) {
  sta home("home");
  const std::string before = home.get().description();
  home.close();
  EXPECT_NE(home.get().description().find("'home'"), std::string::npos) << before;
}

TEST(Description, TellsTheKind) {
  const sta_lease here("here");
  const mta_usage mta;
  EXPECT_EQ(here.get().kind(), apartment_kind::sta);
  EXPECT_EQ(mta.get().kind(), apartment_kind::mta);
  EXPECT_EQ(neutral().kind(), apartment_kind::neutral);
}

}  // namespace
}  // namespace insula::test
