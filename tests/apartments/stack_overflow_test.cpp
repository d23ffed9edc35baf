// SPDX-License-Identifier: MIT
//
// Code that needs more stack than it has. Each ends a process of its own.
#include <insula/apartments/agile_ref.hpp>
#include <insula/apartments/mta.hpp>
#include <insula/apartments/sta.hpp>

#include "counter.hpp"

#include <gtest/gtest.h>

#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <functional>

namespace insula::test {
namespace {

class StackOverflowDeathTest : public testing::Test {
 protected:
  void SetUp() override { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

/// Frames of 64 KiB of which only the far end is touched: they step over a guard of one page.
[[gnu::noinline]] int descend(int levels) {
  volatile char frame[std::size_t{64} * 1024];
  frame[0] = static_cast<char>(levels);
  if (levels == 0) return frame[0];
  return descend(levels - 1) + frame[0];
}
constexpr int endless = 1 << 20;

sta_options small(const char* name) {
  return {.name = name, .stack_size = std::size_t{1} << 20};
}

/// Memory that nobody may touch, which is no guard of a stack.
void* without_access() {
  return ::mmap(nullptr, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

/// Visits in `home` while code of it waits, so on a fiber; the visitor does `body` there.
void visit_on_a_fiber(const sta& home, const std::function<HRESULT(ICounter*)>& body) {
  const sta away("away");
  home.invoke([&] {
    const com_ptr<IVisitor> visited = make<visitor>(body);
    const agile_ref<IVisitor> carried(visited);
    away.invoke([&] { (void)carried.get()->Visit(nullptr); });
  });
}

HRESULT overflow(ICounter*) { return descend(endless) == 1 ? S_OK : S_FALSE; }

TEST_F(StackOverflowDeathTest, OnAFiberNamesApartmentMethodAndOption) {
  EXPECT_DEATH(
      {
        const sta home(small("home\n"));
        visit_on_a_fiber(home, overflow);
      },
      "insula: stack overflow in STA 'home\\?', in a call of .*IVisitor::Visit: the stack of 1024 "
      "KiB is full.*sta_options::stack_size");
}

TEST_F(StackOverflowDeathTest, OnTheThreadsOwnStackOfAnStaSaysWhatIsItsSize) {
  EXPECT_DEATH(
      {
        const sta home("home");
        home.invoke([] { (void)descend(endless); });
      },
      "insula: stack overflow in STA 'home', in code that no proxy called.*ulimit -s");
}

TEST_F(StackOverflowDeathTest, InTheMtaNamesTheMethod) {
  EXPECT_DEATH(
      {
        const mta_usage mta;
        const sta home("home");
        home.invoke([&] {
          const auto visits = mta.get().create<IVisitor>([] { return make<visitor>(overflow); });
          (void)visits->Visit(nullptr);
        });
      },
      "insula: stack overflow in MTA, in a call of .*IVisitor::Visit.*ulimit -s");
}

TEST_F(StackOverflowDeathTest, OnALeasedThreadIsSaidToo) {
  EXPECT_DEATH(
      {
        const sta_lease here("here");
        (void)descend(endless);
      },
      "insula: stack overflow in STA 'here'");
}

constexpr int code_of_handler = 42;
extern "C" void end_in_handler(int, siginfo_t*, void*) { ::_exit(code_of_handler); }

void install_handler() {
  struct sigaction own {};
  own.sa_sigaction = &end_in_handler;
  own.sa_flags = SA_SIGINFO | SA_ONSTACK;
  ASSERT_EQ(::sigaction(SIGSEGV, &own, nullptr), 0);
  ASSERT_EQ(::sigaction(SIGBUS, &own, nullptr), 0);
}

TEST_F(StackOverflowDeathTest, AHandlerThatWasThereBeforeIsCalledAfterTheSentence) {
  EXPECT_EXIT(
      {
        install_handler();
        const sta home(small("home"));
        visit_on_a_fiber(home, overflow);
      },
      testing::ExitedWithCode(code_of_handler), "insula: stack overflow in STA 'home'");
}

TEST_F(StackOverflowDeathTest, AHandlerThatCameLaterIsCalledInstead) {
  EXPECT_EXIT(
      {
        const sta home(small("home"));
        install_handler();
        visit_on_a_fiber(home, overflow);
      },
      testing::ExitedWithCode(code_of_handler), "");
}

TEST_F(StackOverflowDeathTest, AnotherFaultIsNotTakenForAnOverflow) {
  EXPECT_EXIT(
      {
        install_handler();
        const sta home("home");
        home.invoke([] { *static_cast<volatile int*>(without_access()) = 1; });
      },
      testing::ExitedWithCode(code_of_handler), "^$");
}

TEST(Fibers, HaveAStackAsLargeAsAThreads) {
  const sta home("home");
  int sum = 0;
  visit_on_a_fiber(home, [&](ICounter*) {
    constexpr int four_megabytes = 64;
    sum = descend(four_megabytes);
    return S_OK;
  });
  EXPECT_EQ(sum, 64 * 65 / 2);
}

TEST(Fibers, ASignalStackOfTheProgramStays) {
  alignas(16) static char own[std::size_t{256} * 1024];
  stack_t mine{};
  mine.ss_sp = own;
  mine.ss_size = sizeof own;
  stack_t before{};
  ASSERT_EQ(::sigaltstack(&mine, &before), 0);
  stack_t during{};
  {
    const sta_lease here("here");
    (void)::sigaltstack(nullptr, &during);
  }
  stack_t after{};
  (void)::sigaltstack(&before, &after);
  EXPECT_EQ(during.ss_sp, own);
  EXPECT_EQ(after.ss_sp, own);
}

}  // namespace
}  // namespace insula::test
