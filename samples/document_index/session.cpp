// SPDX-License-Identifier: MIT
#include "session.hpp"

#include "crew.hpp"
#include "index_store.hpp"
#include "terminal.hpp"
#include "view.hpp"

#include <limits>
#include <stop_token>
#include <utility>

namespace document_index {
namespace {

constexpr std::uint32_t no_worker = std::numeric_limits<std::uint32_t>::max();

std::unique_ptr<view> chosen_view(const options& chosen) {
  if (chosen.plain || !terminal::can_redraw()) return make_plain_view();
  return make_live_view(terminal::has_keys());
}

}  // namespace

session::session(const options& chosen, insula::sta_lease& here, const file_list& found,
                 const stop_request& stop)
    : here_(here),
      found_(found),
      stop_(stop),
      grace_(chosen.grace),
      workers_(chosen.workers),
      ledger_(std::make_shared<call_ledger>(
          std::array{here.get(), store_home_.get(), mta_.get()})),
      display_(insula::make<display>(chosen_view(chosen), ledger_)),
      screen_(display_, ledger_, call_ledger::main) {
  insula::set_call_observer(ledger_);
  try {
    database_options store = chosen.database;
    store.files = number_of_files();
    store.stop = stop.token();
    make_store(std::move(store));
  } catch (...) {
    forget_posts();
    throw;
  }
}

session::~session() {
  here_.get().cancel_timer(patience_);
  close_store();
  forget_posts();
}

void session::close_store() {
  store_.reset();
  store_home_.close();
}

void session::make_store(database_options chosen) {
  // The store's thread is not this one: it posts, which waits for nothing, instead of calling. As
  // system work: this thread may be waiting for the store.
  chosen.on_wait = [this](bool waits) {
    here_.get().post_system([this, waits] { screen_->store_waits(waits); });
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

// Half of the grace is for the workers, the other half for writing down what they did.
void session::interrupt() {
  screen_->interrupt(stop_.reason());
  patience_ = here_.get().set_timer(grace_ / 2, [this] { leave_workers_behind(); });
}

void session::leave_workers_behind() {
  if (display_->crew_is_done() || !left_behind_.empty()) return;
  for (const std::string& path : display_->state().current)
    if (!path.empty()) left_behind_.push_back(path);
}

void session::index() {
  const std::stop_callback on_stop(stop_.token(), [this] {
    here_.get().post_system([this] { interrupt(); });
  });
  screen_->begin(number_of_files(), workers_);
  skip_unreadable(found_.unreadable);
  crew_ = {mta_.get().create<IWorkCrew>(
               [&] { return insula::make<crew>(found_.files, workers_, ledger_); }),
           ledger_, call_ledger::mta};
  const auto period = display_->period();
  const insula::timer_id redraw =
      here_.get().set_timer(period, [this] { screen_->redraw(); }, period);

  crew_->start(store_.get(), screen_.get());
  here_.run_until([this] { return display_->crew_is_done() || !left_behind_.empty(); });
  if (left_behind_.empty()) {
    crew_->join();
    crew_.reset();
  }

  here_.get().cancel_timer(redraw);
  const progress& seen = display_->state();
  const bool whole = seen.done == seen.files;
  try {
    store_->finish(whole ? "" : seen.notice.empty() ? "failed" : seen.notice);
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
