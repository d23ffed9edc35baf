// SPDX-License-Identifier: MIT
//
// Rows A06 and A36: the neutral apartment.
#include "counter.hpp"
#include "on_thread.hpp"
#include "two_apartments.hpp"
#include "whereabouts.hpp"

#include <insula/apartments/mta.hpp>
#include <insula/apartments/neutral.hpp>
#include <insula/apartments/object_context.hpp>
#include <insula/apartments/sta.hpp>

#include <unistd.h>

#include <functional>

namespace insula::test {
namespace {

constexpr apartment_answer neutral_on(APTTYPEQUALIFIER qualifier) {
  return {S_OK, APTTYPE_NA, qualifier};
}

/// A neutral object that runs `body` when the calling code visits it.
com_ptr<IVisitor> neutral_visitor(std::function<HRESULT(ICounter*)> body) {
  return neutral().create<IVisitor>([&body] { return make<visitor>(std::move(body)); });
}

whereabouts seen_inside() {
  whereabouts seen;
  EXPECT_EQ(neutral_visitor([&seen](ICounter*) {
              seen = whereabouts();
              return S_OK;
            })->Visit(nullptr),
            S_OK);
  return seen;
}

TEST(Neutral, A06_NoModelCanBeChosenInside) {
  on_thread([] {
    const initialised here(COINIT_APARTMENTTHREADED);
    HRESULT sta_code = S_OK;
    HRESULT mta_code = S_OK;
    const com_ptr<IVisitor> inside = neutral_visitor([&](ICounter*) {
      sta_code = CoInitializeEx(nullptr, COINIT_APARTMENTTHREADED);
      mta_code = CoInitializeEx(nullptr, COINIT_MULTITHREADED);
      return S_OK;
    });
    EXPECT_EQ(inside->Visit(nullptr), S_OK);
    EXPECT_EQ(sta_code, RPC_E_CHANGED_MODE);
    EXPECT_EQ(mta_code, RPC_E_CHANGED_MODE);
    EXPECT_EQ(apartment_here(), in_main_sta);
  });
}

TEST(Neutral, A06_AnMtaThreadInsideIsRefusedToo) {
  on_thread([] {
    const initialised here(COINIT_MULTITHREADED);
    HRESULT code = S_OK;
    const com_ptr<IVisitor> inside = neutral_visitor([&code](ICounter*) {
      code = CoInitializeEx(nullptr, COINIT_MULTITHREADED);
      return S_OK;
    });
    EXPECT_EQ(inside->Visit(nullptr), S_OK);
    EXPECT_EQ(code, RPC_E_CHANGED_MODE);
  });
}

TEST(Neutral, A36_CalledFromTheMainSta) {
  on_thread([] {
    const initialised here(COINIT_APARTMENTTHREADED);
    EXPECT_EQ(seen_inside().apartment, neutral_on(APTTYPEQUALIFIER_NA_ON_MAINSTA));
    EXPECT_EQ(apartment_here(), in_main_sta);
  });
}

TEST(Neutral, A36_CalledFromAnotherSta) {
  on_thread([] {
    const initialised main(COINIT_APARTMENTTHREADED);
    on_thread([] {
      const initialised here(COINIT_APARTMENTTHREADED);
      EXPECT_EQ(seen_inside().apartment, neutral_on(APTTYPEQUALIFIER_NA_ON_STA));
      EXPECT_EQ(apartment_here(), in_other_sta);
    });
  });
}

TEST(Neutral, A36_CalledFromAnMtaThread) {
  on_thread([] {
    const initialised here(COINIT_MULTITHREADED);
    EXPECT_EQ(seen_inside().apartment, neutral_on(APTTYPEQUALIFIER_NA_ON_MTA));
    EXPECT_EQ(apartment_here(), in_mta);
  });
}

TEST(Neutral, A36_CalledFromAnImplicitMemberOfTheMta) {
  on_thread([] {
    const mta_usage mta;
    EXPECT_EQ(seen_inside().apartment, neutral_on(APTTYPEQUALIFIER_NA_ON_IMPLICIT_MTA));
    EXPECT_EQ(apartment_here(), in_mta_implicitly);
  });
}

TEST(Neutral, A36_CalledFromTheSecondStaOfOneThread) {
  sta_thread shared("shared");
  const sta first(shared, "first");
  const sta second(shared, "second");
  EXPECT_EQ(first.invoke([] { return seen_inside().apartment; }),
            neutral_on(APTTYPEQUALIFIER_NA_ON_MAINSTA));
  EXPECT_EQ(second.invoke([] { return seen_inside().apartment; }),
            neutral_on(APTTYPEQUALIFIER_NA_ON_STA));
}

TEST(Neutral, A36_CallsRunOnTheCallersOwnThread) {
  sta home("home");
  const auto here_and_inside = [] {
    EXPECT_EQ(seen_inside().thread, ::gettid());
  };
  home.invoke(here_and_inside);
  on_thread([&] {
    const initialised here(COINIT_MULTITHREADED);
    here_and_inside();
  });
}

TEST(Neutral, A36_IsAnApartmentOfItsOwn) {
  on_thread([] {
    const initialised here(COINIT_APARTMENTTHREADED);
    const ULONG_PTR inside = seen_inside().token;
    EXPECT_NE(inside, whereabouts().token);
    EXPECT_EQ(inside, seen_inside().token);
  });
}

TEST(Neutral, A36_AnIncomingCallDuringAWaitInsideRunsInTheThreadsOwnSta) {
  on_thread([] {
    const initialised here(COINIT_APARTMENTTHREADED);
    const mta_usage mta;
    const whereabouts outside;
    whereabouts called_back;
    whereabouts after_the_wait;
    probe_log log;
    log.on_call = [&] { called_back = whereabouts(); };
    const com_ptr<counter> mine = make_probe<counter>(log);
    const com_ptr<IVisitor> inside = neutral_visitor([&](ICounter* given) {
      // Waits for the MTA, which calls the STA of this thread.
      const auto far = mta.get().create<IVisitor>([] {
        return make<visitor>([](ICounter* to_call) {
          LONG total = 0;
          return to_call->Add(1, &total);
        });
      });
      const HRESULT code = far->Visit(given);
      after_the_wait = whereabouts();
      return code;
    });
    EXPECT_EQ(inside->Visit(mine.get()), S_OK);

    EXPECT_EQ(log.calls, 1);
    EXPECT_EQ(called_back.apartment, in_main_sta);
    EXPECT_EQ(called_back.token, outside.token);
    EXPECT_EQ(called_back.thread, outside.thread);
    EXPECT_EQ(after_the_wait.apartment, neutral_on(APTTYPEQUALIFIER_NA_ON_MAINSTA));
  });
}

TEST(Neutral, A36_ApplicationWorkOfTheStaStaysQueuedDuringAWaitInside) {
  on_thread([] {
    sta_lease here("here");
    const mta_usage mta;
    bool system_ran = false;
    bool application_ran = false;
    const com_ptr<IVisitor> inside = neutral_visitor([&](ICounter*) {
      here.get().post([&] { application_ran = true; });
      here.get().post_system([&] { system_ran = true; });
      // The answer comes behind the system work: the MTA waits for the STA meanwhile.
      mta.get().invoke([&] { here.get().invoke([] {}); });
      EXPECT_TRUE(system_ran);
      EXPECT_FALSE(application_ran);
      return S_OK;
    });
    EXPECT_EQ(inside->Visit(nullptr), S_OK);
    EXPECT_FALSE(application_ran);
    here.drain();
    EXPECT_TRUE(application_ran);
  });
}

TEST(Neutral, ItsObjectsEndWhenTheLastApartmentCloses) {
  probe_log log;
  com_ptr<ICounter> proxy;
  on_thread([&] {
    ASSERT_EQ(CoInitializeEx(nullptr, COINIT_MULTITHREADED), S_OK);
    proxy = neutral().create<ICounter>([&log] { return make_probe<counter>(log); });
    EXPECT_EQ(log.instances, 1);
    CoUninitialize();
    EXPECT_EQ(log.instances, 0);
    LONG total = 0;
    EXPECT_TRUE(FAILED(proxy->Add(1, &total)));
    proxy.reset();
  });
}

TEST(Neutral, ExistsOnlyBesideOtherApartments) {
  on_thread([] {
    try {
      (void)neutral();
      ADD_FAILURE() << "there is a neutral apartment";
    } catch (const com_error& refused) {
      EXPECT_EQ(refused.code(), CO_E_NOTINITIALIZED);
    }
  });
}

}  // namespace
}  // namespace insula::test
