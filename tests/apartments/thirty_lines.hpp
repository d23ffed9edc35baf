// SPDX-License-Identifier: MIT
#pragma once

#include <insula/apartments/pump.hpp>

#include "poll_loop.hpp"

#include <atomic>

namespace insula::test {

/// Makes a poll_loop the pump of an STA's thread, as pump.hpp says it is done.
class loop_pump : public pump {
 public:
  explicit loop_pump(poll_loop& loop) : loop_(loop) {}

  void attach(pump_client& client) override { client_ = &client; }
  void detach() noexcept override { client_ = nullptr; }
  void wait(std::optional<std::chrono::steady_clock::time_point> until) override {
    loop_.one_turn(until);
  }
  void wake() noexcept override { loop_.interrupt(); }
  [[nodiscard]] int loop_depth() const noexcept override { return depth_; }
  bool quit(int code) noexcept override {
    code_ = code;
    return depth_ != 0 && (quits_ = true);
  }

  /// The program's loop, and each loop that an event opens. Ends with `end` or a quit.
  virtual int run() {
    const struct counted {
      ~counted() { --depth; }  // also when an event throws
      int& depth;
    } open{++depth_};
    for (client_->drain(); !quits_; client_->drain()) loop_.one_turn(client_->next_timer());
    quits_ = false;
    return code_;
  }
  void end() noexcept { quits_ = true; }

 protected:
  poll_loop& loop_;
  pump_client* client_ = nullptr;
  int depth_ = 0;
  int code_ = 0;
  bool quits_ = false;
};

/// The same, but it drains inside `wait` too, before and after the turn.
class draining_pump final : public loop_pump {
 public:
  using loop_pump::loop_pump;
  void wait(std::optional<std::chrono::steady_clock::time_point> until) override {
    if (client_ != nullptr) client_->drain();
    loop_.one_turn(until);
    if (client_ != nullptr) client_->drain();
  }
};

/// The same for a loop that runs by itself and knows events alone: a wake is one, and a timer of
/// the loop stands for the next timer.
class event_pump final : public loop_pump {
 public:
  using loop_pump::loop_pump;
  void wake() noexcept override {
    if (!posted_.exchange(true)) loop_.post_event([this] { on_wake(); });
  }
  int run() override {
    const struct counted {
      ~counted() { --depth; }
      int& depth;
    } open{++depth_};
    while (!quits_) loop_.one_turn(std::nullopt);
    quits_ = false;
    return code_;
  }

 private:
  void on_wake() {
    posted_ = false;
    if (client_ == nullptr) return;  // detached since
    client_->drain();
    loop_.set_timer(client_->next_timer(), [this] { on_wake(); });
  }
  std::atomic<bool> posted_{false};
};

}  // namespace insula::test
