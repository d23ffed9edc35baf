// SPDX-License-Identifier: MIT
//
// Apartments open and close, and threads come and go, while calls that they made without waiting
// are under way between them. They leave no object, stub, proxy or reference behind. That they
// leave no call, future or request behind is what the leak checker of the asan preset says.
#include <insula/apartments/agile_ref.hpp>
#include <insula/apartments/async.hpp>
#include <insula/apartments/mta.hpp>
#include <insula/apartments/sta.hpp>
#include <insula/core/implements.hpp>
#include <insula/core/object_state.hpp>
#include <insula/marshal/marshal_statistics.hpp>

#include "test_interfaces.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <mutex>
#include <random>
#include <thread>
#include <utility>
#include <vector>

namespace insula::test {
namespace {

#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
constexpr int lives_of_each = 60;
#else
constexpr int lives_of_each = 200;
#endif

/// Counts itself among those that live.
class sum final : public implements<sum, ICounter> {
 public:
  explicit sum(std::atomic<int>& living) : living_(living) { ++living_; }
  ~sum() override { --living_; }

  HRESULT Add(LONG amount, LONG* total) override {
    *total = total_ += amount;
    return S_OK;
  }
  HRESULT Thread(std::int64_t* id) override {
    *id = ::gettid();
    return S_OK;
  }

 private:
  std::atomic<int>& living_;
  std::atomic<LONG> total_{0};
};

/// Where those that live tell others how to reach them. Old entries lead to what has ended.
class directory {
 public:
  void enter(std::size_t at, agile_ref<ICounter> reached) {
    const std::lock_guard lock(guard_);
    std::swap(entries_[at % entries_.size()], reached);  // the old one dies after the lock
  }
  agile_ref<ICounter> look_up(std::size_t at) {
    const std::lock_guard lock(guard_);
    return entries_[at % entries_.size()];
  }
  void clear() {
    for (std::size_t i = 0; i != entries_.size(); ++i) enter(i, {});
  }

 private:
  std::mutex guard_;
  std::array<agile_ref<ICounter>, 8> entries_;  // behind guard_
};

bool says_that_it_has_gone(HRESULT code) {
  return code == RPC_E_DISCONNECTED || code == CO_E_OBJNOTCONNECTED ||
         code == RPC_E_CALL_CANCELED || code == CO_E_SERVER_STOPPING;
}

/// In the apartment of the calling code: an object for others, calls to others, some of them waited
/// for, and then an end in the middle of the rest.
void live_once(directory& others, std::atomic<int>& living, unsigned seed) {
  std::mt19937 random(seed);
  try {
    others.enter(random(), agile_ref<ICounter>(com_ptr<ICounter>(make<sum>(living))));
    std::vector<future<HRESULT>> under_way;
    std::array<LONG, 8> totals{};
    for (LONG& total : totals) {
      const com_ptr<ICounter> called = others.look_up(random()).get();
      if (!called) continue;
      under_way.push_back(async(called, &ICounter::Add, 1, &total));
    }
    while (!under_way.empty() && random() % 3 != 0) {
      const HRESULT code = under_way.back().get();
      under_way.pop_back();
      if (FAILED(code) && !says_that_it_has_gone(code)) throw_last_error(code);
    }
  } catch (const com_error& error) {
    if (!says_that_it_has_gone(error.code())) ADD_FAILURE() << error.what();
  }
}

/// A thread that ends, and its apartment with it, when it has lived.
void live_on_a_thread(directory& others, std::atomic<int>& living, unsigned seed) {
  std::thread([&] {
    if (seed % 2 == 0) {
      const sta_lease here(
          sta_options{.name = "passing", .shutdown_grace = std::chrono::milliseconds(0)});
      live_once(others, living, seed);
    } else {
      const mta_lease here;
      live_once(others, living, seed);
    }
  }).join();
}

void live_on_a_shared_thread(sta_thread& shared, directory& others, std::atomic<int>& living,
                             unsigned seed) {
  const sta hosted(shared, "hosted");
  try {
    hosted.invoke([&] { live_once(others, living, seed); });
  } catch (const com_error& error) {
    if (!says_that_it_has_gone(error.code())) ADD_FAILURE() << error.what();
  }
}

TEST(OpenAndClose, ManyLivesWithCallsUnderWayLeaveNothingBehind) {
  const std::size_t objects = live_objects();
  std::atomic<int> living{0};
  {
    directory others;
    const mta_usage mta;
    sta_thread shared("shared");
    std::vector<std::thread> players;
    for (unsigned player = 1; player != 5; ++player)
      players.emplace_back([&, player] {
        for (unsigned life = 0; life != lives_of_each; ++life) {
          const unsigned seed = player * 100'000 + life;
          if (life % 3 == 0) {
            live_on_a_shared_thread(shared, others, living, seed);
          } else {
            live_on_a_thread(others, living, seed);
          }
        }
      });
    for (std::thread& player : players) player.join();
    others.clear();
  }
  EXPECT_EQ(living, 0);
  EXPECT_EQ(live_objects(), objects);
  EXPECT_EQ(live_stub_managers(), 0u);
  EXPECT_EQ(live_proxy_managers(), 0u);
}

}  // namespace
}  // namespace insula::test
