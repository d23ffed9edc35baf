// SPDX-License-Identifier: MIT
#include <insula/apartments/agile_ref.hpp>

#include <insula/apartments/apartment.hpp>
#include <insula/apartments/mta.hpp>
#include <insula/apartments/sta.hpp>
#include <insula/marshal/disconnect.hpp>

#include "counter.hpp"
#include "milestone.hpp"
#include "on_thread.hpp"
#include "outcome.hpp"

#include <gtest/gtest.h>

namespace insula::test {
namespace {

TEST(AgileRef, GivesTheObjectItselfAtHome) {
  const sta_lease here("here");
  probe_log log;
  const com_ptr<ICounter> object = make_probe<counter>(log);
  const agile_ref<ICounter> travels(object);
  EXPECT_EQ(travels.get().get(), object.get());
}

TEST(AgileRef, GivesAProxyElsewhere) {
  sta_lease here("here");
  const sta away("away");
  probe_log log;
  const com_ptr<ICounter> object = make_probe<counter>(log);
  const agile_ref<ICounter> travels(object);
  std::int64_t ran_on = 0;
  away.invoke([&] {
    const auto proxy = travels.get();
    EXPECT_NE(proxy.get(), object.get());
    EXPECT_EQ(proxy->Thread(&ran_on), S_OK);
  });
  EXPECT_EQ(ran_on, std::int64_t{::gettid()});
}

TEST(AgileRef, KeepsTheObjectAlive) {
  const sta_lease here("here");
  probe_log log;
  com_ptr<ICounter> object = make_probe<counter>(log);
  agile_ref<ICounter> travels(object);
  EXPECT_GT(log.references, 1);
  object.reset();
  EXPECT_EQ(log.instances, 1);
  travels = {};
  EXPECT_EQ(log.instances, 0);
}

TEST(AgileRef, ACopyKeepsItToo) {
  const sta_lease here("here");
  probe_log log;
  agile_ref<ICounter> first(com_ptr<ICounter>(make_probe<counter>(log)));
  agile_ref<ICounter> second = first;
  first = {};
  EXPECT_EQ(log.instances, 1);
  EXPECT_NE(second.get(), nullptr);
  second = {};
  EXPECT_EQ(log.instances, 0);
}

TEST(AgileRef, DestroyedElsewhereItReleasesAtHome) {
  sta_lease here("here");
  probe_log log;
  pid_t ended_on = 0;
  log.on_end = [&] { ended_on = ::gettid(); };
  agile_ref<ICounter> travels(com_ptr<ICounter>(make_probe<counter>(log)));
  on_thread([&] { travels = {}; });
  here.drain();
  EXPECT_EQ(log.instances, 0);
  EXPECT_EQ(ended_on, ::gettid());
}

TEST(AgileRef, OutlivesItsApartmentWithoutTheObject) {
  agile_ref<ICounter> travels;
  const mta_lease here;
  probe_log log;
  {
    const sta home("home");
    home.invoke(
        [&] { travels = agile_ref<ICounter>(com_ptr<ICounter>(make_probe<counter>(log))); });
    EXPECT_EQ(log.instances, 1);
  }
  EXPECT_EQ(log.instances, 0);
  EXPECT_EQ(code_of([&] { (void)travels.get(); }), RPC_E_DISCONNECTED);
}

TEST(AgileRef, OfAProxyReachesTheObjectFromAThirdApartment) {
  const sta_lease here("here");
  const sta home("home");
  const sta third("third");
  probe_log log;
  const agile_ref<ICounter> travels(
      home.create<ICounter>([&] { return make_probe<counter>(log); }));
  LONG total = 0;
  third.invoke([&] { EXPECT_EQ(travels.get()->Add(2, &total), S_OK); });
  EXPECT_EQ(total, 2);
}

TEST(AgileRef, NeedsAnApartmentToBeMadeAndResolved) {
  agile_ref<ICounter> travels;
  probe_log log;
  const com_ptr<ICounter> object = make_probe<counter>(log);
  EXPECT_EQ(code_of([&] { travels = agile_ref<ICounter>(object); }), CO_E_NOTINITIALIZED);
  const sta home("home");
  home.invoke([&] { travels = agile_ref<ICounter>(object); });
  EXPECT_EQ(code_of([&] { (void)travels.get(); }), CO_E_NOTINITIALIZED);
  travels = {};
  home.invoke([] {});
  EXPECT_EQ(log.references, 1);
}

TEST(AgileRef, OfAProxyThatBelongsElsewhereIsRefused) {
  const sta_lease here("here");
  const sta home("home");
  probe_log log;
  const auto proxy = home.create<ICounter>([&] { return make_probe<counter>(log); });
  on_thread([&] {
    const mta_lease there;
    EXPECT_EQ(code_of([&] { (void)agile_ref<ICounter>(proxy); }), RPC_E_WRONG_THREAD);
  });
}

// -- where it waits, and what it depends on -------------------------------------------------------

/// An STA whose thread serves nothing until `goes` is passed.
class AgileRefOfABusyApartment : public testing::Test {
 protected:
  static void keep_busy(const apartment& busy, milestone& entered, milestone& goes) {
    busy.post_system([&] {
      entered.pass();
      goes.await();
    });
    entered.await();
  }

