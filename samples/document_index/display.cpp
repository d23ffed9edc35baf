// SPDX-License-Identifier: MIT
#include "display.hpp"

#include "output.hpp"

#include <utility>

namespace document_index {

display::display(std::unique_ptr<view> shown, std::shared_ptr<call_ledger> ledger)
    : view_(std::move(shown)), ledger_(std::move(ledger)) {}

void display::begin(std::uint64_t files, std::uint32_t workers) {
  home_.enter();
  state_.now = progress::state::working;
  state_.files = files;
  state_.current.assign(workers, "");
  began_ = measured_ = clock::now();
  draw();
}

void display::attach(IWorkerControl* control) {
  home_.enter();
  control_ = {insula::com_ptr(control), ledger_, call_ledger::mta};
  if (state_.now == progress::state::ending) control_->cancel(state_.notice);
}

void display::file_started(std::uint32_t worker, const std::string& path) {
  home_.enter();
  if (worker < state_.current.size()) state_.current[worker] = path;
}

void display::file_done(std::uint32_t worker, const file_report& report) {
  home_.enter();
  if (worker < state_.current.size()) state_.current[worker].clear();
  ++state_.done;
  ++state_.outcomes[static_cast<std::size_t>(report.what)];
  state_.bytes += report.bytes;
  state_.repaired += report.repaired != 0;
  state_.cut += report.cut;
  if (!report.problem.empty() && state_.problems.size() < progress::most_problems)
    state_.problems.push_back(report.problem);
}

void display::crew_done(const std::string& failure) {
  home_.enter();
  if (!failure.empty()) failure_ = failure;
  crew_done_ = true;
  control_.reset();
}

void display::press(char key) {
  home_.enter();
  if (key == 'p' && control_ && state_.now == progress::state::working) {
    // The state first: while the call is out, this apartment serves others, such as redraw().
    state_.now = progress::state::paused;
    control_->pause();
  } else if (key == 'p' && control_ && state_.now == progress::state::paused) {
    state_.now = progress::state::working;
    control_->resume();
  }
}

void display::interrupt(const std::string& signal) {
  home_.enter();
  if (state_.now == progress::state::done) return;
  cancel(signal);
  draw();
}

// A second request finds the first on its way: workers end after the file that they have.
void display::cancel(const std::string& reason) {
  if (state_.now == progress::state::ending || crew_done_) return;
  state_.now = progress::state::ending;
  state_.notice = reason;
  if (control_) control_->cancel(reason);
}

void display::store_waits(bool waits) {
  home_.enter();
  state_.locked = waits;
  if (waits && state_.now == progress::state::opening) draw();  // later, redraw() does
}

void display::redraw() {
  home_.enter();
  draw();
}

void display::end() {
  home_.require();
  if (state_.now == progress::state::ending && state_.done == state_.files) state_.notice.clear();
  state_.now = progress::state::done;
  if (!failure_.empty()) state_.notice = "failed";
  draw();
}

void display::draw() {
  measure_speed();
  if (unread_) return;
  try {
    view_->draw(state_);
  } catch (const output_error& error) {
    unread_ = true;
    failure_ = error.what();
    cancel(failure_);
  }
}

// Of the last moments while it runs, and of the whole run at the end.
void display::measure_speed() {
  const auto now = clock::now();
  state_.elapsed = now - began_;
  const bool whole = state_.now == progress::state::done;
  const auto span = std::chrono::duration<double>(now - (whole ? began_ : measured_)).count();
  if (span < 0.5 && !whole) return;
  const auto per_second = [span](std::uint64_t before, std::uint64_t after) {
    return span > 0 ? static_cast<double>(after - before) / span : 0;
  };
  state_.files_per_second = per_second(whole ? 0 : done_then_, state_.done);
  state_.bytes_per_second = per_second(whole ? 0 : bytes_then_, state_.bytes);
  measured_ = now;
  done_then_ = state_.done;
  bytes_then_ = state_.bytes;
}

bool display::crew_is_done() const {
  home_.require();
  return crew_done_;
}

const std::string& display::failure() const {
  home_.require();
  return failure_;
}

const progress& display::state() const {
  home_.require();
  return state_;
}

}  // namespace document_index
