// SPDX-License-Identifier: MIT
//
// Programs that end while apartments are open. Each is a process of its own.
#include <insula/apartments/agile_ref.hpp>
#include <insula/apartments/async.hpp>
#include <insula/apartments/mta.hpp>
#include <insula/apartments/sta.hpp>

#include "counter.hpp"
#include "outcome.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

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

TEST_F(ExitDeathTest, WithLeasesOfStaticStorageSaysNothing) {
  EXPECT_EXIT(
      {
        static const sta_lease here("here");
        static const sta_lease again("again");
        (void)here;
        (void)again;
        std::exit(as_asked);
      },
      ended_as_asked, testing::Not(testing::HasSubstr("[insula]")));
}

// -- threads that end from inside ------------------------------------------------------------

class ForcedEndDeathTest : public ExitDeathTest {
 protected:
  void SetUp() override {
#if defined(__SANITIZE_THREAD__)
    GTEST_SKIP() << "the thread sanitizer's own pthread_exit stops at some of these ends";
#endif
    ExitDeathTest::SetUp();
  }
};

com_ptr<IVisitor> ends_its_thread() {
  return make<visitor>([](ICounter*) -> HRESULT { ::pthread_exit(nullptr); });
}

TEST_F(ForcedEndDeathTest, OfInvokedCodeNamesTheApartment) {
  EXPECT_DEATH(
      {
        const sta home("home");
        home.invoke([] { ::pthread_exit(nullptr); });
      },
      "code that was posted, sent or invoked in .*STA 'home'.*ended its thread");
}

TEST_F(ForcedEndDeathTest, OfPostedWorkNamesTheApartment) {
  EXPECT_DEATH(
      {
        const sta home({.name = "home", .posted_work = at_close::drain});
        home.post([] { ::pthread_exit(nullptr); });
      },
      "in .*STA 'home'.*ended its thread");
}

TEST_F(ForcedEndDeathTest, OfATimerNamesTheApartment) {
  EXPECT_DEATH(
      {
        sta_lease home("home");
        home.get().set_timer({}, [] { ::pthread_exit(nullptr); });
        (void)home.run();
      },
      "in .*STA 'home'.*ended its thread");
}

TEST_F(ForcedEndDeathTest, OfAMethodNamesIt) {
  EXPECT_DEATH(
      {
        const mta_lease here;
        const sta home("home");
        const auto ends = home.create<IVisitor>([] { return ends_its_thread(); });
        (void)ends->Visit(nullptr);
      },
      "IVisitor::Visit in .*STA 'home'.*ended its thread");
}

TEST_F(ForcedEndDeathTest, OfAMethodOnAWorkerOfTheMtaNamesIt) {
  EXPECT_DEATH(
      {
        const mta_usage mta;
        const sta_lease here("here");
        const auto ends = mta.get().create<IVisitor>([] { return ends_its_thread(); });
        (void)ends->Visit(nullptr);
      },
      "IVisitor::Visit in MTA.*ended its thread");
}

// The inner call runs on a stack of its own, while the outer one waits.
TEST_F(ForcedEndDeathTest, OfAMethodOnAFiberNamesIt) {
  EXPECT_DEATH(
      {
        const mta_lease here;
        const sta home("home");
        const sta away("away");
        const agile_ref<IVisitor> ends(
            home.create<IVisitor>([] { return ends_its_thread(); }));
        home.invoke([&] { away.invoke([&] { (void)ends.get()->Visit(nullptr); }); });
      },
      "IVisitor::Visit in .*STA 'home'.*ended its thread");
}

// -- fork ------------------------------------------------------------------------------------

/// Runs `body` in a forked child, while apartments are open. True: so says `body`.
bool child_says(function_ref<bool()> body) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(body() ? 0 : 1);
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

class Fork : public testing::Test {
 protected:
  static bool refuses(function_ref<void()> body) { return code_of(body) == CO_E_NOT_SUPPORTED; }

  const sta_lease here{"here"};
  const sta home{"home"};
  const com_ptr<IVisitor> proxy = home.create<IVisitor>([] {
    return make<visitor>([](ICounter*) { return S_OK; });
  });
};

TEST_F(Fork, AChildIsToldWhenItCalls) {
  EXPECT_TRUE(child_says([&] { return proxy->Visit(nullptr) == CO_E_NOT_SUPPORTED; }));
  EXPECT_EQ(proxy->Visit(nullptr), S_OK);
}

TEST_F(Fork, AChildIsToldWhenItCallsAsynchronously) {
  EXPECT_TRUE(child_says(
      [&] { return async(proxy, &IVisitor::Visit, nullptr).get() == CO_E_NOT_SUPPORTED; }));
}

TEST_F(Fork, AChildIsToldWhenItInvokesOrPosts) {
  EXPECT_TRUE(child_says([&] { return refuses([&] { home.invoke([] {}); }); }));
  EXPECT_TRUE(child_says([&] { return refuses([&] { home.send([] {}); }); }));
  EXPECT_TRUE(child_says([&] { return refuses([&] { home.post([] {}); }); }));
}

TEST_F(Fork, AChildIsToldWhenItMakesApartments) {
  EXPECT_TRUE(child_says([&] { return refuses([] { const sta more("more"); }); }));
  EXPECT_TRUE(child_says([&] { return refuses([] { const sta_lease more("more"); }); }));
  EXPECT_TRUE(child_says([&] { return refuses([] { const mta_usage mta; }); }));
}

TEST_F(ExitDeathTest, OfAForkedChildDoesNotWaitForThreadsThatItDoesNotHave) {
#if defined(__SANITIZE_ADDRESS__)
  GTEST_SKIP() << "the leak checker of a forked child does not see the stacks of its lost threads";
#endif
  EXPECT_EXIT(
      {
        open_a_static_apartment();
        static const sta_lease here("here");
        (void)here;
        if (const pid_t child = ::fork(); child != 0) {
          int status = 0;
          ::waitpid(child, &status, 0);
          ::_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
        }
        std::exit(as_asked);
      },
      ended_as_asked, "apartments do not survive fork");
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
