// SPDX-License-Identifier: MIT
#include <insula/apartments/sta.hpp>

#include "call_chain.hpp"
#include "fork_watch.hpp"
#include "host_call.hpp"
#include "lease.hpp"
#include "membership.hpp"
#include "sta_apartment.hpp"
#include "stack_bounds.hpp"
#include "thread_name.hpp"

#include <insula/apartments/initialize.hpp>
#include <insula/core/log.hpp>
#include <insula/core/printable.hpp>

#include <exception>
#include <future>
#include <system_error>
#include <thread>
#include <utility>

namespace insula {

// ---- sta_thread --------------------------------------------------------------------------------

struct sta_thread::state {
  explicit state(sta_options given)
      : options(std::move(given)), 
        host(std::make_shared<host_thread>(options.stack_size, options.fiber_limit)) {}

  /// Owner: the thread. It ends when the last apartment has. `chain`: whose code closes. True: that
  /// code may wait for the end.
  bool stop(const call_chain& chain) noexcept {
    stopping = true;
    bool may_wait = true;
    for (const auto& open : host->apartments) {
      may_wait = may_wait && !host->waits_on_chain(*open, chain);
      open->close_soon(terms());
    }
    return may_wait;
  }

  [[nodiscard]] closing_terms terms() const noexcept {
    return {options.shutdown_grace, options.posted_work == at_close::drain};
  }

  bool wait_until_ended() {
    return wait_for_closing(ended, host->ended_or_left, options.shutdown_grace);
  }

  void main(std::promise<void> started) noexcept {
    name_this_thread("insula-", options.name);
    const wide_stack_guard guard;
    try {
      host->begin(std::exchange(options.pump, nullptr));
    } catch (...) {
      started.set_exception(std::current_exception());
      return;
    }
    started.set_value();
    host->run_until([this] { return stopping && host->apartments.empty(); });
    host->end();
    ended.settle();
    host->ended_or_left.settle();
  }

