// SPDX-License-Identifier: MIT
//
// Apartments that close while something is going on, with both outcomes of each race.
#include <insula/apartments/sta.hpp>

#include <insula/apartments/agile_ref.hpp>
#include <insula/apartments/async.hpp>
#include <insula/apartments/initialize.hpp>
#include <insula/apartments/mta.hpp>
#include <insula/apartments/neutral.hpp>
#include <insula/apartments/rundown.hpp>
#include <insula/apartments/task.hpp>
#include <insula/core/test_gate.hpp>

#include "counter.hpp"
#include "milestone.hpp"
#include "on_thread.hpp"
#include "outcome.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <thread>

namespace insula::test {
namespace {

thread_local LONG total_ignored = 0;

TEST(Shutdown, ACallThatComesAfterTheRefusalIsRefused) {
  const mta_lease here;
  sta home("home");
  probe_log log;
  const auto proxy = home.create<ICounter>([&] { return make_probe<counter>(log); });
  test_gate gate("sta.refuses");
  std::thread closer([&] { home.close(); });
  gate.wait_until_reached();

  EXPECT_EQ(proxy->Add(1, &total_ignored), RPC_E_DISCONNECTED);
  EXPECT_EQ(log.instances, 1);

  gate.open();
  closer.join();
  EXPECT_EQ(log.calls, 0);
  EXPECT_EQ(log.instances, 0);
}

TEST(Shutdown, ACallThatCameBeforeTheRefusalIsServed) {
  const mta_lease here;
  sta home("home");
  probe_log log;
  const auto proxy = home.create<ICounter>([&] { return make_probe<counter>(log); });
  milestone busy("the work that keeps home busy"), goes("its permission");
  home.post([&] {
    busy.pass();
    goes.await();
  });
  busy.await();
  // Returns when it is in the queue, before whatever closes.
  future<HRESULT> sent = async(proxy, &ICounter::Add, 1, &total_ignored);
  std::thread closer([&] { home.close(); });
  goes.pass();

  closer.join();
  EXPECT_EQ(sent.get(), S_OK);
  EXPECT_EQ(log.calls, 1);
}

// The call has looked whether the apartment is open, and is queued when it is not any more.
void expect_refusal_after_the_end(sta& home) {
  probe_log log;
  const auto proxy = home.create<ICounter>([&] { return make_probe<counter>(log); });
  const test_gate gate("sta.accepted", [&] { home.close(); });

  EXPECT_EQ(proxy->Add(1, &total_ignored), RPC_E_DISCONNECTED);

  EXPECT_TRUE(gate.reached());
  EXPECT_EQ(log.calls, 0);
}

TEST(Shutdown, ACallQueuedAfterAllIsOverIsRefusedByAnOwnThread) {
  const mta_lease here;
  sta home("home");
  expect_refusal_after_the_end(home);
}

TEST(Shutdown, ACallQueuedAfterAllIsOverIsRefusedByASharedThread) {
  const mta_lease here;
  sta_thread shared("shared");
  sta home(shared, "home");
  expect_refusal_after_the_end(home);
}

// The call comes when the closing has emptied the queues, and before the thread ends.
TEST(Shutdown, ACallQueuedBetweenTheClosingAndTheEndOfTheThreadIsRefused) {
  const mta_lease here;
  std::optional<sta_thread> thread(std::in_place, "thread");
  probe_log log;
  const auto proxy =
      thread->add("home").create<ICounter>([&] { return make_probe<counter>(log); });
  test_gate emptied("sta.queues_empty");
  test_gate accepted("sta.accepted");
  HRESULT code = E_FAIL;
  std::thread caller([&] {
    future<HRESULT> sent = async(proxy, &ICounter::Add, 1, &total_ignored);
    emptied.open();
    code = sent.get();
  });
  accepted.wait_until_reached();
  std::thread closer([&] { thread.reset(); });
  emptied.wait_until_reached();

  accepted.open();
  caller.join();
  closer.join();
  EXPECT_EQ(code, RPC_E_DISCONNECTED);
  EXPECT_EQ(log.calls, 0);
}

TEST(Shutdown, WorkThatWasAcceptedAndComesAfterTheEndDoesNotRunOnASharedThread) {
  sta_thread shared("shared");
  const apartment neighbour = shared.add("neighbour");
  sta home(shared, "home");
  const auto token = std::make_shared<int>(0);
  {
    const test_gate gate("sta.accepted", [&] { home.close(); });
    home.post([token] { FAIL(); });
    EXPECT_TRUE(gate.reached());
  }
  neighbour.invoke([] {});
  EXPECT_EQ(token.use_count(), 1);
}

TEST(Shutdown, WorkPostedAfterwardsIsRefusedAndDestroyed) {
  sta home("home");
  home.close();
  const auto token = std::make_shared<int>(0);
  const auto post = [&] { home.post([token] { FAIL(); }); };

  EXPECT_EQ(code_of(post), RPC_E_DISCONNECTED);

  EXPECT_EQ(token.use_count(), 1);
}

TEST(Shutdown, InvokeAndSendAfterwardsAreRefused) {
  sta home("home");
  home.close();
  EXPECT_EQ(code_of([&] { home.invoke([] { FAIL(); }); }), RPC_E_DISCONNECTED);
  EXPECT_EQ(code_of([&] { home.send([] { FAIL(); }); }), RPC_E_DISCONNECTED);
}

TEST(Shutdown, DestroysTimersOnTheApartmentsThread) {
  struct tells_thread {
    pid_t* where;
    ~tells_thread() { *where = ::gettid(); }
  };
  pid_t destroyed_on = 0;
  sta home("home");
  const pid_t thread = home.invoke([] { return ::gettid(); });
  home.invoke([&] {
    const std::shared_ptr<tells_thread> kept(new tells_thread{&destroyed_on});
    home.get().set_timer(std::chrono::hours{1}, [kept] { FAIL(); });
  });
  EXPECT_EQ(destroyed_on, 0);

  home.close();

  EXPECT_EQ(destroyed_on, thread);
}

TEST(Shutdown, ClosingIsIdempotent) {
  sta home("home");
  home.close();
  home.close();
  EXPECT_TRUE(home.get().is_closed());
}

TEST(Shutdown, FromInsideItComesWhenTheCodeHasReturned) {
  const mta_lease here;
  sta_thread shared("shared");
  sta home(shared, "home");
  probe_log log;
  const auto proxy = home.create<ICounter>([&] { return make_probe<counter>(log); });

  home.invoke([&] {
    home.close();
    EXPECT_FALSE(home.get().is_closed());
  });

  shared.close(home.get());
  EXPECT_TRUE(home.get().is_closed());
  EXPECT_EQ(log.instances, 0);
  EXPECT_EQ(proxy->Add(1, &total_ignored), RPC_E_DISCONNECTED);
}

TEST(Shutdown, AnObjectMayCloseItsOwnApartment) {
  const mta_lease here;
  sta home("home");
  const auto closes = home.create<IVisitor>([&] {
    return make<visitor>([&](ICounter*) {
      home.close();
      return S_OK;
    });
  });
  EXPECT_EQ(closes->Visit(nullptr), S_OK);
}

// -- calls inside that wait ---------------------------------------------------------------

/// A call inside `home` waits for `away`, which waits for the test.
class Closing : public testing::Test {
 protected:
  void begin(std::chrono::nanoseconds grace) {
    home.emplace(sta_options{.name = "home", .shutdown_grace = grace});
    const auto blocks = away.create<IVisitor>([this] {
      return make<visitor>([this](ICounter*) {
        entered.pass();
        goes.await();
        return S_OK;
      });
    });
    const agile_ref<IVisitor> travels(blocks);
    home->post([this, travels] {
      const auto proxy = travels.get();
      code = proxy->Visit(nullptr);
      if (FAILED(code)) code_afterwards = async(proxy, &IVisitor::Visit, nullptr).get();
    });
    entered.await();
  }
  void TearDown() override { goes.pass(); }

