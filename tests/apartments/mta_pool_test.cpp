// SPDX-License-Identifier: MIT
#include "mta_pool.hpp"

#include <insula/core/test_gate.hpp>

#include "log_lines.hpp"
#include "milestone.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <pthread.h>

#include <atomic>
#include <functional>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

namespace insula::test {
namespace {

struct job : work_item {
  explicit job(std::function<void()> what) : body(std::move(what)) {
    run = [](work_item* item) noexcept { static_cast<job*>(item)->body(); };
    drop = [](work_item* item) noexcept { ++static_cast<job*>(item)->dropped; };
  }
  const std::function<void()> body;
  std::atomic<int> dropped{0};
};

inbox::push_result submit(mta_pool& pool, job& item) {
  return pool.reserve() ? pool.submit_reserved(&item) : inbox::push_result::closed;
}

void until_threads(const mta_pool& pool, std::size_t count) {
  while (pool.threads() != count) std::this_thread::yield();
}

TEST(MtaPool, MakesItsFirstThreadForTheFirstItem) {
  mta_pool pool;
  EXPECT_EQ(pool.threads(), 0u);
  milestone ran;
  job item([&] { ran.pass(); });

  EXPECT_EQ(submit(pool, item), inbox::push_result::must_wake);

  ran.await();
  EXPECT_EQ(pool.threads(), 1u);
}

/// While it lives, the system gives no threads to std::thread: none has room for the stack.
class no_new_threads {
 public:
  no_new_threads() {
    EXPECT_EQ(::pthread_getattr_default_np(&before_), 0);
    pthread_attr_t endless;
    ::pthread_attr_init(&endless);
    ::pthread_attr_setstacksize(&endless, std::size_t{1} << 46);
    EXPECT_EQ(::pthread_setattr_default_np(&endless), 0);
    ::pthread_attr_destroy(&endless);
  }
  ~no_new_threads() {
    EXPECT_EQ(::pthread_setattr_default_np(&before_), 0);
    ::pthread_attr_destroy(&before_);
  }
  no_new_threads(const no_new_threads&) = delete;
  no_new_threads& operator=(const no_new_threads&) = delete;

