// SPDX-License-Identifier: MIT
//
// Ten apartments of all kinds call each other at random, hand objects on, keep them, drop them, and
// two of them close in the middle. At the end nothing is left and no call was lost or made twice.
#include <insula/apartments/agile_ref.hpp>
#include <insula/apartments/async.hpp>
#include <insula/apartments/mta.hpp>
#include <insula/apartments/neutral.hpp>
#include <insula/apartments/rundown.hpp>
#include <insula/apartments/sta.hpp>
#include <insula/core/implements.hpp>
#include <insula/core/object_state.hpp>
#include <insula/marshal/interface.hpp>
#include <insula/marshal/marshal_statistics.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace insula::test {

struct IActor : IUnknown {
  /// Counts itself.
  virtual HRESULT Record() = 0;
  /// Counts itself, then lets what it keeps do the same. `counted`: how many did.
  virtual HRESULT Chain(LONG further, LONG* counted) = 0;
  virtual HRESULT Keep(IActor* other) = 0;
  /// What it keeps; itself, when that is nothing.
  virtual HRESULT Lend(IActor** out) = 0;
  /// A new actor in the same apartment.
  virtual HRESULT Spawn(IActor** out) = 0;
};
INSULA_INTERFACE(IActor, IUnknown, "7b1f0d52-31a7-4e0c-9b57-1d2b7c4a0a01", (Record),
                 (Chain, in("further"), out("counted")), (Keep, in("other")), (Lend, out("out")),
                 (Spawn, out("out")));

namespace {

#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
constexpr int steps_of_each = 1000;
#else
constexpr int steps_of_each = 3000;
#endif

/// What all actors of the test did.
struct ledger {
  std::atomic<long> served{0};    // as the actors saw it
  std::atomic<long> answered{0};  // as the callers saw it
  std::atomic<int> actors{0};
};

class actor;

/// The actors of one apartment, so that they let go of each other when it closes.
struct troupe {
  std::mutex guard;
  std::vector<actor*> members;
  void let_go();
};

class actor final : public implements<actor, IActor> {
 public:
  actor(ledger& book, std::shared_ptr<troupe> friends)
      : book_(book), friends_(std::move(friends)), home_(apartment::current()) {
    ++book_.actors;
    const std::lock_guard lock(friends_->guard);
    friends_->members.push_back(this);
  }

  HRESULT Record() override {
    if (!home_.is_current())
      return set_error(E_FAIL, "Record runs in another apartment than " + home_.description());
    ++book_.served;
    return S_OK;
  }
  HRESULT Chain(LONG further, LONG* counted) override {
    *counted = 1;
    const HRESULT code = Record();
    if (FAILED(code) || further == 0) return code;
    const com_ptr<IActor> next = kept();
    LONG more = 0;
    if (next && SUCCEEDED(next->Chain(further - 1, &more))) *counted += more;
    return S_OK;
  }
  HRESULT Keep(IActor* other) override {
    com_ptr<IActor> given;
    given.copy_from(other);
    const std::lock_guard lock(guard_);
    std::swap(kept_, given);  // the old one dies after the lock
    return S_OK;
  }
  HRESULT Lend(IActor** out) override {
    com_ptr<IActor> lent = kept();
    if (!lent) lent.copy_from(this);
    *out = lent.detach();
    return S_OK;
  }
  HRESULT Spawn(IActor** out) override {
    *out = make<actor>(book_, friends_).detach();
    return S_OK;
  }

 private:
  friend class implements<actor, IActor>;

 public:
  ~actor() {
    {
      const std::lock_guard lock(friends_->guard);
      std::erase(friends_->members, this);
    }
    if (!home_.is_current())
      ADD_FAILURE() << "an actor of " << home_.description() << " died elsewhere";
    --book_.actors;
  }

 private:
  com_ptr<IActor> kept() {
    const std::lock_guard lock(guard_);
    return kept_;
  }

  ledger& book_;
  const std::shared_ptr<troupe> friends_;
  const apartment home_;
  std::mutex guard_;
  com_ptr<IActor> kept_;  // behind guard_
};

void troupe::let_go() {
  std::vector<com_ptr<actor>> all;
  {
    const std::lock_guard lock(guard);
    for (actor* member : members) all.emplace_back().copy_from(member);
  }
  for (const auto& member : all) (void)member->Keep(nullptr);
}

/// The codes that callers of an apartment that closes may get, and nobody else; the second line for
/// handing on a pointer to an object that was in it.
bool says_that_it_closed(HRESULT code) {
  return code == RPC_E_DISCONNECTED || code == CO_E_OBJNOTCONNECTED ||
         code == RPC_E_CLIENT_CANTMARSHAL_DATA || code == RPC_E_SERVER_CANTMARSHAL_DATA ||
         code == RPC_E_CLIENT_CANTUNMARSHAL_DATA || code == RPC_E_SERVER_CANTUNMARSHAL_DATA;
}

struct stage {
  ledger book;
  std::vector<agile_ref<IActor>> cast;
  std::size_t stayers = 0;  // the first so many of the cast are there to the end
  apartment main;
  std::atomic<int> steps{0};
  std::atomic<int> playing{0};

  void wake_main() const { main.post([] {}); }
};

/// What one apartment does: a number of random steps.
class player {
 public:
  player(stage& where, unsigned seed) : stage_(where), random_(seed) { ++stage_.playing; }
  player(const player&) = delete;
  player& operator=(const player&) = delete;
  ~player() {
    --stage_.playing;
    stage_.wake_main();
  }

