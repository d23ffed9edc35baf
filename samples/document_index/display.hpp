// SPDX-License-Identifier: MIT
#pragma once

#include "call_ledger.hpp"
#include "home_guard.hpp"
#include "interfaces.hpp"
#include "metered.hpp"
#include "progress.hpp"
#include "view.hpp"

#include <insula/core/implements.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace document_index {

/// The display component: hears from the workers, draws what a timer of its apartment asks it to,
/// and passes keys and signals on to the workers. Nothing in it is locked.
class display : public insula::implements<display, IDisplay> {
 public:
  /// From: the STA in which it is to live.
  display(std::unique_ptr<view> shown, std::shared_ptr<call_ledger> ledger);

  void begin(std::uint64_t files, std::uint32_t workers) override;
  void attach(IWorkerControl* control) override;
  void file_started(std::uint32_t worker, const std::string& path) override;
  void file_done(std::uint32_t worker, const file_report& report) override;
  void crew_done(const std::string& failure) override;
  void store_waits(bool waits) override;
  void redraw() override;
  void press(char key) override;
  void interrupt(const std::string& signal) override;

  // For the main thread, which owns it.
  [[nodiscard]] std::chrono::milliseconds period() const noexcept { return view_->period(); }
  /// Shows the final state.
  void end();
  [[nodiscard]] bool crew_is_done() const;
  /// What ended the workers before their time; empty: nothing did.
  [[nodiscard]] const std::string& failure() const;
  [[nodiscard]] const progress& state() const;
  [[nodiscard]] std::uint64_t entries() const noexcept { return home_.entries(); }

 private:
  using clock = std::chrono::steady_clock;

  void cancel(const std::string& reason);
  void draw();
  void measure_speed();

  const home_guard home_{"the display"};
  const std::unique_ptr<view> view_;
  const std::shared_ptr<call_ledger> ledger_;
  metered<IWorkerControl> control_;
  progress state_;
  std::string failure_;
  bool crew_done_ = false;
  bool unread_ = false;  // standard output does not take what is drawn
  clock::time_point began_ = clock::now();
  clock::time_point measured_ = began_;  // when the speed was, last
  std::uint64_t done_then_ = 0;
  std::uint64_t bytes_then_ = 0;
};

}  // namespace document_index
