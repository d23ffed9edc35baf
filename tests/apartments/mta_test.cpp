// SPDX-License-Identifier: MIT
#include <insula/apartments/mta.hpp>

#include <insula/apartments/agile_ref.hpp>
#include <insula/apartments/async.hpp>
#include <insula/apartments/rundown.hpp>
#include <insula/apartments/sta.hpp>

#include "counter.hpp"
#include "log_lines.hpp"
#include "milestone.hpp"
#include "on_thread.hpp"
#include "outcome.hpp"
#include "whereabouts.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <optional>
#include <thread>
#include <vector>

namespace insula::test {
namespace {

TEST(Mta, AThreadWithoutAnApartmentIsInItWhileItExists) {
  EXPECT_EQ(apartment_here(), in_no_apartment);
  {
    const mta_usage mta;
    EXPECT_EQ(apartment_here(), in_mta_implicitly);
    EXPECT_TRUE(mta.get().is_current());
  }
  EXPECT_EQ(apartment_here(), in_no_apartment);
}

TEST(Mta, AMembersThreadIsInItExplicitly) {
  const mta_lease here;
  EXPECT_EQ(apartment_here(), in_mta);
}

TEST(Mta, IsOneForAllItsMembers) {
  const mta_lease here;
  EXPECT_TRUE(on_thread([&] {
    const mta_lease there;
    return there.get() == here.get();
  }));
}

TEST(Mta, ThatWasLeftByAllIsAnotherOneNextTime) {
  std::optional<oxid> first, second;
  {
    const mta_lease here;
    first = here.get().id();
  }
  {
    const mta_lease here;
    second = here.get().id();
  }
  EXPECT_NE(*first, *second);
}

TEST(Mta, RunsCallsOfStasOnThreadsOfItsPool) {
  const sta_lease here("here");
  const mta_usage mta;
  std::thread::id inside;
  mta.get().invoke([&] {
    inside = std::this_thread::get_id();
    EXPECT_TRUE(mta.get().is_current());
  });
  EXPECT_NE(inside, std::this_thread::get_id());
  EXPECT_GE(mta_pool_threads(), 1u);
}

TEST(Mta, RunsManyCallsAtOnce) {
  const mta_usage mta;
  constexpr int count = 4;
  std::atomic<int> inside{0};
  milestone all("all calls being inside at once");
  std::vector<std::thread> callers;
  for (int i = 0; i != count; ++i)
    callers.emplace_back([&] {
      const sta_lease mine("caller");
      mta.get().invoke([&] {
        if (++inside == count) all.pass();
        all.await();
      });
    });
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(inside, count);
}

// Each level holds a thread of the pool while it waits.
TEST(Mta, AndAnStaMayCallEachOtherHoweverDeep) {
  constexpr int depth = 500;
  const mta_usage mta;
  const sta home("home");
  const std::function<int(int)> descend = [&](int left) -> int {
    if (left == 0) return 0;
    const auto next = [&] { return descend(left - 1); };
    return 1 + (home.get().is_current() ? mta.get().invoke(next) : home.invoke(next));
  };
  EXPECT_EQ(descend(depth), depth);
}

TEST(Mta, ClosesOnlyWhenTheWorkInsideHasEnded) {
  std::optional<mta_usage> mta(std::in_place);
  milestone entered, goes;
  std::atomic<bool> ended{false};
  mta->get().post([&] {
    entered.pass();
    goes.await();
    ended = true;
  });
  entered.await();
  std::thread opener([&] { goes.pass(); });
  mta.reset();
  EXPECT_TRUE(ended);
  opener.join();
}

TEST(Mta, ThatIsLetGoInsideACallOfItsOwnEndsWhenThatHasReturned) {
  const sta_lease here("here");
  std::optional<mta_usage> keeps(std::in_place);
  milestone ended("the end of the MTA");
  probe_log in_mta;
  com_ptr<ICounter> held;  // by the object's apartment, until it ends
  std::atomic<bool> returned{false};
  std::atomic<bool> returned_before_the_end{false};
  const auto lets_go = keeps->get().create<IVisitor>([&] {
    held = make_probe<counter>(in_mta);
    return make<visitor>([&](ICounter*) {
      at_rundown([&] {
        returned_before_the_end = returned.load();
        held.reset();
        ended.pass();
      });
      keeps.reset();
      returned = true;
      return S_OK;
    });
  });
  const log_lines lines;
  EXPECT_EQ(lets_go->Visit(nullptr), S_OK);
  ended.await();
  EXPECT_TRUE(returned_before_the_end);
  EXPECT_EQ(in_mta.instances, 0);
  EXPECT_EQ(lines.text(), "");
}

TEST(Mta, ThatIsLetGoInsideACallItWaitsForEndsWhenThatHasReturned) {
  const sta_lease here("here");
  std::optional<mta_usage> keeps(std::in_place);
  milestone ended("the end of the MTA");
  const auto forwards = keeps->get().create<IVisitor>([&] {
    at_rundown([&] { ended.pass(); });
    return make<visitor>([](ICounter* caller) {
      LONG total = 0;
      return caller->Add(1, &total);
    });
  });
  probe_log log;
  log.on_call = [&] { keeps.reset(); };
  const com_ptr<ICounter> lets_go = make_probe<counter>(log);
  const log_lines lines;
  EXPECT_EQ(forwards->Visit(lets_go.get()), S_OK);
  ended.await();
  EXPECT_EQ(lines.text(), "");
}

TEST(Mta, RefusesWorkWhenItHasClosed) {
  apartment left;
  {
    const mta_usage mta;
    left = mta.get();
  }
  EXPECT_TRUE(left.is_closed());
  EXPECT_EQ(code_of([&] { left.post([] { FAIL(); }); }), RPC_E_DISCONNECTED);
}

// -- the order of calls ---------------------------------------------------------------

/// An object of the MTA, called from an STA; each visit says its turn.
class MtaOrder : public testing::Test {
 protected:
  const sta_lease here{"here"};
  const mta_usage mta;
};

TEST_F(MtaOrder, AsynchronousCallsToOneObjectRunInTheOrderTheyWereMade) {
  std::atomic<int> turn{0};
  std::vector<int> turns(200, -1);
  std::atomic<int> inside{0};
  const auto object = mta.get().create<IVisitor>([&] {
    return make<visitor>([&](ICounter*) {
      EXPECT_EQ(++inside, 1);
      const int mine = turn++;
      turns[static_cast<std::size_t>(mine)] = mine;
      --inside;
      return S_OK;
    });
  });
  std::vector<future<HRESULT>> results;
  for (std::size_t i = 0; i != turns.size(); ++i)
    results.push_back(async(object, &IVisitor::Visit, nullptr));
  for (auto& result : results) EXPECT_EQ(result.get(), S_OK);
  EXPECT_EQ(turn, 200);
}

TEST_F(MtaOrder, ASynchronousCallComesAfterTheAsynchronousOnes) {
  milestone entered, goes;
  probe_log log;
  std::atomic<int> calls{0};
  int before_sync = 0;
  const auto object = mta.get().create<IVisitor>([&] {
    return make<visitor>([&](ICounter*) {
      if (calls.fetch_add(1) == 0) {
        entered.pass();
        goes.await();
      }
      return S_OK;
    });
  });
  auto first = async(object, &IVisitor::Visit, nullptr);
  auto second = async(object, &IVisitor::Visit, nullptr);
  entered.await();
  EXPECT_EQ(calls, 1) << "the second one waits for the first";
  std::thread opener([&] { goes.pass(); });
  EXPECT_EQ(object->Visit(nullptr), S_OK);
  before_sync = calls;
  opener.join();
  EXPECT_EQ(before_sync, 3);
  EXPECT_TRUE(first.wait_for(std::chrono::minutes{1}));
  EXPECT_EQ(first.get(), S_OK);
  EXPECT_EQ(second.get(), S_OK);
}

TEST_F(MtaOrder, OtherObjectsDoNotWait) {
  milestone entered, goes;
  const auto slow = mta.get().create<IVisitor>([&] {
    return make<visitor>([&](ICounter*) {
      entered.pass();
      goes.await();
      return S_OK;
    });
  });
  const auto quick = mta.get().create<IVisitor>([] {
    return make<visitor>([](ICounter*) { return S_OK; });
  });
  auto pending = async(slow, &IVisitor::Visit, nullptr);
  entered.await();
  EXPECT_EQ(async(quick, &IVisitor::Visit, nullptr).get(), S_OK);
  EXPECT_FALSE(pending.ready());
  goes.pass();
  EXPECT_EQ(pending.get(), S_OK);
}

// The asynchronous call calls its caller, which calls the same object: it must not wait for itself.
TEST_F(MtaOrder, ACallOnBehalfOfTheRunningOneIsNotHeldBack) {
  com_ptr<IVisitor> object;
  std::atomic<int> calls{0};
  bool called_back = false;
  object = mta.get().create<IVisitor>([&] {
    return make<visitor>([&](ICounter* calls_back) {
      if (calls.fetch_add(1) != 0 || calls_back == nullptr) return S_OK;
      LONG total = 0;
      return calls_back->Add(1, &total);
    });
  });
  probe_log log;
  log.on_call = [&] {
    called_back = true;
    EXPECT_EQ(object->Visit(nullptr), S_OK);
  };
  const com_ptr<ICounter> mine = make_probe<counter>(log);
  EXPECT_EQ(async(object, &IVisitor::Visit, mine.get()).get(), S_OK);
  EXPECT_TRUE(called_back);
  EXPECT_EQ(calls, 2);
}

// All that a served call makes has its causality; that alone says nothing about who waits for whom.
TEST_F(MtaOrder, HoldsForCallsMadeByCodeThatServesACall) {
  std::atomic<int> inside{0};
  std::atomic<int> overlaps{0};
  const agile_ref<IVisitor> object(mta.get().create<IVisitor>([&] {
    return make<visitor>([&](ICounter*) {
      if (++inside != 1) ++overlaps;
      std::this_thread::yield();
      --inside;
      return S_OK;
    });
  }));
  const sta other("other");
  const auto caller = other.create<IVisitor>([&] {
    return make<visitor>([&](ICounter*) {
      const auto there = object.get();
      std::vector<future<HRESULT>> results;
      for (int i = 0; i != 200; ++i) results.push_back(async(there, &IVisitor::Visit, nullptr));
      for (auto& result : results) EXPECT_EQ(result.get(), S_OK);
      return S_OK;
    });
  });
  EXPECT_EQ(caller->Visit(nullptr), S_OK);
  EXPECT_EQ(overlaps, 0);
}

// The running call has work done in its caller's apartment, which is no call.
TEST_F(MtaOrder, ACallOfInvokedWorkOnBehalfOfTheRunningOneIsNotHeldBack) {
  com_ptr<IVisitor> object;
  std::atomic<int> calls{0};
  object = mta.get().create<IVisitor>([&] {
    return make<visitor>([&](ICounter*) {
      if (calls.fetch_add(1) == 0)
        here.get().invoke([&] { EXPECT_EQ(object->Visit(nullptr), S_OK); });
      return S_OK;
    });
  });
  EXPECT_EQ(async(object, &IVisitor::Visit, nullptr).get(), S_OK);
  EXPECT_EQ(calls, 2);
}

}  // namespace
}  // namespace insula::test
