// SPDX-License-Identifier: MIT
//
// Pumps, and stacks: calls that end in another order than they began.
#include "scenario.hpp"
#include "tool.hpp"

#include <insula/apartments/mta.hpp>
#include <insula/apartments/pump.hpp>
#include <insula/apartments/sta.hpp>

#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

namespace insula::test {
namespace {

/// A foreign loop as it might be.
class condition_pump final : public pump {
 public:
  void attach(pump_client& client) override { client_ = &client; }
  void detach() noexcept override { client_ = nullptr; }
  void wait(std::optional<std::chrono::steady_clock::time_point> until) override {
    std::unique_lock lock(guard_);
    const auto is_awake = [this] { return awake_; };
    if (until) {
      changed_.wait_until(lock, *until, is_awake);
    } else {
      changed_.wait(lock, is_awake);
    }
    awake_ = false;
  }
  void wake() noexcept override {
    const std::lock_guard lock(guard_);
    awake_ = true;
    changed_.notify_one();
  }
  [[nodiscard]] pump_client& client() const noexcept { return *client_; }

 private:
  pump_client* client_ = nullptr;
  std::mutex guard_;
  std::condition_variable changed_;
  bool awake_ = false;
};

void a_foreign_pump() {
  const auto loop = std::make_shared<condition_pump>();
  sta_lease here(sta_options{.name = "here", .pump = loop});
  const sta home("home");
  const auto made = home.create<ITool>([] { return make<tool>(); });
  const auto back = make<visitor>([](IGadget*) { return S_OK; });
  INSULA_STEP(made->Call(back.get()));
  bool done = false;
  here.get().post([&] { done = true; });
  while (!done) {
    loop->client().drain();
    if (!done && !loop->client().has_ready()) loop->wait(loop->client().next_timer());
  }
}

void the_default_pump() {
  sta home(sta_options{.name = "home", .pump = make_default_pump()});
  require(home.invoke([] { return 3; }) == 3, "work under the default pump");
}

// Both apartments wait in the middle of a call, one fiber upon another.
void calls_upon_calls() {
  const sta_lease here("here");
  const sta home("home");
  const auto made = home.create<ITool>([] { return make<tool>(); });
  int depth = 0;
  std::function<HRESULT(IGadget*)> again;
  const auto back = make<visitor>([&](IGadget* gadget) { return again(gadget); });
  again = [&](IGadget* gadget) {
    LONG number = 0;
    const HRESULT code = gadget->Number(&number);
    if (FAILED(code)) return code;
    return ++depth == 3 ? S_OK : made->Call(back.get());
  };
  INSULA_STEP(made->Call(back.get()));
  require(depth == 3, "the depth of calls");
}

}  // namespace

std::vector<piece> pieces_of_pumps() {
  return {{"AForeignPump", a_foreign_pump},
          {"TheDefaultPump", the_default_pump},
          {"CallsUponCalls", calls_upon_calls}};
}

}  // namespace insula::test
