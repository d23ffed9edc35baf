// SPDX-License-Identifier: MIT
//
// Apartments that are closed by code that they wait for, or that waits for them: none of it hangs.
#include <insula/apartments/agile_ref.hpp>
#include <insula/apartments/async.hpp>
#include <insula/apartments/mta.hpp>
#include <insula/apartments/neutral.hpp>
#include <insula/apartments/rundown.hpp>
#include <insula/apartments/sta.hpp>
#include <insula/core/test_gate.hpp>

#include "counter.hpp"
#include "log_lines.hpp"
#include "milestone.hpp"
#include "on_thread.hpp"
#include "outcome.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

namespace insula::test {
namespace {

sta_options impatient(const char* name) {
  return {.name = name, .shutdown_grace = std::chrono::nanoseconds{0}};
}
sta_options patient(const char* name) {
  return {.name = name, .shutdown_grace = std::chrono::minutes{5}};
}

/// Passes `gone` when `where` has closed.
void tell_end(const apartment& where, milestone& gone) {
  where.invoke([&] { at_rundown([&] { gone.pass(); }); });
}

/// `worker`, whose code calls into `owner`, which closes it. A grace that would be noticed.
class ChainClose : public testing::Test {
 protected:
  void SetUp() override { tell_end(*worker, gone); }
  void work_ends() {
    went_on.await();
    gone.await();
  }
  com_ptr<IVisitor> in_owner(std::function<HRESULT(ICounter*)> body) {
    return owner.create<IVisitor>([&] { return make<visitor>(std::move(body)); });
  }

