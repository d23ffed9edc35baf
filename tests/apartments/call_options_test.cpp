// SPDX-License-Identifier: MIT
//
// Deadlines of synchronous calls, and who observes them.
#include <insula/apartments/call_options.hpp>

#include <insula/apartments/agile_ref.hpp>
#include <insula/apartments/call_observer.hpp>
#include <insula/apartments/mta.hpp>
#include <insula/apartments/sta.hpp>

#include "counter.hpp"
#include "milestone.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace insula::test {
namespace {

using clock = std::chrono::steady_clock;

TEST(Deadline, ThatHasPassedEndsACallWithoutExecutingIt) {
  const mta_lease here;
  const sta home("home");
  probe_log log;
  const auto proxy = home.create<ICounter>([&] { return make_probe<counter>(log); });
  LONG total = 7;
  {
    const deadline_scope limit(clock::now() - std::chrono::seconds{1});
    EXPECT_EQ(proxy->Add(1, &total), RPC_E_TIMEOUT);
  }
  home.invoke([] {});
  EXPECT_EQ(log.calls, 0);
  EXPECT_EQ(total, 0);
  EXPECT_EQ(proxy->Add(1, &total), S_OK);
}

TEST(Deadline, ThatComesWhileTheCallRunsEndsTheWait) {
  const mta_lease here;
  const sta home("home");
  milestone goes("home's permission");
  bool given_up_before = true;
  bool given_up_after = false;
  const auto slow = home.create<IVisitor>([&] {
    return make<visitor>([&](ICounter*) {
      given_up_before = current_call_is_cancelled();
      goes.await();
      given_up_after = current_call_is_cancelled();
      return S_OK;
    });
  });
  {
    const deadline_scope limit(std::chrono::milliseconds{20});
    EXPECT_EQ(slow->Visit(nullptr), RPC_E_TIMEOUT);
  }
  goes.pass();
  home.invoke([] {});
  EXPECT_TRUE(given_up_after || given_up_before);
}

TEST(Deadline, PassesOnToTheCallsOfTheCallee) {
  const mta_lease here;
  const sta home("home");
  const auto until = clock::now() + std::chrono::hours{1};
  std::optional<clock::time_point> seen;
  const auto looks = home.create<IVisitor>([&] {
    return make<visitor>([&](ICounter*) {
      seen = current_deadline();
      return S_OK;
    });
  });
  {
    const deadline_scope limit(until);
    EXPECT_EQ(looks->Visit(nullptr), S_OK);
  }
  EXPECT_EQ(seen, until);
  EXPECT_EQ(looks->Visit(nullptr), S_OK);
  EXPECT_EQ(seen, std::nullopt);
}

TEST(Deadline, AnEarlierOneAroundStaysInForce) {
  const auto early = clock::now() + std::chrono::hours{1};
  const auto late = early + std::chrono::hours{1};
  const deadline_scope outer(early);
  {
    const deadline_scope inner(late);
    EXPECT_EQ(current_deadline(), early);
  }
  EXPECT_EQ(current_deadline(), early);
}

TEST(Deadline, OfTheLongestTimeThereIsNeverComes) {
  const deadline_scope forever(std::chrono::nanoseconds::max());
  EXPECT_EQ(current_deadline(), clock::time_point::max());
}

TEST(Deadline, AnEarlierOneInsideHoldsForItsScope) {
  const auto early = clock::now() + std::chrono::hours{1};
  const auto late = early + std::chrono::hours{1};
  const deadline_scope outer(late);
  {
    const deadline_scope inner(early);
    EXPECT_EQ(current_deadline(), early);
  }
  EXPECT_EQ(current_deadline(), late);
}

TEST(Deadline, AReplyThatComesLateIsDropped) {
  const sta_lease here("here");
  const sta home("home");
  milestone goes("home's permission");
  const auto slow = home.create<IVisitor>([&] {
    return make<visitor>([&](ICounter*) {
      goes.await();
      return S_OK;
    });
  });
  {
    const deadline_scope limit(std::chrono::milliseconds{20});
    EXPECT_EQ(slow->Visit(nullptr), RPC_E_TIMEOUT);
  }
  goes.pass();
  EXPECT_EQ(slow->Visit(nullptr), S_OK);  // the late reply came first and woke nobody
}

TEST(CurrentCall, OutsideOfCallsIsNeverCancelled) { EXPECT_FALSE(current_call_is_cancelled()); }

// -- call_observer ---------------------------------------------------------------

class recorder final : public call_observer {
 public:
  void crossed(const crossed_call& call) noexcept override {
    const std::lock_guard lock(guard_);
    seen_.push_back(call.iid == iid_of<ICounter>() ? static_cast<int>(call.method) : -1);
    if (call.took.count() < 0) seen_.push_back(-2);
  }
  std::vector<int> seen() {
    const std::lock_guard lock(guard_);
    return seen_;
  }

 private:
  std::mutex guard_;
  std::vector<int> seen_;
};

TEST(CallObserver, SeesEachCallThatCrosses) {
  const mta_lease here;
  const sta home("home");
  probe_log log;
  const auto proxy = home.create<ICounter>([&] { return make_probe<counter>(log); });
  const auto watches = std::make_shared<recorder>();
  LONG total = 0;
  std::int64_t thread = 0;

  set_call_observer(watches);
  (void)proxy->Add(1, &total);
  (void)proxy->Thread(&thread);
  set_call_observer(nullptr);
  (void)proxy->Add(1, &total);

  EXPECT_EQ(watches->seen(), (std::vector<int>{3, 4}));
  EXPECT_EQ(watches.use_count(), 1);
}

TEST(CallObserver, SeesNoCallWithinAnApartment) {
  const mta_lease here;
  probe_log log;
  const com_ptr<ICounter> mine = make_probe<counter>(log);
  const auto watches = std::make_shared<recorder>();
  LONG total = 0;
  set_call_observer(watches);
  (void)mine->Add(1, &total);
  set_call_observer(nullptr);
  EXPECT_TRUE(watches->seen().empty());
}

}  // namespace
}  // namespace insula::test
