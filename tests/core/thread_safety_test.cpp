// SPDX-License-Identifier: MIT
#include "insula/core/thread_safety.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace insula {
namespace {

struct box {
  mutex guard;
  std::condition_variable changed;
  int value INSULA_GUARDED_BY(guard) = 0;

  void add(int amount) {
    const mutex_lock lock(guard);
    value += amount;
    changed.notify_all();
  }
  int wait_for(int wanted) {
    mutex_lock lock(guard);
    while (value < wanted)
      lock.wait(changed);
    return value;
  }
};

TEST(Mutex, KeepsThreadsApart) {
  box shared;
  std::thread other([&] {
    for (int i = 0; i != 10000; ++i)
      shared.add(1);
  });
  for (int i = 0; i != 10000; ++i)
    shared.add(1);
  other.join();

  EXPECT_EQ(shared.wait_for(0), 20000);
}

TEST(MutexLock, WaitsForAnotherThread) {
  box shared;
  std::thread other([&] { shared.add(5); });

  EXPECT_EQ(shared.wait_for(5), 5);
  other.join();
}

TEST(MutexLock, LetsGoInBetween) {
  mutex guard;
  mutex_lock lock(guard);
  const auto another_gets_it = [&guard] {
    bool got = false;
    std::thread([&] {
      if (!guard.try_lock()) return;
      got = true;
      guard.unlock();
    }).join();
    return got;
  };

  EXPECT_FALSE(another_gets_it());
  lock.unlock();
  EXPECT_TRUE(another_gets_it());
  lock.lock();
  EXPECT_FALSE(another_gets_it());
}

}  // namespace
}  // namespace insula
