// SPDX-License-Identifier: MIT
#pragma once

#include <insula/apartments/apartment_kind.hpp>
#include <insula/apartments/smuggled_pointer.hpp>
#include <insula/core/com_ptr.hpp>
#include <insula/core/exception.hpp>
#include <insula/core/forced_unwind.hpp>
#include <insula/core/function_ref.hpp>
#include <insula/marshal/interface_packet.hpp>
#include <insula/marshal/object_exporter.hpp>

#include <chrono>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

namespace insula {

class apartment_core;

enum class timer_id : std::uint64_t {};

/// Names an apartment. A handle: cheap to copy, keeps nothing open, may be used from any thread,
/// also after the apartment has closed; then everything that sends work there fails with
/// RPC_E_DISCONNECTED (com_error).
///
/// Work comes in four classes. A thread that runs its loop serves all of them; code that waits for
/// another apartment lets its own apartment serve the first three meanwhile, and leaves the fourth
/// queued in order.
///
///   1  incoming calls, and what `invoke` and `create` bring
///   2  synchronous sends (`send`): code in them may not call other apartments
///   3  posted system work (`post_system`)
///   4  posted application work (`post`), timers, quit
class apartment {
 public:
  apartment() noexcept = default;
  explicit apartment(apartment_core& named) noexcept;
  apartment(const apartment& other) noexcept;
  apartment(apartment&& other) noexcept;
  apartment& operator=(apartment other) noexcept;
  ~apartment();

  /// Where the calling code runs. Fails: CO_E_NOTINITIALIZED.
  [[nodiscard]] static apartment current();

  explicit operator bool() const noexcept { return core_ != nullptr; }
  /// Fail: E_POINTER for an empty handle, as does everything below that sends work.
  [[nodiscard]] apartment_kind kind() const;
  [[nodiscard]] const std::string& name() const;
  /// Kind, name and thread, as errors print them.
  [[nodiscard]] std::string description() const;
  [[nodiscard]] oxid id() const;
  /// True when the calling code runs in it.
  [[nodiscard]] bool is_current() const noexcept;
  /// True from the moment it refuses new work.
  [[nodiscard]] bool is_closed() const noexcept;

  /// Runs `work` there later, as application work; what it throws is logged there.
  /// From: any thread. Waits: never. Order: what one thread posts runs in that order.
  /// Owns: `work` is moved there and destroyed there, or here when the apartment has closed.
  /// Fails: RPC_E_DISCONNECTED when the apartment closes or has closed. Work that was accepted and
  /// has not run when the apartment closes is dropped, and the log (`warn`) says how much it was;
  /// sta_options::posted_work and sta::close say how to have it run.
  template <class F>
  void post(F&& work) const {
    submit(std::make_unique<posted<std::decay_t<F>>>(std::forward<F>(work)), false);
  }
  /// The same as system work: also served while the apartment waits.
  template <class F>
  void post_system(F&& work) const {
    submit(std::make_unique<posted<std::decay_t<F>>>(std::forward<F>(work)), true);
  }

  /// Runs `work` there and gives what it returns; what it throws arrives here.
  /// From: any thread. Waits: as a call does (an STA pumps). A result that is an interface pointer,
  /// or holds one (in a field, as an element), does not compile: `create` carries one over,
  /// agile_refs any number.
  /// Fails (com_error): RPC_E_DISCONNECTED; when a deadline is in force (deadline_scope),
  /// RPC_E_TIMEOUT: by then `work` had not begun and never will, or it ended too late and its
  /// result was destroyed here; RPC_E_CALL_CANCELED in an apartment that closes and whose grace is
  /// over. Work that has begun is waited for in any case.
  template <class F>
  auto invoke(F&& work) const -> std::invoke_result_t<F&> {
    return returned<std::invoke_result_t<F&>>(work, false);
  }
  /// The same as a synchronous send.
  template <class F>
  auto send(F&& work) const -> std::invoke_result_t<F&> {
    return returned<std::invoke_result_t<F&>>(work, true);
  }

