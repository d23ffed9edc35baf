// SPDX-License-Identifier: MIT
#include <insula/apartments/sta.hpp>

#include "host_call.hpp"
#include "lease.hpp"
#include "membership.hpp"
#include "sta_apartment.hpp"
#include "stack_bounds.hpp"
#include "thread_name.hpp"

#include <insula/apartments/initialize.hpp>
#include <insula/core/log.hpp>
#include <insula/core/printable.hpp>

#include <future>
#include <thread>
#include <utility>

namespace insula {

// ---- sta_thread --------------------------------------------------------------------------------

struct sta_thread::state {
  explicit state(sta_options given)
      : options(std::move(given)), host(std::make_shared<host_thread>(options.stack_size)) {}

  /// Owner: the thread. It ends when the last apartment has.
  void stop() {
    stopping = true;
    while (!host->apartments.empty()) host->apartments.back()->close(options.shutdown_grace);
  }

  /// Owner: the thread. To come before stop.
  void end_loops() {
    for (const auto& open : host->apartments) open->end_loops();
  }

  void main(std::promise<void> started) {
    name_this_thread("insula-" + options.name);
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
  }

  sta_options options;
  const std::shared_ptr<host_thread> host;
  bool stopping = false;  // owner: the thread
  std::thread thread;
};

sta_thread::sta_thread(std::string name) : sta_thread(sta_options{.name = std::move(name)}) {}

sta_thread::sta_thread(sta_options options) : state_(std::make_shared<state>(std::move(options))) {
  std::promise<void> started;
  std::future<void> begun = started.get_future();
  state_->thread = std::thread(
      [self = state_, started = std::move(started)]() mutable {
        self->main(std::move(started));
      });
  try {
    begun.get();
  } catch (...) {
    state_->thread.join();
    throw;
  }
}

sta_thread::~sta_thread() {
  if (this_thread().host == state_->host.get()) {
    // Destroyed by code on this very thread, which cannot wait for itself.
    state_->end_loops();
    post_to_host(*state_->host, [self = state_] { self->stop(); });
    state_->thread.detach();
    return;
  }
  call_host(*state_->host, [this] { state_->end_loops(); });
  call_host(*state_->host, [this] { state_->stop(); });
  state_->thread.join();
}

apartment sta_thread::add(std::string name) {
  apartment made;
  call_host(*state_->host, [&] {
    const com_ptr<sta_apartment> created(new sta_apartment(std::move(name), state_->host),
                                         take_ownership);
    made = apartment(*created);
  });
  return made;
}

void sta_thread::close(const apartment& hosted) {
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
  if (closing.closed()) return;
  if (this_thread().host == state_->host.get() && current_logical_thread().depth != 0) {
    // Code on this very thread: it must return before its apartment, or the one it was called
    // from, can go.
    closing.end_loops();
    post_to_host(*state_->host, [keeps = hosted, grace] {
      static_cast<sta_apartment&>(*keeps.core()).close(grace);
    });
    return;
  }
  call_host(*state_->host, [&] { closing.end_loops(); });
  call_host(*state_->host, [&] { closing.close(grace); });
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
  if (apartment_) close();
}

void sta::close() {
  if (thread_ == nullptr) return;
  std::exchange(thread_, nullptr)->close(apartment_);
  own_.reset();
}

// ---- sta_lease ---------------------------------------------------------------------------------

sta_lease::sta_lease(sta_options options)
    : grace_(options.shutdown_grace), thread_(lease_thread()) {
  thread_state& thread = this_thread();
  if (thread.home == nullptr && current_logical_thread().apartment == nullptr) {
    thread.home =
        enter_own_sta(std::move(options.name), std::move(options.pump), options.stack_size)
            .detach();
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
      thread_(std::exchange(other.thread_, 0)) {
  if (thread_ != 0) require_lease_thread(thread_, "sta_lease");
}

sta_lease::~sta_lease() {
  if (thread_ == 0) return;
  require_lease_thread(thread_, "sta_lease");
  leave_once(grace_);
}

sta_apartment& sta_lease::own() const {
  require_lease_thread(thread_, "sta_lease");
  return static_cast<sta_apartment&>(*apartment_.core());
}

int sta_lease::run() {
  sta_apartment& mine = own();
  mine.host().run_until([&mine] { return mine.quit_posted || mine.loops_end(); }, &mine);
  mine.quit_posted = false;
  return mine.quit_code;
}

void sta_lease::drain() {
  sta_apartment& mine = own();
  mine.host().drain(&mine);
}

void sta_lease::run_until(function_ref<bool()> done) {
  sta_apartment& mine = own();
  mine.host().run_until([&] { return done() || mine.loops_end(); }, &mine);
}

}  // namespace insula
