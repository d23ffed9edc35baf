// SPDX-License-Identifier: MIT
//
// A foreign event loop as the pump of an STA: its events call, wait, and open loops.
#include "foreign_loop.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>

namespace insula::test {
namespace {

using namespace std::chrono_literals;

using ForeignLoop = foreign_loop;
INSTANTIATE_TEST_SUITE_P(OverPoll, ForeignLoop, all_adapters(), name_of);

// ---- Events that call and wait -----------------------------------------------------------------

TEST_P(ForeignLoop, AnEventThatWaitRunsMayCall) {
  milestone goes;
  int answer = 0;
  loop.post_event([&] {
    answer = two.invoke([] { return 3; });
    goes.pass();
  });
  wait_for(one, goes);
  EXPECT_EQ(answer, 3);
}

TEST_P(ForeignLoop, AnEventThatWaitsLetsLaterEventsRun) {
  milestone goes;
  milestone later;
  loop.post_event([&] {
    wait_for(two, later);
    goes.pass();
  });
  loop.post_event([&] { later.pass(); });
  wait_for(one, goes);
}

TEST_P(ForeignLoop, AnEventThatWaitsServesCallsMeanwhile) {
  milestone goes;
  bool served = false;
  loop.post_event([&] {
    two.invoke([&] { here.get().invoke([&] { served = true; }); });
    goes.pass();
  });
  wait_for(one, goes);
  EXPECT_TRUE(served);
}

// Each event comes when the one before has run, so a loop that sleeps takes a turn for each and one
// for each wake; one that spins takes thousands.
TEST_P(ForeignLoop, AWaitInsideAnEventSleeps) {
  constexpr int events = 50;
  milestone goes;
  milestone last;
  std::atomic<int> ran{0};
  std::thread poster;
  int turns = 0;
  loop.post_event([&] {
    poster = std::thread([&] {
      for (int i = 0; i != events; ++i) {
        loop.post_event([&] {
          ++ran;
          ran.notify_all();
        });
        ran.wait(i);
      }
      last.pass();
    });
    const int before = loop.turns();
    wait_for(two, last);
    turns = loop.turns() - before;
    goes.pass();
  });
  wait_for(one, goes);
  poster.join();
  EXPECT_LE(turns, 2 * events + 10);
}

TEST_P(ForeignLoop, OfTwoEventsThatWaitTheYoungerEndsFirst) {
  milestone goes;
  milestone elder;
  milestone younger;
  std::string order;
  loop.post_event([&] {
    wait_for(one, elder);
    order += "elder";
  });
  loop.post_event([&] {
    elder.pass();
    one.invoke([] {});  // the answer to the elder has been sent
    wait_for(two, younger);
    order += "younger ";
  });
  loop.post_event([&] { younger.pass(); });
  loop.post_event([&] { goes.pass(); });
  const sta third("third");
  third.invoke([&] { goes.await(); });
  EXPECT_EQ(order, "younger elder");
}

// ---- Calls that are served ---------------------------------------------------------------------

/// Two calls into `here` that each wait, the first for `first`, the second for `second`.
struct two_served_calls {
  two_served_calls(const apartment& here, const sta& one, const sta& two, milestone& second_is_in)
      : first_caller([&] {
          here.invoke([&] {
            first_is_in.pass();
            one.invoke([&] { first.await(); });
          });
        }),
        second_caller([&] {
          first_is_in.await();
          here.invoke([&] {
            second_is_in.pass();
            two.invoke([&] { second.await(); });
          });
        }) {}