  milestone entered{"the call into away"};
  milestone goes{"away's permission"};
  HRESULT code = E_FAIL;
  HRESULT code_afterwards = E_FAIL;  // of a call made by code that was given up
  const mta_lease here;
  const sta away{"away"};
  std::optional<sta> home;
};

TEST_F(Closing, GivesUpTheWaitsInsideAfterTheGrace) {
  begin(std::chrono::nanoseconds{0});
  home->close();  // away still blocks
  EXPECT_EQ(code, RPC_E_CALL_CANCELED);
}

TEST_F(Closing, RefusesTheCallsOfCodeThatWasGivenUp) {
  begin(std::chrono::nanoseconds{0});
  home->close();
  EXPECT_EQ(code_afterwards, RPC_E_CALL_CANCELED);
}

// The proxy belongs to the neutral apartment, the wait to the thread of home.
TEST_F(Closing, GivesUpTheWaitsOfNeutralObjectsCalledInside) {
  home.emplace(sta_options{.name = "home", .shutdown_grace = std::chrono::nanoseconds{0}});
  const auto blocks = away.create<IVisitor>([this] {
    return make<visitor>([this](ICounter*) {
      entered.pass();
      goes.await();
      return S_OK;
    });
  });
  const agile_ref<IVisitor> travels(blocks);
  const auto forwards = neutral().create<IVisitor>([this, travels] {
    return make<visitor>([this, travels](ICounter*) {
      const auto proxy = travels.get();
      code = proxy->Visit(nullptr);
      code_afterwards = proxy->Visit(nullptr);
      return S_OK;
    });
  });
  const agile_ref<IVisitor> through(forwards);
  home->post([through] { (void)through.get()->Visit(nullptr); });
  entered.await();
  home->close();
  EXPECT_EQ(code, RPC_E_CALL_CANCELED);
  EXPECT_EQ(code_afterwards, RPC_E_CALL_CANCELED);
}

/// Inside `home`, which waits for nobody after its grace: what became of other waits.
class GivenUp : public Closing {
 protected:
  void home_runs(std::function<void(const com_ptr<IVisitor>&)> body) {
    home.emplace(sta_options{.name = "home", .shutdown_grace = std::chrono::nanoseconds{0}});
    const agile_ref<IVisitor> travels(away.create<IVisitor>([this] {
      return make<visitor>([this](ICounter*) {
        entered.pass();
        goes.await();
        return S_OK;
      });
    }));
    home->post([travels, body = std::move(body)] { body(travels.get()); });
    entered.await();
    home->close();
  }
  static task<HRESULT> awaits(com_ptr<IVisitor> proxy) {
    co_return co_await async(proxy, &IVisitor::Visit, nullptr);
  }
};

TEST_F(GivenUp, AFutureIsCancelledAndTheNextIsNotWaitedFor) {
  home_runs([this](const com_ptr<IVisitor>& proxy) {
    auto first = async(proxy, &IVisitor::Visit, nullptr);
    auto second = async(proxy, &IVisitor::Visit, nullptr);
    code = first.get();
    code_afterwards = second.get();
  });
  EXPECT_EQ(code, RPC_E_CALL_CANCELED);
  EXPECT_EQ(code_afterwards, RPC_E_CALL_CANCELED);
}

TEST_F(GivenUp, ATaskThrows) {
  home_runs([this](const com_ptr<IVisitor>& proxy) {
    auto waits = awaits(proxy);
    code = code_of([&] { (void)waits.get(); });
  });
  EXPECT_EQ(code, RPC_E_CALL_CANCELED);
}

TEST_F(GivenUp, InvokeIsRefused) {
  home_runs([this](const com_ptr<IVisitor>& proxy) {
    code = proxy->Visit(nullptr);
    code_afterwards = code_of([this] { away.invoke([] {}); });
  });
  EXPECT_EQ(code_afterwards, RPC_E_CALL_CANCELED);
}

TEST(Shutdown, EndsTheRunLoopsInside) {
  sta home("home");
  milestone entered("the loop");
  bool ended = false;
  home.post([&] {
    sta_lease inside("inside");
    inside.get().post([&] { entered.pass(); });
    (void)inside.run();
    ended = true;
  });
  entered.await();
  home.close();
  EXPECT_TRUE(ended);
}

TEST(Shutdown, EndsTheLoopWhoseOwnWorkClosesTheApartment) {
  sta home("home");
  milestone left("the loop");
  home.post([&] {
    sta_lease inside("inside");
    inside.get().post([&] { home.close(); });
    (void)inside.run();
    left.pass();
  });
  left.await();
}

// A call inside waits for `away` while the thread, whose own wait is over, leaves.
TEST_F(Closing, OfALeaseGivesUpAfterItsOwnGrace) {
  const agile_ref<IVisitor> blocks(away.create<IVisitor>([this] {
    return make<visitor>([this](ICounter*) {
      entered.pass();
      goes.await();
      return S_OK;
    });
  }));
  on_thread([&] {
    const sta_lease leaves(sta_options{.name = "leaves", .shutdown_grace = {}});
    const sta other("other");
    other.invoke([&] {
      leaves.get().post_system([&] { code = blocks.get()->Visit(nullptr); });
      entered.await();
    });
  });
  EXPECT_EQ(code, RPC_E_CALL_CANCELED);
}

TEST(Shutdown, OfAnApartmentOfAnotherThreadIsRefused) {
  const mta_usage mta;
  const sta other("other");
  sta_thread shared("shared");
  EXPECT_EQ(code_of([&] { shared.close(other); }), E_INVALIDARG);
  EXPECT_EQ(code_of([&] { shared.close(mta.get()); }), E_INVALIDARG);
  EXPECT_EQ(code_of([&] { shared.close({}); }), E_INVALIDARG);
}

TEST(Shutdown, WhatRunsMeanwhileMayPairItsOwnInitialisation) {
  HRESULT entered_again = E_FAIL;
  on_thread([&] {
    EXPECT_EQ(CoInitializeEx(nullptr, COINIT_APARTMENTTHREADED), S_OK);
    at_rundown([&] {
      entered_again = CoInitializeEx(nullptr, COINIT_APARTMENTTHREADED);
      CoUninitialize();
    });
    CoUninitialize();
    EXPECT_EQ(CoInitializeEx(nullptr, COINIT_MULTITHREADED), S_OK);
    CoUninitialize();
  });
  EXPECT_EQ(entered_again, S_FALSE);
}

TEST_F(Closing, AReplyThatComesAfterwardsFindsNobodyAndIsDropped) {
  begin(std::chrono::nanoseconds{0});
  home->close();
  goes.pass();
  away.invoke([] {});  // the reply has been sent
  EXPECT_EQ(code, RPC_E_CALL_CANCELED);
}

TEST_F(Closing, LetsTheCallsInsideFinishWithinTheGrace) {
  begin(std::chrono::minutes{5});
  test_gate gate("sta.refuses");
  std::thread closer([&] { home->close(); });
  gate.wait_until_reached();
  gate.open();
  goes.pass();
  closer.join();
  EXPECT_EQ(code, S_OK);
}

// The second one comes while the first waits for the call inside.
TEST_F(Closing, TwiceAtOnceWaitsForTheSameEnd) {
  begin(std::chrono::minutes{5});
  sta_thread shared(sta_options{.name = "shared", .shutdown_grace = std::chrono::minutes{5}});
  const apartment hosted = shared.add("hosted");
  const apartment neighbour = shared.add("neighbour");
  milestone inside("the call from hosted");
  hosted.post([&] {
    inside.pass();
    away.invoke([] {});  // away still blocks
  });
  inside.await();
  test_gate gate("sta.refuses");
  std::thread first([&] { shared.close(hosted); });
  gate.wait_until_reached();
  gate.open();
  neighbour.invoke([&] { shared.close(hosted); });
  neighbour.invoke([] {});  // by now it has been tried

  goes.pass();
  first.join();
  shared.close(hosted);
  EXPECT_TRUE(hosted.is_closed());
}

// -- threads and calls ---------------------------------------------------------------

TEST(Shutdown, TwoApartmentsThatCallEachOtherBothClose) {
  const mta_lease here;
  sta a(sta_options{.name = "a", .shutdown_grace = std::chrono::minutes{5}});
  sta b(sta_options{.name = "b", .shutdown_grace = std::chrono::minutes{5}});
  probe_log in_a, in_b;
  const agile_ref<ICounter> of_a(
      a.create<ICounter>([&] { return make_probe<counter>(in_a); }));
  const agile_ref<ICounter> of_b(
      b.create<ICounter>([&] { return make_probe<counter>(in_b); }));
  const auto chatters = [](const agile_ref<ICounter>& other) {
    HRESULT code = S_OK;
    for (int i = 0; i != 50 && SUCCEEDED(code); ++i)
      code = code_of([&] { throw_if_failed(other.get()->Add(1, &total_ignored)); });
    EXPECT_TRUE(code == S_OK || code == RPC_E_DISCONNECTED || code == CO_E_OBJNOTCONNECTED)
        << hresult{code};
  };
  a.post([&, of_b] { chatters(of_b); });
  b.post([&, of_a] { chatters(of_a); });

  std::thread first([&] { a.close(); });
  std::thread second([&] { b.close(); });
  first.join();
  second.join();

  EXPECT_EQ(in_a.instances, 0);
  EXPECT_EQ(in_b.instances, 0);
}

TEST(Shutdown, ASharedThreadThatGoesClosesAllItsApartments) {
  const mta_lease here;
  probe_log first_log, second_log;
  com_ptr<ICounter> first_proxy, second_proxy;
  {
    sta_thread shared("shared");
    first_proxy = shared.add("first").create<ICounter>(
        [&] { return make_probe<counter>(first_log); });
    second_proxy = shared.add("second").create<ICounter>(
        [&] { return make_probe<counter>(second_log); });
    EXPECT_EQ(first_proxy->Add(1, &total_ignored), S_OK);
  }
  EXPECT_EQ(first_log.instances, 0);
  EXPECT_EQ(second_log.instances, 0);
  EXPECT_EQ(first_proxy->Add(1, &total_ignored), RPC_E_DISCONNECTED);
  EXPECT_EQ(second_proxy->Add(1, &total_ignored), RPC_E_DISCONNECTED);
}

TEST(Shutdown, UninitialisingInsideACallDoesNothing) {
  sta_lease here("here");
  bool inside_after = false;
  on_thread([&] {
    here.get().invoke([&] {
      CoUninitialize();
      inside_after = here.get().is_current() && !here.get().is_closed();
    });
  });
  EXPECT_TRUE(inside_after);
  EXPECT_FALSE(here.get().is_closed());
}

TEST(Shutdown, AThreadThatEndsWithoutUninitialisingLeavesItsApartment) {
  const mta_lease here;
  probe_log log;
  apartment left;
  agile_ref<ICounter> object;
  pid_t thread = 0;
  pid_t ended_on = 0;
  log.on_end = [&] { ended_on = ::gettid(); };

  on_thread([&] {
    EXPECT_EQ(CoInitializeEx(nullptr, COINIT_APARTMENTTHREADED), S_OK);
    left = apartment::current();
    thread = ::gettid();
    object = agile_ref<ICounter>(com_ptr<ICounter>(make_probe<counter>(log)));
  });

  EXPECT_TRUE(left.is_closed());
  EXPECT_EQ(log.instances, 0);
  EXPECT_EQ(ended_on, thread);
  EXPECT_EQ(code_of([&] { (void)object.get(); }), RPC_E_DISCONNECTED);
}

TEST(Shutdown, GivesBackWhatTheApartmentHadImported) {
  const mta_lease here;
  sta holder("holder");
  const sta home("home");
  probe_log log;
  com_ptr<ICounter> held;
  {
    const agile_ref<ICounter> travels(
        home.create<ICounter>([&] { return make_probe<counter>(log); }));
    holder.invoke([&] { held = travels.get(); });
  }
  home.invoke([] {});
  EXPECT_EQ(log.instances, 1);

  holder.close();

  home.invoke([] {});
  EXPECT_EQ(log.instances, 0);
  EXPECT_EQ(held->Add(1, &total_ignored), CO_E_OBJNOTCONNECTED);
}

}  // namespace
}  // namespace insula::test