 private:
  pthread_attr_t before_{};
};

TEST(MtaPool, WithoutAnyThreadItRefusesAndSaysSo) {
  mta_pool pool;
  int ran = 0;
  job first([&] { ++ran; });
  const log_lines lines;
  {
    const no_new_threads none;
    (void)submit(pool, first);
  }
  EXPECT_EQ(first.dropped, 1);
  EXPECT_EQ(ran, 0);
  EXPECT_EQ(pool.threads(), 0u);
  EXPECT_THAT(lines.text(), testing::HasSubstr("the MTA's pool got no thread"));

  milestone second_ran;
  job second([&] { second_ran.pass(); });
  (void)submit(pool, second);
  second_ran.await();
}

TEST(MtaPool, WithoutANewThreadItUsesTheOnesThereAre) {
  mta_pool pool;
  milestone busy, goes, second_ran;
  std::thread::id first_thread, second_thread;
  job first([&] {
    first_thread = std::this_thread::get_id();
    busy.pass();
    goes.await();
  });
  job second([&] {
    second_thread = std::this_thread::get_id();
    second_ran.pass();
  });
  (void)submit(pool, first);
  busy.await();
  const log_lines lines;
  {
    const no_new_threads none;
    (void)submit(pool, second);
  }
  EXPECT_EQ(second.dropped, 0);
  goes.pass();
  second_ran.await();
  EXPECT_EQ(second_thread, first_thread);
}

TEST(MtaPool, EndsThreadsThatHaveNothingToDo) {
  mta_pool pool(std::chrono::nanoseconds{0});
  milestone ran;
  job item([&] { ran.pass(); });
  (void)submit(pool, item);
  ran.await();
  until_threads(pool, 0);
}

TEST(MtaPool, MakesAThreadAgainWhenAllHaveEnded) {
  mta_pool pool(std::chrono::nanoseconds{0});
  for (int i = 0; i != 20; ++i) {
    milestone ran;
    job item([&] { ran.pass(); });
    (void)submit(pool, item);
    ran.await();
    until_threads(pool, 0);
  }
}

// The thread has decided to end, and gets an item before it has said so.
TEST(MtaPool, AnItemThatComesWhileAThreadEndsIsRunByIt) {
  mta_pool pool(std::chrono::nanoseconds{0});
  milestone first_ran, second_ran;
  std::thread::id first_thread, second_thread;
  job second([&] {
    second_thread = std::this_thread::get_id();
    second_ran.pass();
  });
  const test_gate gate("mta_worker.retires", [&] {
    EXPECT_NE(submit(pool, second), inbox::push_result::closed);
  });
  job first([&] {
    first_thread = std::this_thread::get_id();
    first_ran.pass();
  });

  (void)submit(pool, first);

  second_ran.await();
  EXPECT_TRUE(gate.reached());
  EXPECT_EQ(second_thread, first_thread);
}

// The thread was taken for an item, and has ended before the item was handed over.
TEST(MtaPool, AnItemThatAnEndedThreadRefusesGoesToAnother) {
  mta_pool pool(std::chrono::nanoseconds{0});
  milestone first_ran, second_ran;
  job first([&] { first_ran.pass(); });
  job second([&] { second_ran.pass(); });
  {
    test_gate retires("mta_worker.retires");
    (void)submit(pool, first);
    retires.wait_until_reached();
    const test_gate taken("mta_pool.taken", [&] {
      retires.open();
      until_threads(pool, 0);
    });
    (void)submit(pool, second);
    EXPECT_TRUE(taken.reached());
  }
  second_ran.await();
}

TEST(MtaPool, GrowsForEachThreadThatWaits) {
  constexpr int depth = 100;
  milestone bottom;
  std::vector<std::unique_ptr<job>> jobs;
  std::vector<std::unique_ptr<milestone>> reached;
  for (int i = 0; i != depth; ++i) {
    reached.push_back(std::make_unique<milestone>());
    jobs.push_back(std::make_unique<job>([&, i] {
      reached[static_cast<std::size_t>(i)]->pass();
      const mta_pool::blocked_scope waits;
      bottom.await();
    }));
  }
  mta_pool pool;  // ends first
  for (const auto& item : jobs) (void)submit(pool, *item);

  for (const auto& one : reached) one->await();
  EXPECT_GE(pool.threads(), static_cast<std::size_t>(depth));
  bottom.pass();
}

// Blocked by means that the pool cannot see, and more of them than it lets be busy at once.
TEST(MtaPool, GoesOnWhenItsBusyThreadsAreStuck) {
  constexpr int stuck = 24;
  milestone last_ran;
  std::vector<std::unique_ptr<job>> jobs;
  for (int i = 0; i != stuck; ++i)
    jobs.push_back(std::make_unique<job>([&] { last_ran.await(); }));
  jobs.push_back(std::make_unique<job>([&] { last_ran.pass(); }));

  mta_pool pool;  // ends first
  for (const auto& item : jobs) (void)submit(pool, *item);

  last_ran.await();
}

// A worker waits through the library, and what it waits for finds no thread.
void expect_refusal_while_all_wait(mta_pool& pool, const std::function<void(job&)>& submits) {
  milestone ran;
  int inner_ran = 0;
  job inner([&] { ++inner_ran; });
  job outer([&] {
    {
      const mta_pool::blocked_scope waits;
      submits(inner);
    }
    ran.pass();
  });
  (void)submit(pool, outer);
  ran.await();
  EXPECT_EQ(inner.dropped, 1);
  EXPECT_EQ(inner.code, RPC_E_OUT_OF_RESOURCES);
  EXPECT_EQ(inner_ran, 0);
}

/// While it lives, a pool may have so many threads.
class at_most_threads {
 public:
  explicit at_most_threads(std::size_t most) : before_(mta_pool::thread_limit()) {
    mta_pool::limit_threads(most);
  }
  ~at_most_threads() { mta_pool::limit_threads(before_); }
  at_most_threads(const at_most_threads&) = delete;
  at_most_threads& operator=(const at_most_threads&) = delete;