  sta_options options;
  const std::shared_ptr<host_thread> host;
  bool stopping = false;  // owner: the thread
  settled ended;          // any thread
  std::thread thread;
};

sta_thread::sta_thread(std::string name) : sta_thread(sta_options{.name = std::move(name)}) {}

sta_thread::sta_thread(sta_options options) : state_(std::make_shared<state>(std::move(options))) {
  if (in_forked_child()) throw_after_fork("sta_thread");
  std::promise<void> started;
  std::future<void> begun = started.get_future();
  try {
    state_->thread = std::thread([self = state_, started = std::move(started)]() mutable {
      self->main(std::move(started));
    });
  } catch (const std::system_error& refused) {
    throw com_error(RPC_E_OUT_OF_RESOURCES,
                    "the system gave no thread for the STA '" + printable(state_->options.name) +
                        "' (" + refused.what() +
                        "). Raise the limit of threads, or let several STAs share one "
                        "(sta_thread::add).");
  }
  try {
    begun.get();
  } catch (...) {
    state_->thread.join();
    throw;
  }
}

sta_thread::~sta_thread() {
  if (in_forked_child()) {
    (void)refuse_after_fork("sta");
    state_->thread.detach();
    return;
  }
  const bool here = this_thread().host == state_->host.get();
  const call_chain chain = current_chain();
  bool may_wait = false;
  call_host(*state_->host, [&] { may_wait = state_->stop(chain); });
  // Code on this very thread, and code that an apartment of it waits for, cannot wait for its end.
  if (!here && may_wait && state_->wait_until_ended()) {
    state_->thread.join();
  } else {
    state_->thread.detach();
  }
}

apartment sta_thread::add(std::string name) {
  if (in_forked_child()) throw_after_fork("sta_thread::add");
  apartment made;
  std::exception_ptr thrown;
  const HRESULT code = ask_host(*state_->host, [&] {
    if (state_->stopping) return;
    try {
      const com_ptr<sta_apartment> created(new sta_apartment(std::move(name), state_->host),
                                           take_ownership);
      made = apartment(*created);
    } catch (...) {
      thrown = std::current_exception();
    }
  });
  if (thrown) std::rethrow_exception(thrown);
  if (FAILED(code))
    throw com_error(code, "sta_thread::add: no STA was made on thread '" +
                              printable(state_->options.name) + "': " + why_refused(code));
  if (!made)
    throw com_error(RPC_E_DISCONNECTED, "sta_thread::add: thread '" + state_->options.name +
                                            "' ends. Add apartments while its owner keeps it.");
  return made;
}

bool sta_thread::close(const apartment& hosted) {
  return close(hosted, state_->options.posted_work);
}

bool sta_thread::close(const apartment& hosted, at_close posted_work) {
  if (in_forked_child()) {
    (void)refuse_after_fork("sta::close");
    return false;
  }
  auto* const named = hosted && hosted.kind() == apartment_kind::sta
                          ? static_cast<sta_apartment*>(hosted.core())
                          : nullptr;
  if (named == nullptr || named->shared_host() != state_->host)
    throw com_error(E_INVALIDARG, "sta_thread::close: " +
                                      (hosted ? hosted.description() : "an empty handle") +
                                      " names no apartment of thread '" +
                                      printable(state_->options.name) +
                                      "'. Close it where it was made.");
  sta_apartment& closing = *named;
  const auto grace = state_->options.shutdown_grace;
  const closing_terms terms{grace, posted_work == at_close::drain};
  const bool here = this_thread().host == state_->host.get();
  if (here && current_logical_thread().scope == nullptr) {
    closing.end_loops();
    closing.close(terms);
    return true;
  }
  // Code on this very thread, and code that the apartment waits for, must return before it can go.
  const call_chain chain = current_chain();
  const closing_scope waits(closing);
  bool may_wait = false;
  call_host(*state_->host, [&] {
    may_wait = !here && !state_->host->waits_on_chain(closing, chain);
    closing.close_soon(terms);
  });
  return closing.has_ended() || (may_wait && closing.wait_until_closed(grace));
}

// ---- sta ---------------------------------------------------------------------------------------

sta::sta(sta_options options) : thread_(nullptr) {
  std::string name = options.name;
  own_ = std::make_unique<sta_thread>(std::move(options));
  thread_ = own_.get();
  apartment_ = thread_->add(std::move(name));
}

sta::sta(sta_thread& thread, std::string name)
    : thread_(&thread), apartment_(thread.add(std::move(name))) {}

sta::~sta() {
  if (apartment_) (void)close();
}

bool sta::close() {
  if (thread_ != nullptr) (void)std::exchange(thread_, nullptr)->close(apartment_);
  return ended();
}

bool sta::close(at_close posted_work) {
  if (thread_ != nullptr) (void)std::exchange(thread_, nullptr)->close(apartment_, posted_work);
  return ended();
}

bool sta::ended() {
  own_.reset();
  return static_cast<sta_apartment&>(*apartment_.core()).has_ended();
}

// ---- sta_lease ---------------------------------------------------------------------------------

sta_lease::sta_lease(sta_options options)
    : grace_(options.shutdown_grace),
      posted_work_(options.posted_work),
      thread_(lease_thread()) {
  if (in_forked_child()) throw_after_fork("sta_lease");
  thread_state& thread = this_thread();
  if (thread.host == nullptr && thread.home == nullptr &&
      current_logical_thread().apartment == nullptr) {
    thread.home = enter_own_sta(std::move(options)).detach();
    current_logical_thread().apartment = thread.home;
    thread.initialisations = 1;
  } else {
    throw_if_failed(CoInitializeEx(nullptr, COINIT_APARTMENTTHREADED));
  }
  apartment_ = apartment::current();
}

sta_lease::sta_lease(sta_lease&& other) noexcept
    : apartment_(std::move(other.apartment_)),
      grace_(other.grace_),
      posted_work_(other.posted_work_),
      thread_(std::exchange(other.thread_, 0)) {
  if (thread_ != 0) require_lease_thread(thread_, "sta_lease");
}

sta_lease::~sta_lease() {
  if (thread_ == 0) return;
  require_lease_thread(thread_, "sta_lease");
  leave_lease({grace_, posted_work_ == at_close::drain});
}

sta_apartment& sta_lease::own() const {
  require_lease_thread(thread_, "sta_lease");
  return static_cast<sta_apartment&>(*apartment_.core());
}

int sta_lease::run() {
  sta_apartment& mine = own();
  struct hears_quit {
    explicit hears_quit(sta_apartment& of) : sta(of) { ++sta.running; }
    ~hears_quit() { --sta.running; }
    hears_quit(const hears_quit&) = delete;
    hears_quit& operator=(const hears_quit&) = delete;
    sta_apartment& sta;
  } const running(mine);
  mine.host().run_until([&mine] { return mine.quit_posted || mine.loops_end(); }, &mine);
  mine.quit_posted = false;
  return mine.quit_code;
}

void sta_lease::drain() {
  sta_apartment& mine = own();
  mine.host().run_ready(&mine);
}

void sta_lease::run_until(function_ref<bool()> done) {
  sta_apartment& mine = own();
  mine.host().run_until([&] { return done() || mine.loops_end(); }, &mine);
}

}  // namespace insula
