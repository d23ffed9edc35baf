// SPDX-License-Identifier: MIT
#include <insula/apartments/apartment.hpp>

#include "library_copies.hpp"
#include "fork_watch.hpp"
#include "posted_work.hpp"
#include "sta_apartment.hpp"

#include <insula/apartments/from_now.hpp>
#include <insula/core/sentence.hpp>

#include <atomic>

namespace insula {

apartment::apartment(apartment_core& named) noexcept : core_(&named) { core_->AddRef(); }

apartment::apartment(const apartment& other) noexcept : core_(other.core_) {
  if (core_ != nullptr) core_->AddRef();
}

apartment::apartment(apartment&& other) noexcept : core_(std::exchange(other.core_, nullptr)) {}

apartment& apartment::operator=(apartment other) noexcept {
  std::swap(core_, other.core_);
  return *this;
}

apartment::~apartment() {
  if (core_ != nullptr) core_->Release();
}

apartment apartment::current() {
  apartment_core* const here = current_apartment();
  if (here == nullptr) {
    const std::string elsewhere = apartment_of_another_copy();
    throw com_error(CO_E_NOTINITIALIZED,
                    "apartment::current: " +
                        (elsewhere.empty()
                             ? "the calling thread is in no apartment and the process has no MTA. "
                               "Enter one first (sta_lease, mta_lease, CoInitializeEx)."
                             : elsewhere));
  }
  return apartment(*here);
}

apartment_core& apartment::named() const {
  if (core_ == nullptr)
    throw com_error(E_POINTER, "an empty apartment handle was used: it names no apartment");
  return *core_;
}

apartment_kind apartment::kind() const { return named().kind(); }
const std::string& apartment::name() const { return named().name(); }
std::string apartment::description() const { return named().description(); }
oxid apartment::id() const { return named().id(); }
bool apartment::is_current() const noexcept { return core_ != nullptr && core_->is_current(); }
bool apartment::is_closed() const noexcept { return core_ == nullptr || core_->closing(); }

void apartment::throw_no_object() {
  throw com_error(E_POINTER, "apartment::create: the factory returned no object. Return a com_ptr "
                             "to one, or throw what went wrong.");
}

void apartment::log_escaped(const std::exception_ptr& thrown) noexcept {
  const auto text = [&] {
    const apartment_core* const here = current_apartment();
    std::string said = here != nullptr ? here->description() : "an apartment that has gone";
    said += ": posted work threw: ";
    try {
      std::rethrow_exception(thrown);
    } catch (const std::exception& failure) {
      said += failure.what();
    } catch (...) {
      said += "something that is no std::exception";
    }
    return said;
  };
  log_sentence(log_level::error, text, "posted work threw, and there was no memory to say what");
}

namespace {

[[noreturn]] void throw_closed(const apartment_core& target) {
  throw com_error(RPC_E_DISCONNECTED, "work was posted to " + target.description() +
                                          ", which has closed. Ask apartment::is_closed first, or "
                                          "post while its owner keeps it open.");
}

}  // namespace

void apartment::submit(std::unique_ptr<exporter_work> work, bool system) const {
  apartment_core& target = named();
  if (in_forked_child()) throw_after_fork("post");
  if (posted_work::submit(target, system ? work_class::system : work_class::application, GUID{},
                          std::move(work), posted_work::loss::told))
    return;
  throw_closed(target);
}

void apartment::run_there(function_ref<void()> work, bool as_send,
                          const std::exception_ptr& thrown) const {
  apartment_core& target = named();
  const HRESULT code = as_send ? target.send(work) : target.call(work);
  if (thrown) std::rethrow_exception(thrown);
  if (SUCCEEDED(code)) return;
  throw com_error(code, std::string(as_send ? "send" : "invoke") + " into " +
                            target.description() + " failed: " + why_refused(code, target));
}

namespace {

sta_apartment& as_sta(apartment_core& target, const char* what) {
  if (target.kind() == apartment_kind::sta) return static_cast<sta_apartment&>(target);
  throw com_error(E_INVALIDARG, std::string(what) + " needs an STA, which has a loop; " +
                                    target.description() + " has none.");
}

std::uint64_t next_timer_id() noexcept {
  static std::atomic<std::uint64_t> last{0};
  return last.fetch_add(1, std::memory_order_relaxed) + 1;
}

}  // namespace

timer_id apartment::start_timer(std::chrono::nanoseconds delay, std::chrono::nanoseconds period,
                                std::shared_ptr<timer_body> body) const {
  sta_apartment& target = as_sta(named(), "a timer");
  if (period.count() < 0)
    throw com_error(E_INVALIDARG, "a timer in " + target.description() + " was given a period of " +
                                      std::to_string(period.count()) +
                                      " ns. Give zero to run it once, or the time between runs.");
  if (target.closed())
    throw com_error(RPC_E_DISCONNECTED,
                    "a timer was set in " + target.description() + ", which has closed.");
  const std::uint64_t id = next_timer_id();
  const auto due = from_now(delay);
  const auto runs = std::make_shared<const std::function<void()>>(
      [body = std::move(body)] { body->run(); });
  const auto start = [&target, id, due, period, runs] {
    target.host().timers.add(due, {.id = id, .owner = &target, .period = period, .body = runs},
                             target.timers);
    target.host().timer_was_set();
  };
  if (target.is_current()) {
    start();
  } else {
    post_system(start);
  }
  return timer_id{id};
}

void apartment::cancel_timer(timer_id timer) const {
  sta_apartment& target = as_sta(named(), "a timer");
  const auto cancel = [&target, timer] {
    target.host().timers.remove(static_cast<std::uint64_t>(timer));
  };
  if (target.is_current()) {
    cancel();
  } else {
    // Of an apartment that closes no timer runs any more.
    (void)posted_work::submit(target, work_class::system, GUID{},
                              std::make_unique<posted<decltype(cancel)>>(cancel));
  }
}

void apartment::quit(int code) const {
  sta_apartment& target = as_sta(named(), "quit");
  const auto quits = [&target, code] { target.quit(code); };
  // An apartment that closes has ended its loops: nothing is lost.
  if (!posted_work::submit(target, work_class::application, GUID{},
                           std::make_unique<posted<decltype(quits)>>(quits)))
    throw_closed(target);
}

}  // namespace insula
