// SPDX-License-Identifier: MIT
#include "crew.hpp"

#include "examine.hpp"
#include "output.hpp"

#include <insula/apartments/mta.hpp>

#include <exception>
#include <optional>
#include <system_error>
#include <utility>
#include <variant>

namespace document_index {

crew::crew(std::vector<std::string> files, std::uint32_t workers,
           std::shared_ptr<call_ledger> ledger)
    : workers_(workers),
      ledger_(std::move(ledger)),
      list_(insula::make<work_list>(std::move(files))),
      source_(list_, ledger_, call_ledger::mta),
      control_(list_, ledger_, call_ledger::mta) {}

crew::~crew() {
  list_->cancel("the crew is gone");
  for (std::thread& thread : threads_)
    if (thread.joinable()) thread.join();
}

void crew::start(IIndexStore* store, IDisplay* display) {
  home_.enter();
  store_ = {insula::com_ptr(store), ledger_, call_ledger::store};
  display_ = {insula::com_ptr(display), ledger_, call_ledger::main};
  // A call back to where this one came from: the main thread serves it while it waits for us.
  display_->attach(control_.get());
  at_work_ = workers_;
  for (std::uint32_t i = 0; i < workers_; ++i) {
    try {
      threads_.emplace_back([this, i] { work(i); });
    } catch (const std::system_error&) {  // fewer then, but not none
      for (std::uint32_t missing = i; missing < workers_; ++missing) leave();
      if (i == 0) throw;
      return;
    }
  }
}

void crew::join() {
  home_.enter();
  for (std::thread& thread : threads_)
    if (thread.joinable()) thread.join();
}

void crew::work(std::uint32_t worker) noexcept {
  try {
    const insula::mta_lease member;
    try {
      handle_files(worker);
    } catch (const std::exception& error) {
      give_up(error.what());
    }
    leave();
  } catch (const std::exception& error) {
    give_up(error.what());
    leave();
  }
}

void crew::handle_files(std::uint32_t worker) {
  while (const std::optional<std::string> path = source_->next()) {
    display_->file_started(worker, *path);
    const file_report report = handle(*path);
    display_->file_done(worker, report);
  }
}

file_report crew::handle(const std::string& path) {
  memory_room::share held(memory_);
  examined_file examined = examine(path, held);
  file_report report;
  if (const auto* const skipped = std::get_if<skipped_file>(&examined)) {
    store_->skip(*skipped);
    report.what = skipped->why;
    if (skipped->why == outcome::unreadable) report.problem = path + ": " + skipped->reason;
  } else {
    const auto& made = std::get<document>(examined);
    store_->add(made);
    report.bytes = made.bytes;
    report.repaired = made.repaired;
    report.cut = made.cut;
  }
  return report;
}

void crew::give_up(const std::string& reason) noexcept {
  try {
    {
      const std::lock_guard lock(mutex_);
      if (failure_.empty()) failure_ = reason;
    }
    control_->cancel(reason);
  } catch (const std::exception& error) {
    complain(std::string("a worker cannot give up: ") + error.what());
  }
}

void crew::leave() noexcept {
  if (at_work_.fetch_sub(1) != 1) return;
  try {
    std::string failure;
    {
      const std::lock_guard lock(mutex_);
      failure = failure_;
    }
    display_->crew_done(failure);
  } catch (const std::exception& error) {
    // Without the display there is nobody to hear of it; the main thread is ending.
    complain(std::string("the display does not answer: ") + error.what());
  }
}

}  // namespace document_index