  milestone first_is_in;
  milestone first;
  milestone second;
  std::thread first_caller;
  std::thread second_caller;
};

TEST_P(ForeignLoop, CallsServedFromItEndInTheOrderOfTheirAnswers) {
  milestone both;
  two_served_calls calls(here.get(), one, two, both);
  std::thread in_order([&] {
    both.await();
    calls.first.pass();
    calls.first_caller.join();  // while the second still waits
    calls.second.pass();
    calls.second_caller.join();
    loop.post_event([&] { adapter->end(); });
  });
  adapter->run();
  in_order.join();
}

TEST_P(ForeignLoop, CallsServedUnderAWaitEndInTheOrderOfTheirAnswers) {
  milestone both;
  milestone all;
  const sta third("third");
  two_served_calls calls(here.get(), one, two, both);
  std::thread in_order([&] {
    both.await();
    calls.first.pass();
    calls.first_caller.join();
    calls.second.pass();
    calls.second_caller.join();
    all.pass();
  });
  third.invoke([&] { all.await(); });
  in_order.join();
}

TEST_P(ForeignLoop, AServedCallThatWaitsEndsBeforeAnEventThatBeganToWaitLater) {
  milestone served_waits;
  milestone answer;
  milestone event_may_end;
  std::thread caller([&] {
    here.get().invoke([&] {
      served_waits.pass();
      wait_for(one, answer);
    });
    event_may_end.pass();
  });
  std::thread poster([&] {
    served_waits.await();
    loop.post_event([&] {
      answer.pass();
      wait_for(two, event_may_end);  // until the call has returned
      adapter->end();
    });
  });
  adapter->run();
  caller.join();
  poster.join();
}

// ---- Loops in loops ----------------------------------------------------------------------------

TEST_P(ForeignLoop, TimersAndPostedWorkGoOnInALoopThatAnEventOpened) {
  milestone goes;
  std::string ran;
  loop.post_event([&] {
    here.get().post([&] { ran += "posted "; });
    here.get().set_timer(1ms, [&] {
      ran += "timer";
      adapter->end();
    });
    adapter->run();
    goes.pass();
  });
  wait_for(one, goes);  // although this waits
  EXPECT_EQ(ran, "posted timer");
}

TEST_P(ForeignLoop, TimersAndPostedWorkGoOnInALibraryLoopThatAnEventOpened) {
  milestone goes;
  std::string ran;
  loop.post_event([&] {
    bool done = false;
    here.get().post([&] { ran += "posted "; });
    here.get().set_timer(1ms, [&] {
      ran += "timer";
      done = true;
    });
    here.run_until([&] { return done; });
    goes.pass();
  });
  wait_for(one, goes);
  EXPECT_EQ(ran, "posted timer");
}

TEST_P(ForeignLoop, PostedWorkStaysQueuedWhileAnEventOfAnOpenedLoopWaits) {
  milestone goes;
  milestone answer;
  std::string order;
  loop.post_event([&] {
    loop.post_event([&] {
      here.get().post([&] {
        order += "posted";
        adapter->end();
      });
      loop.post_event([&] { answer.pass(); });
      wait_for(two, answer);
      order += "waited ";
    });
    adapter->run();
    goes.pass();
  });
  wait_for(one, goes);
  EXPECT_EQ(order, "waited posted");
}

TEST_P(ForeignLoop, PostedWorkStaysQueuedWhileItsApartmentOnlyWaits) {
  milestone goes;
  std::string order;
  here.get().post([&] { order += "posted"; });
  loop.post_event([&] { goes.pass(); });
  wait_for(one, goes);
  order += "waited ";
  here.drain();
  EXPECT_EQ(order, "waited posted");
}

// The dialog that a method shows: a loop on a stack of the library's.
TEST_P(ForeignLoop, ALoopThatAServedCallOpenedRunsEventsThatWait) {
  milestone answer;
  milestone goes;
  std::thread caller([&] {
    here.get().invoke([&] {
      loop.post_event([&] { wait_for(two, answer); });
      loop.post_event([&] { answer.pass(); });
      loop.post_event([&] { adapter->end(); });
      adapter->run();
    });
    goes.pass();
  });
  wait_for(one, goes);
  caller.join();
}

TEST_P(ForeignLoop, AnOlderWaitBeneathAnotherLoopEndsWhenTheLoopsAboveHaveEnded) {
  std::string order;
  milestone waits;
  milestone opened;
  milestone answer;
  std::thread caller([&] {
    waits.await();
    here.get().invoke([&] {
      loop.post_event([&] { opened.pass(); });
      adapter->run();
      order += "inner loop, ";
    });
  });
  std::thread script([&] {
    opened.await();
    answer.pass();
    one.invoke([] {});  // the answer to the older wait has been sent
    loop.post_event([&] { adapter->end(); });
  });
  loop.post_event([&] {
    waits.pass();
    wait_for(one, answer);
    order += "older wait";
    adapter->end();
  });
  adapter->run();
  caller.join();
  script.join();
  EXPECT_EQ(order, "inner loop, older wait");
}

TEST_P(ForeignLoop, ALibraryLoopInAServedCallLooksAfterEachPieceOfWork) {
  bool done = false;
  std::thread caller([&] {
    here.get().invoke([&] { here.run_until([&] { return done; }); });
    loop.post_event([&] { adapter->end(); });
  });
  std::thread poster([&] { here.get().post_system([&] { done = true; }); });
  adapter->run();
  EXPECT_TRUE(done);
  caller.join();
  poster.join();
}

}  // namespace
}  // namespace insula::test
