// SPDX-License-Identifier: MIT
//
// Recursion without an end, through each kind of apartment, and chains that outgrow what there is:
// they end with a code and a sentence, and everything works afterwards.
#include <insula/apartments/agile_ref.hpp>
#include <insula/apartments/async.hpp>
#include <insula/apartments/call_limits.hpp>
#include <insula/apartments/mta.hpp>
#include <insula/apartments/neutral.hpp>
#include <insula/apartments/sta.hpp>

#include "counter.hpp"
#include "log_lines.hpp"
#include "on_thread.hpp"
#include "outcome.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <functional>
#include <string>
#include <utility>

namespace insula::test {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;

/// While it lives, calls may nest so deep.
class deepest_calls {
 public:
  explicit deepest_calls(std::size_t most) : before_(call_depth_limit()) {
    set_call_depth_limit(most);
  }
  ~deepest_calls() { set_call_depth_limit(before_); }
  deepest_calls(const deepest_calls&) = delete;
  deepest_calls& operator=(const deepest_calls&) = delete;

 private:
  const std::size_t before_;
};

/// While it lives, the MTA's pool may have so many threads.
class most_mta_threads {
 public:
  explicit most_mta_threads(std::size_t most) : before_(mta_thread_limit()) {
    set_mta_thread_limit(most);
  }
  ~most_mta_threads() { set_mta_thread_limit(before_); }
  most_mta_threads(const most_mta_threads&) = delete;
  most_mta_threads& operator=(const most_mta_threads&) = delete;

 private:
  const std::size_t before_;
};

constexpr std::size_t no_depth_limit = 65'535;

/// Two objects in two apartments, each of which calls the other, `left` times in all.
class mutual_calls {
 public:
  using caller = std::function<HRESULT(const com_ptr<IVisitor>&)>;

  mutual_calls(const apartment& first, const apartment& second, caller call = &visit)
      : first_(first), calls_(std::move(call)) {
    const auto for_first = make_in(second, [this] { return go_on(to_first_); });
    const auto for_second = make_in(first, [this] { return go_on(to_second_); });
    first_.invoke([&] { to_second_ = for_first.get(); });
    second.invoke([&] { to_first_ = for_second.get(); });
  }

  static HRESULT visit(const com_ptr<IVisitor>& next) { return next->Visit(nullptr); }

  /// How it ended, of so many calls. Begins inside the first apartment.
  HRESULT run(std::size_t wanted) {
    left_ = wanted;
    calls = 0;
    why.clear();
    return first_.invoke([&] { return go_on(to_second_); });
  }

  std::size_t calls = 0;  // those that went through
  std::string why;        // what the first that failed said

 private:
  template <class F>
  static agile_ref<IVisitor> make_in(const apartment& place, F body) {
    agile_ref<IVisitor> made;
    place.invoke([&] {
      const com_ptr<IVisitor> object = make<visitor>([body](ICounter*) { return body(); });
      made = agile_ref<IVisitor>(object);
    });
    return made;
  }

  HRESULT go_on(const com_ptr<IVisitor>& next) {
    if (left_ == 0) return S_OK;
    --left_;
    const std::size_t before = calls++;
    const HRESULT code = calls_(next);
    if (FAILED(code) && why.empty()) {
      why = error_description();
      calls = before;
    }
    return code;
  }