  /// False: that was the last one.
  bool step() {
    try {
      take_step();
    } catch (const com_error& error) {
      if (!says_that_it_closed(error.code())) ADD_FAILURE() << error.what();
    }
    if (++stage_.steps == 10 * steps_of_each / 2) stage_.wake_main();
    return ++taken_ < steps_of_each;
  }

 private:
  unsigned pick(unsigned below) { return static_cast<unsigned>(random_() % below); }
  com_ptr<IActor> one_of_the_first(std::size_t count) {
    return stage_.cast[pick(static_cast<unsigned>(count))].get();
  }
  com_ptr<IActor> anybody() { return one_of_the_first(stage_.cast.size()); }

  void note(HRESULT code, long counted = 1) {
    if (SUCCEEDED(code)) stage_.book.answered += counted;
    else if (!says_that_it_closed(code)) throw_last_error(code);
  }

  void take_step() {
    switch (pick(8)) {
      case 0:
        return note(anybody()->Record());
      case 1: {
        LONG counted = 0;
        const HRESULT code = anybody()->Chain(static_cast<LONG>(pick(5)), &counted);
        return note(code, counted);
      }
      case 2:
        return note(anybody()->Keep(anybody().get()), 0);
      case 3:
        return note(anybody()->Keep(nullptr), 0);
      case 4:
        return lend();
      case 5:
        return spawn();
      case 6:
        return calls_at_once();
      default:
        return note(notify(one_of_the_first(stage_.stayers), &IActor::Record));
    }
  }

  void lend() {
    com_ptr<IActor> lent;
    const HRESULT code = anybody()->Lend(lent.put());
    note(code, 0);
    if (lent) note(lent->Record());
  }

  void spawn() {
    com_ptr<IActor> made;
    note(anybody()->Spawn(made.put()), 0);
    if (!made) return;
    note(made->Record());
    note(anybody()->Keep(made.get()), 0);
    note(made->Record());
  }

  void calls_at_once() {
    const std::array<com_ptr<IActor>, 4> called{anybody(), anybody(), anybody(), anybody()};
    std::vector<future<HRESULT>> under_way;
    for (const auto& one : called) under_way.push_back(async(one, &IActor::Record));
    note(called[0]->Record());
    for (auto& result : under_way) note(result.get());
  }

  stage& stage_;
  std::mt19937 random_;
  int taken_ = 0;
};

/// Plays in an STA: one step is one piece of application work.
void play_on(const apartment& where, std::shared_ptr<player> who) {
  try {
    where.post([where, who = std::move(who)]() mutable {
      if (who->step()) play_on(where, std::move(who));
    });
  } catch (const com_error&) {
    // It has closed meanwhile.
  }
}

/// An apartment joins the cast with an actor of its own.
agile_ref<IActor> join(const apartment& where, ledger& book) {
  agile_ref<IActor> joined;
  where.invoke([&] {
    auto friends = std::make_shared<troupe>();
    at_rundown([friends] { friends->let_go(); });
    joined = agile_ref<IActor>(com_ptr<IActor>(make<actor>(book, std::move(friends))));
  });
  return joined;
}

TEST(ApartmentStress, TenApartmentsLoseNoCallAndNoObject) {
  const std::size_t objects = live_objects();
  stage play;
  {
    sta_lease main("main");
    const mta_usage mta;
    sta_thread shared("shared");
    std::vector<sta> stas;
    for (const char* name : {"own 1", "own 2", "own 3"}) stas.emplace_back(name);
    for (const char* name : {"hosted 1", "hosted 2"}) stas.emplace_back(shared, name);
    const std::size_t staying_stas = stas.size();
    stas.emplace_back(sta_options{.name = "closes 1", .shutdown_grace = std::chrono::minutes(5)});
    stas.emplace_back(shared, "closes 2");

    play.main = main.get();
    std::vector<apartment> places{main.get(), mta.get(), neutral()};
    for (const sta& one : stas) places.push_back(one.get());
    for (const apartment& place : places) play.cast.push_back(join(place, play.book));
    play.stayers = places.size() - 2;

    unsigned seed = 20260101;
    for (const apartment& place : places)
      if (place.kind() == apartment_kind::sta)
        play_on(place, std::make_shared<player>(play, ++seed));
    std::vector<std::thread> threads;
    for (const apartment& place : {places[1], places[2]})
      threads.emplace_back([place, who = std::make_unique<player>(play, ++seed)]() mutable {
        while (place.invoke([&] { return who->step(); })) continue;
        who.reset();
      });

    main.run_until([&] { return play.steps >= 10 * steps_of_each / 2 || play.playing == 0; });
    for (std::size_t i = staying_stas; i != stas.size(); ++i) stas[i].close();
    main.run_until([&] { return play.playing == 0; });
    for (std::thread& thread : threads) thread.join();

    for (std::size_t i = 0; i != play.stayers; ++i)
      EXPECT_EQ(play.cast[i].get()->Keep(nullptr), S_OK);
    for (sta& one : stas) one.close();
    play.cast.clear();
  }
  EXPECT_EQ(play.book.served, play.book.answered);
  EXPECT_EQ(play.book.actors, 0);
  play.main = {};
  EXPECT_EQ(live_objects(), objects);
  EXPECT_EQ(live_stub_managers(), 0u);
  EXPECT_EQ(live_proxy_managers(), 0u);
}

}  // namespace
}  // namespace insula::test