 private:
  const std::size_t before_;
};

TEST(MtaPool, AtItsLimitItRefusesWhenAllItsThreadsWait) {
  const log_lines lines;
  mta_pool pool;
  {
    const at_most_threads one(1);
    expect_refusal_while_all_wait(pool, [&](job& inner) { (void)submit(pool, inner); });
  }
  EXPECT_THAT(lines.text(), testing::HasSubstr("set_mta_thread_limit"));
}

TEST(MtaPool, WithoutANewThreadItRefusesWhenAllItsThreadsWait) {
  const log_lines lines;
  mta_pool pool;
  expect_refusal_while_all_wait(pool, [&](job& inner) {
    const no_new_threads none;
    (void)submit(pool, inner);
  });
}

TEST(MtaPool, AThreadThatBeginsToWaitAtTheLimitLetsWhatIsQueuedBeRefused) {
  const log_lines lines;
  const at_most_threads one(1);
  mta_pool pool;
  milestone ran;
  job inner([] { FAIL(); });
  job outer([&] {
    (void)submit(pool, inner);
    EXPECT_EQ(inner.dropped, 0);
    {
      const mta_pool::blocked_scope waits;
      EXPECT_EQ(inner.dropped, 1);
    }
    ran.pass();
  });
  (void)submit(pool, outer);
  ran.await();
}

TEST(MtaPool, GrowsByLeapsWhileAllItsThreadsAreStuck) {
  constexpr std::size_t stuck = 500;
  milestone last_ran;
  std::vector<std::unique_ptr<job>> jobs;
  for (std::size_t i = 0; i != stuck; ++i)
    jobs.push_back(std::make_unique<job>([&] { last_ran.await(); }));
  jobs.push_back(std::make_unique<job>([&] { last_ran.pass(); }));

  mta_pool pool;  // ends first
  for (const auto& item : jobs) (void)submit(pool, *item);

  last_ran.await();
  // Adding one at a time it would be nearly as many steps as threads.
  EXPECT_LE(pool.growth_steps(), stuck / 5);
}

TEST(MtaPool, CloseWaitsForWhatWasAccepted) {
  mta_pool pool;
  milestone entered, goes;
  std::atomic<bool> ended{false};
  job item([&] {
    entered.pass();
    goes.await();
    ended = true;
  });
  (void)submit(pool, item);
  entered.await();
  std::thread opener([&] { goes.pass(); });

  EXPECT_TRUE(pool.close(std::chrono::minutes{5}));

  EXPECT_TRUE(ended);
  EXPECT_EQ(pool.threads(), 0u);
  EXPECT_FALSE(pool.reserve());
  opener.join();
}

TEST(MtaPool, CloseWaitsForWhatIsReservedOnly) {
  mta_pool pool;
  std::atomic<bool> ran{false};
  job item([&] { ran = true; });
  ASSERT_TRUE(pool.reserve());
  std::thread late([&] {
    while (pool.reserve()) {  // until it refuses
      milestone done;
      job tells([&] { done.pass(); });
      (void)pool.submit_reserved(&tells);
      done.await();
    }
    (void)pool.submit_reserved(&item);
  });

  EXPECT_TRUE(pool.close(std::chrono::minutes{5}));

  EXPECT_TRUE(ran);
  late.join();
}

/// What a thread that is left alone still uses when the test has ended is its own.
struct scene {
  milestone entered, goes, ended;
};
struct lone_job : work_item {
  explicit lone_job(std::shared_ptr<scene> given) : plays(std::move(given)) {
    run = [](work_item* item) noexcept {
      const std::unique_ptr<lone_job> mine(static_cast<lone_job*>(item));
      mine->plays->entered.pass();
      mine->plays->goes.await();
      mine->plays->ended.pass();
    };
  }
  const std::shared_ptr<scene> plays;
};

TEST(MtaPool, CloseThatLeavesAThreadAloneDropsWhatHasNotBegun) {
  const at_most_threads one(1);
  const auto shared = std::make_shared<scene>();
  job behind([] { FAIL(); });
  {
    mta_pool pool;
    ASSERT_TRUE(pool.reserve());
    (void)pool.submit_reserved(new lone_job(shared));
    shared->entered.await();
    (void)submit(pool, behind);
    EXPECT_FALSE(pool.close(std::chrono::nanoseconds{0}));
  }
  EXPECT_EQ(behind.dropped, 1);
  EXPECT_EQ(behind.code, RPC_E_DISCONNECTED);
  shared->goes.pass();
  shared->ended.await();
}

TEST(MtaPool, CloseLeavesAThreadAloneThatDoesNotReturn) {
  const auto shared = std::make_shared<scene>();
  {
    mta_pool pool;
    ASSERT_TRUE(pool.reserve());
    (void)pool.submit_reserved(new lone_job(shared));
    shared->entered.await();
    EXPECT_FALSE(pool.close(std::chrono::nanoseconds{0}));
    EXPECT_FALSE(pool.reserve());
  }
  EXPECT_FALSE(shared->ended.passed());
  shared->goes.pass();
  shared->ended.await();
}

}  // namespace
}  // namespace insula::test
