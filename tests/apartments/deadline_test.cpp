// SPDX-License-Identifier: MIT
//
// What a deadline does to each kind of wait: work that has not begun is withdrawn, work that runs
// is told apart.
#include <insula/apartments/call_options.hpp>

#include <insula/apartments/async.hpp>
#include <insula/apartments/mta.hpp>
#include <insula/apartments/neutral.hpp>
#include <insula/apartments/object_context.hpp>
#include <insula/apartments/sta.hpp>
#include <insula/apartments/task.hpp>
#include <insula/core/test_gate.hpp>

#include "counter.hpp"
#include "milestone.hpp"
#include "outcome.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>

namespace insula::test {
namespace {

using clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
using testing::HasSubstr;

/// Returns when `until` has come.
void outlast(clock::time_point until) {
  while (clock::now() < until) std::this_thread::yield();
}

/// The test runs in the MTA; objects live in an STA whose thread the test can keep busy.
class DeadlineOfAWait : public testing::Test {
 protected:
  com_ptr<ICounter> counter_at_home() {
    return home.create<ICounter>([this] { return make_probe<counter>(log); });
  }
  com_ptr<IVisitor> at_home(std::function<HRESULT(ICounter*)> body) {
    return home.create<IVisitor>([body = std::move(body)] { return make<visitor>(body); });
  }
  /// From now until `goes` is passed home serves nothing.
  void keep_busy() {
    home.post_system([this] {
      busy.pass();
      goes.await();
    });
    busy.await();
  }
  /// Home serves again, and has served all that was sent there.
  void let_go() {
    goes.pass();
    home.invoke([] {});
  }
  /// The same for code that must not call out: blocks.
  void serve_all() {
    milestone served("the end of home's queue");
    home.post_system([&] { served.pass(); });
    goes.pass();
    served.await();
  }
  /// Runs `waits`, which sends something to home, under a deadline that comes when that has begun.
  void expire_while_it_runs(function_ref<void()> waits) {
    milliseconds allowed{5};
    do {
      allowed *= 2;
      const deadline_scope limit(allowed);
      waits();
    } while (last_call_fate() == call_fate::not_executed);
  }
  void TearDown() override { goes.pass(); }