  /// Runs `factory` there, which makes an object and returns a com_ptr to it, and gives interface I
  /// of that object for use here: a proxy, or the pointer itself if this is the same apartment.
  /// Waits: as a call does. Fails: as `invoke`; what the factory throws; E_POINTER when it returns
  /// no object; E_NOINTERFACE (no such interface, or none that can be marshaled). An object that
  /// was made too late is released.
  template <class I, class F>
  [[nodiscard]] com_ptr<I> create(F&& factory) const {
    interface_parcel packet;
    com_ptr<I> made;
    const bool here = is_current();
    invoke([&] {
      auto object = factory();
      if (object == nullptr) throw_no_object();
      if (here) {
        throw_if_failed(object->QueryInterface(iid_of<I>(), made.put_void()));
      } else {
        // By its identity: an object with several interfaces has no conversion to IUnknown.
        com_ptr<IUnknown> identity;
        throw_if_failed(object->QueryInterface(IID_IUnknown, identity.put_void()));
        throw_if_failed(packet.pack(iid_of<I>(), identity.get()));
      }
    });
    if (!here) throw_if_failed(packet.unpack(iid_of<I>(), made.put_void()));
    return made;
  }

  /// Runs `body` there after `delay`, and again every `period` if that is not zero, as application
  /// work. A negative delay is none. From: any thread.
  /// Fails: E_INVALIDARG (com_error) for a negative period, and for what is no STA.
  /// A timer ends with the apartment, without a word.
  template <class F>
  timer_id set_timer(std::chrono::nanoseconds delay, F body,
                     std::chrono::nanoseconds period = {}) const {
    return start_timer(delay, period, std::make_shared<repeated<F>>(std::move(body)));
  }
  /// No run of the timer's body begins after this returns, if called inside the apartment.
  void cancel_timer(timer_id timer) const;

  /// Ends the apartment's run loop with `code`, after the application work that is queued now.
  /// Sticky: a loop that starts later ends at once. From: any thread. STAs only (E_INVALIDARG).
  void quit(int code = 0) const;

  friend bool operator==(const apartment& a, const apartment& b) noexcept {
    return a.core_ == b.core_;
  }

  /// For the rest of the library.
  [[nodiscard]] apartment_core* core() const noexcept { return core_; }

 private:
  template <class F>
  struct posted final : exporter_work {
    template <class G>
    explicit posted(G&& work) : work_(std::forward<G>(work)) {}
    void run() noexcept override {
      try {
        work_();
      } catch (...) {
        log_escaped(caught_exception());
      }
    }
    F work_;
  };
  struct timer_body {
    virtual ~timer_body() = default;
    virtual void run() = 0;
  };
  template <class F>
  struct repeated final : timer_body {
    explicit repeated(F body) : body_(std::move(body)) {}
    void run() override { body_(); }
    F body_;
  };

  template <class R, class F>
  R returned(F& work, bool as_send) const {
    static_assert(!std::is_reference_v<R>,
                  "what runs in another apartment returns a value: a reference would lead back "
                  "into the apartment from outside");
    (void)sizeof(detail::leaves_by_marshaling<R>);
    std::exception_ptr thrown;
    if constexpr (std::is_void_v<R>) {
      run_there([&] { catching(thrown, [&] { work(); }); }, as_send, thrown);
    } else {
      std::optional<R> result;
      run_there([&] { catching(thrown, [&] { result.emplace(work()); }); }, as_send, thrown);
      return std::move(*result);
    }
  }
  template <class F>
  static void catching(std::exception_ptr& thrown, F body) noexcept {
    try {
      body();
    } catch (...) {
      thrown = caught_exception();
    }
  }

  [[noreturn]] static void throw_no_object();
  static void log_escaped(const std::exception_ptr& thrown) noexcept;
  void submit(std::unique_ptr<exporter_work> work, bool system) const;
  /// Throws what `work` has put into `thrown`, which says more than that it came too late.
  void run_there(function_ref<void()> work, bool as_send, const std::exception_ptr& thrown) const;
  timer_id start_timer(std::chrono::nanoseconds delay, std::chrono::nanoseconds period,
                       std::shared_ptr<timer_body> body) const;
  [[nodiscard]] apartment_core& named() const;

  apartment_core* core_ = nullptr;  // counted
};

}  // namespace insula
