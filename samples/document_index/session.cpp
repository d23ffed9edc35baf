// SPDX-License-Identifier: MIT
#include "session.hpp"

#include "crew.hpp"
#include "index_store.hpp"
#include "view.hpp"

#include "input_watch.hpp"

#include <unistd.h>

#include <limits>
#include <utility>

namespace document_index {
namespace {

constexpr std::uint32_t no_worker = std::numeric_limits<std::uint32_t>::max();

std::unique_ptr<view> chosen_view(const options& chosen) {
  if (chosen.plain || ::isatty(STDOUT_FILENO) == 0) return make_plain_view();
  return make_live_view(input_watch::has_keys());
}

}  // namespace

session::session(const options& chosen, insula::sta_lease& here)
    : here_(here),
      workers_(chosen.workers),
      ledger_(std::make_shared<call_ledger>(
          std::array{here.get(), store_home_.get(), mta_.get()})),
      display_(insula::make<display>(chosen_view(chosen), ledger_)),
      screen_(display_, ledger_, call_ledger::main) {
  insula::set_call_observer(ledger_);
  try {
    make_store(chosen.database);
  } catch (...) {
    forget_posts();
    throw;
  }
}

session::~session() {
  store_.reset();
  store_home_.close();
  forget_posts();
}

void session::make_store(database_options chosen) {
  // The store's thread is not this one: it posts, which waits for nothing, instead of calling.
  chosen.on_wait = [this](bool waits) {
    here_.get().post([this, waits] { screen_->store_waits(waits); });
  };
  store_ = {store_home_.create<IIndexStore>([&] { return insula::make<index_store>(chosen); }),
            ledger_, call_ledger::store};
}

// What was posted and not served yet names this object.
void session::forget_posts() {
  here_.drain();
  insula::set_call_observer(nullptr);
}

void session::post_key(char key) {
  here_.get().post([this, key] { screen_->press(key); });
}

void session::post_interrupt(std::string signal) {
  here_.get().post([this, signal = std::move(signal)] { screen_->interrupt(signal); });
}

void session::index(const file_list& found) {
  screen_->begin(found.files.size() + found.unreadable.size(), workers_);
  skip_unreadable(found.unreadable);
  const metered<IWorkCrew> workers(
      mta_.get().create<IWorkCrew>(
          [&] { return insula::make<crew>(found.files, workers_, ledger_); }),
      ledger_, call_ledger::mta);
  const auto period = display_->period();
  const insula::timer_id redraw =
      here_.get().set_timer(period, [this] { screen_->redraw(); }, period);

  workers->start(store_.get(), screen_.get());
  here_.run_until([this] { return display_->crew_is_done(); });
  workers->join();

  here_.get().cancel_timer(redraw);
  try {
    store_->commit();
  } catch (const store_error&) {
    // failure() asks the store, which knows more.
  }
  display_->end();
}

void session::skip_unreadable(const std::vector<skipped_file>& unreadable) {
  for (const skipped_file& one : unreadable) {
    store_->skip(one);
    file_report report;
    report.what = one.why;
    report.problem = one.path + ": " + one.reason;
    screen_->file_done(no_worker, report);
  }
}

std::string session::failure() const {
  std::string store = store_->totals().failure;
  return store.empty() ? display_->failure() : store;
}

}  // namespace document_index
