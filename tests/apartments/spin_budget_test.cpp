// SPDX-License-Identifier: MIT
#include "spin_budget.hpp"

#include <gtest/gtest.h>

namespace insula::test {
namespace {

/// How often a spin looked when nothing came.
int looks_in_vain(spin_budget& budget) {
  int looks = 0;
  EXPECT_FALSE(budget.spin([&] {
    ++looks;
    return false;
  }));
  return looks;
}

int spins_until_it_gives_up(spin_budget& budget) {
  int spins = 0;
  while (looks_in_vain(budget) != 0) ++spins;
  return spins;
}

TEST(SpinBudget, LooksAtOnce) {
  spin_budget budget;
  EXPECT_TRUE(budget.spin([] { return true; }));
}

TEST(SpinBudget, TellsOnceThatTheLastLookPaid) {
  spin_budget budget;
  EXPECT_FALSE(budget.take_paid());
  (void)budget.spin([] { return true; });
  EXPECT_TRUE(budget.take_paid());
  EXPECT_FALSE(budget.take_paid());
}

TEST(SpinBudget, TellsOfNoEarlierSuccessAfterAMiss) {
  spin_budget budget;
  (void)budget.spin([] { return true; });
  (void)looks_in_vain(budget);
  EXPECT_FALSE(budget.take_paid());
}

TEST(SpinBudget, LooksHalfAsLongAfterAMiss) {
  spin_budget budget;
  const int first = looks_in_vain(budget);
  EXPECT_EQ(looks_in_vain(budget), first / 2);
}

TEST(SpinBudget, StopsLookingWhenNothingPays) {
  spin_budget budget;
  EXPECT_GT(spins_until_it_gives_up(budget), 1);
  EXPECT_EQ(looks_in_vain(budget), 0);
}

TEST(SpinBudget, LooksAgainAtEverySixteenthWait) {
  spin_budget budget;
  (void)spins_until_it_gives_up(budget);
  for (int i = 0; i != 14; ++i) EXPECT_EQ(looks_in_vain(budget), 0) << i;
  EXPECT_GT(looks_in_vain(budget), 0);
}

TEST(SpinBudget, ShrinksTowardsWhatSuccessTakes) {
  spin_budget budget;
  const int before = looks_in_vain(budget) / 2;
  for (int i = 0; i != 100; ++i) EXPECT_TRUE(budget.spin([] { return true; }));

  const int after = looks_in_vain(budget);
  EXPECT_LT(after, before);
  EXPECT_GT(after, 0);
}

TEST(SpinBudget, GrowsAgainWhenLateAnswersPay) {
  spin_budget budget;
  for (int i = 0; i != 100; ++i) (void)budget.spin([] { return true; });
  int looks = 0;
  EXPECT_TRUE(budget.spin([&] { return ++looks == 200; }));

  EXPECT_GT(looks_in_vain(budget), 1000);
}

}  // namespace
}  // namespace insula::test