  milestone went_on{"the worker's code"};
  milestone gone{"the worker's end"};
  std::optional<bool> closed;
  HRESULT code = E_FAIL;
  const sta owner{patient("owner")};
  std::optional<sta> worker{std::in_place, patient("worker")};
};

TEST_F(ChainClose, ByWhatTheApartmentInvokedComesWhenThatHasReturned) {
  worker->post([this] {
    owner.invoke([this] { closed = worker->close(); });
    went_on.pass();
  });
  work_ends();
  EXPECT_EQ(closed, false);
}

TEST_F(ChainClose, ByWhatTheApartmentSentComesWhenThatHasReturned) {
  worker->post([this] {
    owner.send([this] { closed = worker->close(); });
    went_on.pass();
  });
  work_ends();
  EXPECT_EQ(closed, false);
}

TEST_F(ChainClose, ByAMethodThatTheApartmentCallsLetsTheCallSucceed) {
  worker->post([this] {
    const auto closes = in_owner([this](ICounter*) {
      closed = worker->close();
      return S_OK;
    });
    code = closes->Visit(nullptr);
    went_on.pass();
  });
  work_ends();
  EXPECT_EQ(closed, false);
  EXPECT_EQ(code, S_OK);
}

TEST_F(ChainClose, ThroughAThirdApartmentDoesTheSame) {
  const sta between("between");
  worker->post([&] {
    between.invoke([&] { owner.invoke([this] { closed = worker->close(); }); });
    went_on.pass();
  });
  work_ends();
  EXPECT_EQ(closed, false);
}

TEST_F(ChainClose, ThroughTheMtaAndTheNeutralApartmentDoesTheSame) {
  const mta_usage mta;
  worker->post([&] {
    neutral().invoke([&] {
      mta.get().invoke([&] { owner.invoke([this] { closed = worker->close(); }); });
    });
    went_on.pass();
  });
  work_ends();
  EXPECT_EQ(closed, false);
}

TEST_F(ChainClose, ByDestroyingTheOwnerObjectDoesTheSame) {
  worker->post([this] {
    owner.invoke([this] { worker.reset(); });
    went_on.pass();
  });
  work_ends();
}

TEST_F(ChainClose, WhileItClosesAlreadyDoesTheSame) {
  sta_thread shared(patient("shared"));
  const apartment hosted = shared.add("hosted");
  milestone inside("the owner's code"), closes("the closing");
  hosted.post([&] {
    owner.invoke([&] {
      inside.pass();
      closes.await();
      closed = shared.close(hosted);
    });
  });
  inside.await();
  const test_gate gate("sta.refuses", [&] { closes.pass(); });
  EXPECT_TRUE(shared.close(hosted));
  EXPECT_EQ(closed, false);
}

// The sink runs in the worker, and closes the apartment whose code calls it.
TEST_F(ChainClose, ByASinkThatIsCalledBack) {
  probe_log log;  // the sink ends with the worker at the latest
  sta called(patient("called"));
  milestone called_gone("the end of the called one");
  tell_end(called, called_gone);
  worker->post([&] {
    const auto source = called.create<IVisitor>([&] {
      return make<visitor>([&](ICounter* sink) {
        LONG total = 0;
        return sink->Add(1, &total);
      });
    });
    log.on_call = [&] { closed = called.close(); };
    code = source->Visit(make_probe<counter>(log).get());
    went_on.pass();
  });
  went_on.await();
  called_gone.await();
  worker->close();
  EXPECT_EQ(closed, false);
  EXPECT_EQ(code, S_OK);
}

// What only shares its causality with the closing code is waited for.
TEST_F(ChainClose, AfterAnAsynchronousCallWaitsForTheEnd) {
  const mta_usage mta;
  milestone inside("the asynchronous call"), goes("permission for the blocked one");
  const sta blocked("blocked");
  blocked.post([&] { goes.await(); });
  const auto waits = worker->create<IVisitor>([&] {
    return make<visitor>([&](ICounter*) {
      inside.pass();
      blocked.invoke([] {});
      return S_OK;
    });
  });
  const agile_ref<IVisitor> travels(waits);
  const test_gate gate("sta.refuses", [&] { goes.pass(); });
  owner.invoke([&] {
    auto pending = async(travels.get(), &IVisitor::Visit, nullptr);
    inside.await();
    closed = worker->close();
    code = pending.get();
  });
  EXPECT_EQ(closed, true);
  EXPECT_EQ(code, S_OK);
}

// Of an asynchronous call nobody need wait; when somebody does, his wait is given up.
TEST(ClosingEachOther, ByTheCalleeOfAFutureThatTheApartmentWaitsFor) {
  const sta owner("owner");
  sta worker(impatient("worker"));
  milestone done("the worker's code");
  HRESULT code = E_FAIL;
  worker.post([&] {
    const auto closes = owner.create<IVisitor>([&] {
      return make<visitor>([&](ICounter*) {
        (void)worker.close();
        return S_OK;
      });
    });
    code = async(closes, &IVisitor::Visit, nullptr).get();
    done.pass();
  });
  done.await();
  owner.invoke([] {});
  EXPECT_EQ(code, RPC_E_CALL_CANCELED);
}

/// `count` apartments with a thread each; code in each closes the next one, all at once.
void close_in_a_ring(std::size_t count) {
  std::vector<std::unique_ptr<milestone>> there;
  std::vector<std::unique_ptr<milestone>> gone;
  std::vector<sta> ring;
  for (std::size_t i = 0; i != count; ++i) {
    ring.emplace_back(impatient("one of the ring"));
    there.push_back(std::make_unique<milestone>("one that closes another"));
    gone.push_back(std::make_unique<milestone>("the end of one of the ring"));
    tell_end(ring[i], *gone[i]);
  }
  for (std::size_t i = 0; i != count; ++i)
    ring[i].post([&, i] {
      there[i]->pass();
      for (const auto& each : there) each->await();
      (void)ring[(i + 1) % count].close();
    });
  for (const auto& each : gone) each->await();
}

TEST(ClosingEachOther, TwoApartmentsFromInsideBothEnd) { close_in_a_ring(2); }
TEST(ClosingEachOther, ThreeApartmentsInARingAllEnd) { close_in_a_ring(3); }

TEST(ClosingEachOther, TwoApartmentsThatRunDownBothEnd) {
  sta_thread first(impatient("first thread"));
  sta_thread second(impatient("second thread"));
  const apartment a = first.add("a");
  const apartment b = second.add("b");
  milestone a_runs_down("a's rundown"), b_runs_down("b's rundown");
  a.invoke([&] {
    at_rundown([&] {
      a_runs_down.pass();
      b_runs_down.await();
      (void)second.close(b);
    });
  });
  b.invoke([&] {
    at_rundown([&] {
      b_runs_down.pass();
      a_runs_down.await();
      (void)first.close(a);
    });
  });
  std::thread other([&] { (void)first.close(a); });
  EXPECT_TRUE(second.close(b));
  other.join();
  EXPECT_TRUE(first.close(a));
}

TEST(ClosingEachOther, ADestructorMayCloseAnApartment) {
  struct keeps_helper final : implements<keeps_helper, IVisitor> {
    explicit keeps_helper(std::optional<bool>& told) : told_(told) {}
    ~keeps_helper() override { told_ = helper_.close(); }
    HRESULT Visit(ICounter*) override { return S_OK; }
    std::optional<bool>& told_;
    sta helper_{patient("helper")};
  };
  std::optional<bool> closed;
  const mta_usage mta;
  sta home("home");
  const auto held = home.create<IVisitor>([&] { return make<keeps_helper>(closed); });
  EXPECT_TRUE(home.close());
  EXPECT_EQ(closed, true);
}

// -- on one thread -------------------------------------------------------------------------------

TEST(ClosingSiblings, ByWhatTheApartmentInvokedComesWhenThatHasReturned) {
  sta_thread shared(patient("shared"));
  const apartment caller = shared.add("caller");
  const apartment closes = shared.add("closes");
  std::optional<bool> closed;
  milestone went_on("the caller's code");
  caller.post([&] {
    closes.invoke([&] { closed = shared.close(caller); });
    went_on.pass();
  });
  went_on.await();
  EXPECT_TRUE(shared.close(caller));
  EXPECT_EQ(closed, false);
}

// The wait is the sibling's; it stands on the stack of the apartment that closes.
TEST(ClosingSiblings, GivesUpTheWaitsOfASiblingThatWasCalledFromInside) {
  sta_thread shared(impatient("shared"));
  const apartment caller = shared.add("caller");
  const apartment sibling = shared.add("sibling");
  settled never;
  milestone inside("the sibling's code");
  bool waited = true, waited_again = true, waited_afterwards = false;
  caller.post([&] {
    sibling.invoke([&] {
      inside.pass();
      waited = never.wait();
      waited_again = never.wait();
    });
  });
  inside.await();
  EXPECT_TRUE(shared.close(caller));
  EXPECT_FALSE(waited);
  EXPECT_FALSE(waited_again);
  never.settle();
  sibling.invoke([&] { waited_afterwards = never.wait(); });
  EXPECT_TRUE(waited_afterwards);
}

TEST(ClosingSiblings, TheThreadDestroyedByWhatOneOfThemInvoked) {
  std::optional<sta_thread> shared(std::in_place, patient("shared"));
  const sta owner("owner");
  milestone gone("the end");
  const apartment caller = shared->add("caller");
  tell_end(caller, gone);
  caller.post([&] { owner.invoke([&] { shared.reset(); }); });
  gone.await();
}

TEST(ClosingSiblings, TheThreadDestroyedByItsOwnCode) {
  std::optional<sta_thread> shared(std::in_place, patient("shared"));
  milestone gone("the end");
  const apartment home = shared->add("home");
  tell_end(home, gone);
  home.post([&] { shared.reset(); });
  gone.await();
}

TEST(ClosingSiblings, AThreadThatEndsTakesNoMoreApartments) {
  HRESULT code = S_OK;
  {
    sta_thread shared("shared");
    shared.add("home").invoke([&] {
      at_rundown([&] { code = code_of([&] { (void)shared.add("late"); }); });
    });
  }
  EXPECT_EQ(code, RPC_E_DISCONNECTED);
}

// -- the MTA -------------------------------------------------------------------------------------

// The pool waits for the very work that lets the MTA go.
TEST(ClosingTheMta, ByWhatItInvokedComesWhenThatHasReturned) {
  const sta home("home");
  const log_lines lines;
  milestone gone("the end of the MTA");
  std::optional<mta_usage> usage(std::in_place);
  tell_end(usage->get(), gone);
  usage->get().post([&] { home.invoke([&] { usage.reset(); }); });
  gone.await();
  EXPECT_EQ(lines.text(), "");
}

// -- what does not return ------------------------------------------------------------------------

// The work that the worker waits for uses its variables, so the wait cannot be given up.
TEST(ClosingWhatDoesNotReturn, LetsCodeOfAnotherApartmentGoOn) {
  const sta away("away");
  sta_thread shared(impatient("shared"));
  const apartment worker = shared.add("worker");
  const sta closer("closer");
  milestone inside("the work that blocks"), goes("its permission");
  worker.post([&] {
    away.invoke([&] {
      inside.pass();
      goes.await();
    });
  });
  inside.await();
  const log_lines lines;
  EXPECT_FALSE(closer.invoke([&] { return shared.close(worker); }));
  goes.pass();
  EXPECT_TRUE(shared.close(worker));
  EXPECT_THAT(lines.text(), testing::ContainsRegex("calls inside wait for .*STA 'away'"));
  EXPECT_THAT(lines.text(), testing::HasSubstr("calls inside do not return"));
  EXPECT_THAT(lines.text(), testing::ContainsRegex("STA 'closer'.* closes STA 'worker'"));
}

TEST(ClosingWhatDoesNotReturn, TheLogSaysWhoWaitsForWhom) {
  const sta away("away");
  sta a(impatient("a"));
  sta_thread shared(impatient("shared"));
  const apartment b = shared.add("b");
  milestone inside("a's code"), goes("away's permission"), closing("the closing of b");
  b.post([&] {
    inside.pass();
    away.invoke([&] { goes.await(); });
  });
  inside.await();
  const log_lines lines;
  a.post([&] {
    closing.pass();
    (void)shared.close(b);
  });
  closing.await();
  EXPECT_TRUE(a.close());
  goes.pass();
  EXPECT_TRUE(shared.close(b));
  EXPECT_THAT(lines.text(), testing::ContainsRegex("STA 'a'.* closes while calls inside wait for "
                                                   "STA 'b' .* to close"));
}

}  // namespace
}  // namespace insula::test