  const apartment first_;
  const caller calls_;
  com_ptr<IVisitor> to_second_;  // each in its apartment
  com_ptr<IVisitor> to_first_;
  std::size_t left_ = 0;
};

constexpr std::size_t endless = 1'000'000;

// One call is invoke's.
void expect_an_end_at_depth(const apartment& first, const apartment& second, std::size_t depth) {
  mutual_calls pair(first, second);
  const deepest_calls limit(depth);
  EXPECT_EQ(pair.run(endless), RPC_E_OUT_OF_RESOURCES);
  EXPECT_EQ(pair.calls, depth - 1);
  EXPECT_THAT(pair.why, HasSubstr("IVisitor::Visit"));
  EXPECT_THAT(pair.why, HasSubstr(std::to_string(depth) + " deep"));
  EXPECT_THAT(pair.why, HasSubstr("set_call_depth_limit"));
  EXPECT_EQ(pair.run(depth - 1), S_OK);  // as deep as it may be
}

TEST(CallDepth, EndsARecursionBetweenStas) {
  const sta first("first");
  const sta second("second");
  expect_an_end_at_depth(first, second, 200);
}

TEST(CallDepth, EndsARecursionBetweenAnStaAndTheMta) {
  const mta_usage mta;
  const sta first("first");
  expect_an_end_at_depth(first, mta.get(), 100);
}

TEST(CallDepth, EndsARecursionBetweenStasOfOneThread) {
  sta_thread shared("shared");
  const sta first(shared, "first");
  const sta second(shared, "second");
  expect_an_end_at_depth(first, second, 200);
}

TEST(CallDepth, EndsARecursionThroughTheNeutralApartment) {
  const sta first("first");
  expect_an_end_at_depth(first, neutral(), 200);
}

TEST(CallDepth, CountsInvokedWork) {
  const sta first("first");
  const sta second("second");
  const deepest_calls limit(50);
  int entered = 0;
  const std::function<void()> descend = [&] {
    ++entered;
    (entered % 2 == 0 ? first : second).invoke(descend);
  };
  try {
    first.invoke(descend);
    FAIL() << "the recursion had an end";
  } catch (const com_error& error) {
    EXPECT_EQ(error.code(), RPC_E_OUT_OF_RESOURCES);
    EXPECT_THAT(error.what(), HasSubstr("50 deep"));
  }
  EXPECT_EQ(entered, 50);
  EXPECT_EQ(first.invoke([&] { return second.invoke([] { return 7; }); }), 7);
}

// Each call of such a row waits for nobody: there is nothing to be too deep.
TEST(CallDepth, DoesNotCountCallsThatAreNotWaitedFor) {
  const sta first("first");
  const sta second("second");
  constexpr int hops = 200;
  const deepest_calls limit(20);
  int done = 0;
  settled end;
  com_ptr<IVisitor> to_first, to_second;
  const auto hop = [&](const com_ptr<IVisitor>& next) {
    if (++done == hops) {
      end.settle();
      return S_OK;
    }
    notify(next, &IVisitor::Visit, nullptr);
    return S_OK;
  };
  agile_ref<IVisitor> at_first, at_second;
  first.invoke([&] {
    const com_ptr<IVisitor> object = make<visitor>([&](ICounter*) { return hop(to_second); });
    at_first = agile_ref<IVisitor>(object);
  });
  second.invoke([&] {
    const com_ptr<IVisitor> object = make<visitor>([&](ICounter*) { return hop(to_first); });
    at_second = agile_ref<IVisitor>(object);
    to_first = at_first.get();
  });
  first.invoke([&] {
    to_second = at_second.get();
    (void)hop(to_second);
  });
  end.wait();
  EXPECT_EQ(done, hops);
  first.invoke([&] { to_second.reset(); });
  second.invoke([&] { to_first.reset(); });
}

/// A pair of which the first hosts few fibers, with small stacks.
sta_options narrow(const char* name) {
  return {.name = name, .stack_size = std::size_t{256} * 1024, .fiber_limit = 4};
}

class CallResources : public testing::Test {
 protected:
  void SetUp() override {
#if defined(__SANITIZE_THREAD__)
    GTEST_SKIP() << "chains this deep take more memory under the thread sanitizer than there is";
#endif
  }
};

TEST_F(CallResources, AChainThatOutgrowsTheFibersOfAThreadIsRefused) {
  const log_lines lines;
  const sta first(narrow("first"));
  const sta second("second");
  const deepest_calls limit(no_depth_limit);
  mutual_calls pair(first, second);
  EXPECT_EQ(pair.run(20'000), RPC_E_OUT_OF_RESOURCES);
  EXPECT_THAT(pair.why, ContainsRegex("IVisitor::Visit, called from .*'second'.* into .*'first'"));
  EXPECT_THAT(pair.why, HasSubstr("sta_options::fiber_limit"));
  EXPECT_THAT(pair.why, HasSubstr("It was made by "));
  EXPECT_EQ(pair.run(8), S_OK);
  EXPECT_THAT(lines.text(), HasSubstr("its calls nest"));
}

TEST_F(CallResources, AChainThatFindsNoMemoryForStacksIsRefused) {
  const log_lines lines;
  const sta first(sta_options{.name = "first", .stack_size = SIZE_MAX});
  const sta second("second");
  const deepest_calls limit(no_depth_limit);
  mutual_calls pair(first, second);
  EXPECT_EQ(pair.run(60'000), RPC_E_OUT_OF_RESOURCES);
  EXPECT_EQ(pair.run(8), S_OK);
}

TEST_F(CallResources, AChainBetweenStasOfOneThreadThatFindsNoStackIsRefused) {
  const log_lines lines;
  sta_thread shared(sta_options{.name = "shared", .stack_size = SIZE_MAX});
  const sta first(shared, "first");
  const sta second(shared, "second");
  const deepest_calls limit(no_depth_limit);
  mutual_calls pair(first, second);
  EXPECT_EQ(pair.run(60'000), RPC_E_OUT_OF_RESOURCES);
  EXPECT_EQ(pair.run(8), S_OK);
}

TEST_F(CallResources, AChainThatOutgrowsTheThreadsOfTheMtaIsRefused) {
  const log_lines lines;
  const mta_usage mta;
  const sta first("first");
  mutual_calls pair(first, mta.get());
  const most_mta_threads limit(8);
  EXPECT_EQ(pair.run(endless), RPC_E_OUT_OF_RESOURCES);
  EXPECT_THAT(pair.why, ContainsRegex("IVisitor::Visit, called from .*'first'.* into MTA"));
  EXPECT_THAT(pair.why, HasSubstr("set_mta_thread_limit"));
  EXPECT_EQ(pair.run(8), S_OK);
}

// MTA and neutral apartment both run such calls on the caller's stack.
TEST_F(CallResources, AChainThatUsesUpTheStackThatItRunsOnIsRefused) {
  const mta_usage mta;
  on_thread([&] {
    const mta_lease here;
    const deepest_calls limit(no_depth_limit);
    mutual_calls pair(here, neutral());
    EXPECT_EQ(pair.run(60'000), RPC_E_OUT_OF_RESOURCES);
    EXPECT_THAT(pair.why, HasSubstr("stack of the calling thread"));
    EXPECT_EQ(pair.run(8), S_OK);
  });
}

TEST_F(CallResources, AChainOfAwaitedAsynchronousCallsIsRefusedToo) {
  const log_lines lines;
  const sta first(narrow("first"));
  const sta second(narrow("second"));
  mutual_calls pair(first, second, [](const com_ptr<IVisitor>& next) {
    return async(next, &IVisitor::Visit, nullptr).get();
  });
  EXPECT_EQ(pair.run(20'000), RPC_E_OUT_OF_RESOURCES);
  EXPECT_EQ(pair.run(8), S_OK);
}

}  // namespace
}  // namespace insula::test