  probe_log log;
  milestone busy{"home's being busy"};
  milestone goes{"home's permission"};
  mta_lease here;
  sta home{"home"};
  LONG total = 7;
};

TEST_F(DeadlineOfAWait, WithdrawsACallThatHasNotBegun) {
  const auto proxy = counter_at_home();
  keep_busy();
  {
    const deadline_scope limit(milliseconds{10});
    EXPECT_EQ(proxy->Add(1, &total), RPC_E_TIMEOUT);
  }
  EXPECT_EQ(last_call_fate(), call_fate::not_executed);
  EXPECT_THAT(error_description(), HasSubstr("was not executed and never will be"));
  let_go();
  EXPECT_EQ(log.calls, 0);
}

TEST_F(DeadlineOfAWait, GivesBackAtOnceWhatAWithdrawnCallHeld) {
  probe_log mine;
  const auto visits = at_home([](ICounter*) { return S_OK; });
  keep_busy();
  {
    const com_ptr<ICounter> argument = make_probe<counter>(mine);
    const deadline_scope limit(milliseconds{10});
    EXPECT_EQ(visits->Visit(argument.get()), RPC_E_TIMEOUT);
    EXPECT_EQ(references_of(argument), 1u);
  }
  EXPECT_EQ(mine.instances, 0);
  let_go();
}

TEST_F(DeadlineOfAWait, LeavesACallThatHasBegun) {
  const auto slow = at_home([&](ICounter*) {
    goes.await();
    return S_OK;
  });
  expire_while_it_runs([&] { EXPECT_EQ(slow->Visit(nullptr), RPC_E_TIMEOUT); });
  EXPECT_EQ(last_call_fate(), call_fate::unknown);
  EXPECT_THAT(error_description(), HasSubstr("had begun when its deadline came"));
  let_go();
}

// Home takes the call out of its queue when the wait has expired, before it is withdrawn.
TEST_F(DeadlineOfAWait, KnowsThatTheCalleeRefusedACallThatCameTooLate) {
  const auto proxy = counter_at_home();
  keep_busy();
  const test_gate gate("queue_channel.expired", [this] { serve_all(); });
  {
    const deadline_scope limit(milliseconds{10});
    EXPECT_EQ(proxy->Add(1, &total), RPC_E_TIMEOUT);
  }
  EXPECT_TRUE(gate.reached());
  EXPECT_EQ(last_call_fate(), call_fate::not_executed);
  EXPECT_EQ(log.calls, 0);
}

TEST_F(DeadlineOfAWait, DropsTheAnswerOfACallThatWasExecutedTooLate) {
  const auto late = neutral().create<IVisitor>([] {
    return make<visitor>([](ICounter*) {
      outlast(*current_deadline());
      return S_OK;
    });
  });
  expire_while_it_runs([&] { EXPECT_EQ(late->Visit(nullptr), RPC_E_TIMEOUT); });
  EXPECT_EQ(last_call_fate(), call_fate::executed);
  EXPECT_THAT(error_description(), HasSubstr("was executed, but its answer came after"));
}

// -- invoke, send, create -------------------------------------------------------------------------

TEST_F(DeadlineOfAWait, WithdrawsWorkThatHasNotBegun) {
  keep_busy();
  bool ran = false;
  const auto expect_withdrawn = [&](function_ref<void()> waits) {
    const deadline_scope limit(milliseconds{10});
    EXPECT_EQ(code_of(waits), RPC_E_TIMEOUT);
    EXPECT_EQ(last_call_fate(), call_fate::not_executed);
  };
  expect_withdrawn([&] { home.invoke([&] { ran = true; }); });
  expect_withdrawn([&] { home.send([&] { ran = true; }); });
  expect_withdrawn([&] {
    (void)home.create<ICounter>([&] {
      ran = true;
      return make_probe<counter>(log);
    });
  });
  let_go();
  EXPECT_FALSE(ran);
}

TEST_F(DeadlineOfAWait, KnowsThatWorkWasRefusedThatCameTooLate) {
  keep_busy();
  bool ran = false;
  const test_gate gate("round_trip.expired", [this] { serve_all(); });
  {
    const deadline_scope limit(milliseconds{10});
    EXPECT_EQ(code_of([&] { home.invoke([&] { ran = true; }); }), RPC_E_TIMEOUT);
  }
  EXPECT_TRUE(gate.reached());
  EXPECT_EQ(last_call_fate(), call_fate::not_executed);
  EXPECT_FALSE(ran);
}

TEST_F(DeadlineOfAWait, WaitsForWorkThatHasBegunAndFails) {
  bool ran = false;
  expire_while_it_runs([&] {
    EXPECT_EQ(code_of([&] {
                home.invoke([&] {
                  outlast(*current_deadline());
                  ran = true;
                });
              }),
              RPC_E_TIMEOUT);
  });
  EXPECT_TRUE(ran);
  EXPECT_EQ(last_call_fate(), call_fate::executed);
}

TEST_F(DeadlineOfAWait, LetsThroughWhatLateWorkThrew) {
  std::string thrown;
  expire_while_it_runs([&] {
    try {
      home.invoke([&] {
        outlast(*current_deadline());
        throw std::runtime_error("no ink");
      });
    } catch (const std::runtime_error& failure) {
      thrown = failure.what();
    }
  });
  EXPECT_EQ(thrown, "no ink");
}

TEST_F(DeadlineOfAWait, ReleasesAnObjectThatWasMadeTooLate) {
  expire_while_it_runs([&] {
    EXPECT_EQ(code_of([&] {
                (void)home.create<ICounter>([&] {
                  auto made = make_probe<counter>(log);
                  outlast(*current_deadline());
                  return made;
                });
              }),
              RPC_E_TIMEOUT);
  });
  home.invoke([] {});
  EXPECT_EQ(log.connections_added, 1);
  EXPECT_EQ(log.instances, 0);
}

TEST_F(DeadlineOfAWait, CoversWorkThatRunsOnTheCallersOwnStack) {
  sta_thread shared("shared");
  const apartment first = shared.add("first");
  const apartment second = shared.add("second");
  call_fate fate = call_fate::unknown;
  first.invoke([&] {
    expire_while_it_runs([&] {
      EXPECT_EQ(code_of([&] { second.invoke([] { outlast(*current_deadline()); }); }),
                RPC_E_TIMEOUT);
    });
    fate = last_call_fate();
  });
  EXPECT_EQ(fate, call_fate::executed);
}

TEST_F(DeadlineOfAWait, PassesOnToWorkOfInvoke) {
  const auto until = clock::now() + std::chrono::hours{1};
  std::optional<clock::time_point> seen;
  {
    const deadline_scope limit(until);
    home.invoke([&] { seen = current_deadline(); });
  }
  EXPECT_EQ(seen, until);
  home.invoke([&] { seen = current_deadline(); });
  EXPECT_EQ(seen, std::nullopt);
}

TEST_F(DeadlineOfAWait, DoesNotConcernWorkInTheOwnApartment) {
  const deadline_scope limit(clock::now() - milliseconds{1});
  bool ran = false;
  apartment::current().invoke([&] { ran = true; });
  EXPECT_TRUE(ran);
}

TEST_F(DeadlineOfAWait, WithdrawsWorkForAnApartmentThatThenCloses) {
  sta_thread shared("shared");
  bool ran = false;
  {
    const apartment hosted = shared.add("hosted");
    hosted.post_system([&] {
      busy.pass();
      goes.await();
    });
    busy.await();
    const deadline_scope limit(milliseconds{10});
    EXPECT_EQ(code_of([&] { hosted.invoke([&] { ran = true; }); }), RPC_E_TIMEOUT);
    goes.pass();
    shared.close(hosted);
  }
  EXPECT_FALSE(ran);
}

TEST_F(DeadlineOfAWait, EndsTheWaitOfAnStaToo) {
  keep_busy();
  HRESULT code = S_OK;
  {
    const sta waits("waits");
    waits.invoke([&] {
      const deadline_scope limit(milliseconds{10});
      code = code_of([&] { home.invoke([] {}); });
    });
  }
  EXPECT_EQ(code, RPC_E_TIMEOUT);
}

TEST_F(DeadlineOfAWait, EndsTheWaitForAnotherThreadsNewSta) {
  sta_thread shared("shared");
  const apartment hosted = shared.add("hosted");
  hosted.post_system([&] {
    busy.pass();
    goes.await();
  });
  busy.await();
  {
    const deadline_scope limit(milliseconds{10});
    EXPECT_EQ(code_of([&] { (void)shared.add("late"); }), RPC_E_TIMEOUT);
  }
  goes.pass();
}

TEST_F(DeadlineOfAWait, EndsAContextCallback) {
  com_ptr<IContextCallback> context;
  home.invoke([&] {
    throw_if_failed(CoGetObjectContext(iid_of<IContextCallback>(), context.put_void()));
  });
  keep_busy();
  bool ran = false;
  ComCallData data{};
  data.pUserDefined = &ran;
  {
    const deadline_scope limit(milliseconds{10});
    EXPECT_EQ(context->ContextCallback(
                  [](ComCallData* given) -> HRESULT {
                    *static_cast<bool*>(given->pUserDefined) = true;
                    return S_OK;
                  },
                  &data, iid_of<IContextCallback>(), 0, nullptr),
              RPC_E_TIMEOUT);
  }
  EXPECT_THAT(error_description(), HasSubstr("it was not executed"));
  let_go();
  EXPECT_FALSE(ran);
}

// -- QueryInterface -------------------------------------------------------------------------------

TEST_F(DeadlineOfAWait, EndsQueryInterfaceForANewInterface) {
  const auto proxy = counter_at_home();
  keep_busy();
  com_ptr<INamed> other;
  {
    const deadline_scope limit(milliseconds{10});
    EXPECT_EQ(proxy->QueryInterface(iid_of<INamed>(), other.put_void()), RPC_E_TIMEOUT);
    EXPECT_EQ(last_call_fate(), call_fate::not_executed);
  }
  let_go();
  EXPECT_EQ(proxy->QueryInterface(iid_of<INamed>(), other.put_void()), S_OK);
}

TEST_F(DeadlineOfAWait, LeavesAnObjectThatIsAnsweringQueryInterface) {
  auto proxy = counter_at_home();
  home.invoke([this] {
    log.on_query = [this](REFIID iid) {
      if (iid == iid_of<INamed>()) goes.await();
    };
  });
  com_ptr<INamed> other;
  expire_while_it_runs([&] {
    EXPECT_EQ(proxy->QueryInterface(iid_of<INamed>(), other.put_void()), RPC_E_TIMEOUT);
  });
  EXPECT_EQ(last_call_fate(), call_fate::unknown);
  proxy.reset();
  EXPECT_EQ(log.instances, 1);
  let_go();
  home.invoke([] {});
  EXPECT_EQ(log.instances, 0);
}

// -- futures and tasks ----------------------------------------------------------------------------

TEST_F(DeadlineOfAWait, EndsGetOfAFuture) {
  const auto proxy = counter_at_home();
  keep_busy();
  future<HRESULT> result = async(proxy, &ICounter::Add, 1, &total);
  {
    const deadline_scope limit(milliseconds{10});
    EXPECT_FALSE(result.wait());
    EXPECT_EQ(result.get(), RPC_E_TIMEOUT);
  }
  EXPECT_EQ(last_call_fate(), call_fate::not_executed);
  let_go();
  EXPECT_EQ(log.calls, 0);
}

TEST_F(DeadlineOfAWait, DoesNotConcernAResultThatIsThere) {
  const auto proxy = counter_at_home();
  future<HRESULT> result = async(proxy, &ICounter::Add, 1, &total);
  result.wait();
  const deadline_scope limit(clock::now() - milliseconds{1});
  EXPECT_EQ(result.get(), S_OK);
}

TEST_F(DeadlineOfAWait, EndsGetOfATaskWhichGoesOn) {
  const auto proxy = counter_at_home();
  keep_busy();
  auto adds = [](com_ptr<ICounter> to) -> task<LONG> {
    LONG sum = 0;
    (void)co_await async(to, &ICounter::Add, 5, &sum);
    co_return sum;
  };
  task<LONG> sum = adds(proxy);
  {
    const deadline_scope limit(milliseconds{10});
    EXPECT_EQ(code_of([&] { (void)sum.get(); }), RPC_E_TIMEOUT);
  }
  goes.pass();
  EXPECT_EQ(sum.get(), 5);
}

}  // namespace
}  // namespace insula::test