  probe_log log;
  milestone entered{"the work that keeps an apartment busy"};
  milestone goes{"its permission"};
  mta_lease here;
};

TEST_F(AgileRefOfABusyApartment, ResolvesWithoutTheHomeApartment) {
  const sta home("home");
  agile_ref<ICounter> travels;
  home.invoke([&] { travels = agile_ref<ICounter>(com_ptr<ICounter>(make_probe<counter>(log))); });
  keep_busy(home, entered, goes);
  const auto proxy = travels.get();
  EXPECT_EQ(travels.get(), proxy);
  goes.pass();
  LONG total = 0;
  EXPECT_EQ(proxy->Add(2, &total), S_OK);
}

TEST_F(AgileRefOfABusyApartment, MadeFromAProxyResolvesWithoutItsMaker) {
  const sta home("home");
  const sta maker("maker");
  agile_ref<ICounter> travels;
  const agile_ref<ICounter> first(
      home.create<ICounter>([&] { return make_probe<counter>(log); }));
  maker.invoke([&] { travels = agile_ref<ICounter>(first.get()); });
  keep_busy(maker, entered, goes);
  LONG total = 0;
  EXPECT_EQ(travels.get()->Add(2, &total), S_OK);
  goes.pass();
}

TEST_F(AgileRefOfABusyApartment, IsReleasedWithoutWaitingForIt) {
  const sta home("home");
  agile_ref<ICounter> travels;
  home.invoke([&] { travels = agile_ref<ICounter>(com_ptr<ICounter>(make_probe<counter>(log))); });
  keep_busy(home, entered, goes);
  travels = {};
  EXPECT_EQ(log.instances, 1);
  goes.pass();
  home.invoke([] {});
  EXPECT_EQ(log.instances, 0);
}

TEST(AgileRef, MadeFromAProxyOutlivesItsMaker) {
  const mta_lease here;
  const sta home("home");
  probe_log log;
  agile_ref<ICounter> travels;
  {
    const sta maker("maker");
    const agile_ref<ICounter> first(
        home.create<ICounter>([&] { return make_probe<counter>(log); }));
    maker.invoke([&] { travels = agile_ref<ICounter>(first.get()); });
  }
  home.invoke([] {});
  EXPECT_EQ(log.instances, 1);
  LONG total = 0;
  EXPECT_EQ(travels.get()->Add(2, &total), S_OK);
  travels = {};
  home.invoke([] {});
  EXPECT_EQ(log.instances, 0);
}

TEST(AgileRef, MadeFromAProxyGivesTheObjectItselfAtItsHome) {
  const sta_lease here("here");
  const sta maker("maker");
  probe_log log;
  const com_ptr<ICounter> object = make_probe<counter>(log);
  const agile_ref<ICounter> first(object);
  agile_ref<ICounter> travels;
  maker.invoke([&] { travels = agile_ref<ICounter>(first.get()); });
  EXPECT_EQ(travels.get().get(), object.get());
}

TEST(AgileRef, AddsNoReferenceToTheObjectWithEachPointerItGives) {
  const mta_lease here;
  const sta home("home");
  probe_log log;
  agile_ref<ICounter> travels;
  home.invoke([&] { travels = agile_ref<ICounter>(com_ptr<ICounter>(make_probe<counter>(log))); });
  const int before = log.references;
  {
    const auto proxy = travels.get();
    EXPECT_EQ(references_of(proxy), 1u);
    EXPECT_EQ(travels.get(), proxy);
    home.invoke([] {});
    EXPECT_EQ(log.references, before);
  }
  travels = {};
  home.invoke([] {});
  EXPECT_EQ(log.references, 0);
}

TEST(AgileRef, IsOneExternalConnectionHoweverOftenItIsResolved) {
  const mta_lease here;
  const sta home("home");
  probe_log log;
  agile_ref<ICounter> travels;
  home.invoke([&] { travels = agile_ref<ICounter>(com_ptr<ICounter>(make_probe<counter>(log))); });
  for (int i = 0; i != 3; ++i) (void)travels.get();
  EXPECT_EQ(log.connections_added, 1);
  travels = {};
  home.invoke([] {});
  EXPECT_EQ(log.connections, 0);
}

TEST(AgileRef, OutlivesTheApartmentsOfBothTheObjectAndItsMaker) {
  const mta_lease here;
  agile_ref<ICounter> travels;
  probe_log log;
  {
    const sta home("home");
    const sta maker("maker");
    const agile_ref<ICounter> first(
        home.create<ICounter>([&] { return make_probe<counter>(log); }));
    maker.invoke([&] { travels = agile_ref<ICounter>(first.get()); });
  }
  EXPECT_EQ(log.instances, 0);
  EXPECT_EQ(code_of([&] { (void)travels.get(); }), RPC_E_DISCONNECTED);
  on_thread([&] { travels = {}; });
}

TEST(AgileRef, OfAnObjectThatItsOwnerDisconnectedSaysSoEverywhere) {
  const sta_lease here("here");
  const sta away("away");
  probe_log log;
  com_ptr<ICounter> object = make_probe<counter>(log);
  const agile_ref<ICounter> travels(object);
  EXPECT_EQ(CoDisconnectObject(object.get(), 0), S_OK);
  object.reset();
  EXPECT_EQ(log.instances, 0);
  EXPECT_EQ(code_of([&] { (void)travels.get(); }), RPC_E_DISCONNECTED);
  away.invoke([&] { EXPECT_EQ(code_of([&] { (void)travels.get(); }), RPC_E_DISCONNECTED); });
}

TEST(AgileRef, OfAnInterfaceThatNobodyCanMarshalIsGoodAtHomeAlone) {
  const sta_lease here("here");
  const sta away("away");
  probe_log log;
  const com_ptr<counter> object = make_probe<counter>(log);
  const agile_ref<IHidden> travels(com_ptr<IHidden>(object.get()));
  EXPECT_EQ(travels.get().get(), static_cast<IHidden*>(object.get()));
  away.invoke([&] { EXPECT_EQ(code_of([&] { (void)travels.get(); }), E_NOINTERFACE); });
}

TEST(AgileRef, OfNothingGivesNothing) {
  const agile_ref<ICounter> empty;
  EXPECT_FALSE(empty);
  EXPECT_EQ(empty.get(), nullptr);
}

}  // namespace
}  // namespace insula::test
