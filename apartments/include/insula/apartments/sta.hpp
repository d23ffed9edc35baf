// SPDX-License-Identifier: MIT
//
// Single-threaded apartments.
//   sta          an apartment with a thread of its own, or on a thread that hosts several
//   sta_thread   a thread that hosts any number of STAs
//   sta_lease    makes the calling thread an STA for as long as it lives
#pragma once

#include <insula/apartments/apartment.hpp>
#include <insula/apartments/rundown.hpp>

#include <chrono>
#include <memory>
#include <string>

namespace insula {

class host_thread;
class pump;
class sta_apartment;

/// What becomes of posted application work that is queued when an apartment closes.
enum class at_close {
  drop,   // it does not run; the log (`warn`) says how much there was
  drain,  // it runs first, with what it posts meanwhile, for the grace at most
};

struct sta_options {
  /// For errors, logs and the thread's name.
  std::string name;
  /// How the thread sleeps and is woken; null: the default pump. It must not be shared.
  std::shared_ptr<insula::pump> pump{};
  /// Of each fiber but the first, which runs on the thread's own stack; in bytes, 256 KiB at the
  /// least; 0: as large as the process's default for threads, mostly 8 MiB. Only what is touched
  /// takes memory. Code that needs more ends the process, with a sentence that names the apartment
  /// and the method. When there is no memory for a stack, calls nest on the stack of the code that
  /// waits.
  std::size_t stack_size = 0;
  /// The thread may have so many fibers: one for each call under way that waits for another. Beyond
  /// that calls nest on the stack of the code that waits; when that is used up as well, they are
  /// refused with RPC_E_OUT_OF_RESOURCES. See also set_call_depth_limit.
  std::size_t fiber_limit = 32'000;
  /// At closing, calls inside that wait for other apartments may take so long to finish; then their
  /// waits end with RPC_E_CALL_CANCELED, and so does what they try to call or wait for afterwards.
  /// Only work of `invoke` or `send` that has begun is waited for: it uses the waiting code's
  /// variables.
  std::chrono::nanoseconds shutdown_grace = std::chrono::seconds{2};
  /// Timers that are not due do not run in either case.
  at_close posted_work = at_close::drop;
};

/// A thread that hosts STAs. Each keeps its identity and its queue; all run on this thread, one at
/// a time, and calls between them do not leave it.
class sta_thread {
 public:
  /// Fails: RPC_E_OUT_OF_RESOURCES (com_error) when the system gives no thread; what the pump's
  /// attach throws. So does an `sta` with a thread of its own.
  explicit sta_thread(std::string name);
  explicit sta_thread(sta_options options);
  /// Closes the STAs that are still open, then ends the thread and waits for it; where sta::close
  /// would not wait, the thread ends by itself later.
  ~sta_thread();
  sta_thread(const sta_thread&) = delete;
  sta_thread& operator=(const sta_thread&) = delete;

  /// Makes an STA on this thread. From: any thread. Waits: as a call does.
  /// Fails (com_error): RPC_E_TIMEOUT when the thread is busy until the deadline in force.
  [[nodiscard]] apartment add(std::string name);
  /// Closes it; gives what sta::close gives. From: any thread.
  /// Fails: E_INVALIDARG (com_error) for what is no STA of this thread.
  bool close(const apartment& hosted);
  bool close(const apartment& hosted, at_close posted_work);

 private:
  struct state;
  std::shared_ptr<state> state_;
};

/// Owns a single-threaded apartment.
///
///     insula::sta store_home("store");
///     auto store = store_home.create<IStore>([] { return insula::make<Store>(); });
///     store->Add(1, 2);   // runs on the thread of `store_home`
class sta {
 public:
  /// With a thread of its own.
  explicit sta(std::string name) : sta(sta_options{.name = std::move(name)}) {}
  explicit sta(sta_options options);
  /// On a thread that hosts several; `thread` must live longer.
  sta(sta_thread& thread, std::string name);
  /// Closes it.
  ~sta();
  sta(sta&&) noexcept = default;
  sta& operator=(sta&&) = delete;

  /// Ends the apartment, in stages: calls and posted system work accepted so far are served, and
  /// application work if so asked (`posted_work`; without it, as the options say); new ones are
  /// refused with RPC_E_DISCONNECTED; calls inside finish, within the grace; exported objects are
  /// disconnected and released on the apartment's thread; imported references are given back; what
  /// was registered for rundown runs; what is still queued is dropped: callers are told, and for
  /// posted work the log (`warn`) says how much it was; timers end; the thread, if its own, ends.
  /// Idempotent.
  ///
  /// Waits: as a call does, whatever deadline is in force, and gives true when the apartment has
  /// closed. False: the wait could never end, and the apartment closes later by itself, when the
  /// code inside has returned. So it is
  ///   - at once, for code on the apartment's own thread, and for code that the apartment waits for
  ///     (it called that code, directly or through others, and waits for the answer);
  ///   - after the grace, when the calling code's own apartment closes meanwhile, or when the code
  ///     inside does not return though its waits were given up, and the caller is in an apartment.
  /// The destructor closes too; what the calling code shares with the apartment must outlive the
  /// apartment where false is possible.
  /// From: any thread, one at a time.
  bool close();
  bool close(at_close posted_work);

  [[nodiscard]] const apartment& get() const noexcept { return apartment_; }
  operator const apartment&() const noexcept { return apartment_; }  // NOLINT: is-an apartment

  // As apartment's functions of the same names.
  template <class F>
  void post(F&& work) const {
    apartment_.post(std::forward<F>(work));
  }
  template <class F>
  void post_system(F&& work) const {
    apartment_.post_system(std::forward<F>(work));
  }
  template <class F>
  auto invoke(F&& work) const {
    return apartment_.invoke(std::forward<F>(work));
  }
  template <class F>
  auto send(F&& work) const {
    return apartment_.send(std::forward<F>(work));
  }
  template <class I, class F>
  [[nodiscard]] com_ptr<I> create(F&& factory) const {
    return apartment_.create<I>(std::forward<F>(factory));
  }

 private:
  bool ended();
  std::unique_ptr<sta_thread> own_;
  sta_thread* thread_;
  apartment apartment_;
};

/// Makes the calling thread an STA while it lives; the same as a balanced CoInitializeEx, which it
/// counts with. Bound to the thread that made it: moved or destroyed elsewhere it ends the program
/// with a sentence.
///
///     int main() {
///       insula::sta_lease here("main");
///       ...                        // waits pump; objects made here are called here
///       return here.run();         // until quit
///     }
class sta_lease {
 public:
  /// Fails: RPC_E_CHANGED_MODE (com_error) when the thread is in the MTA.
  explicit sta_lease(std::string name) : sta_lease(sta_options{.name = std::move(name)}) {}
  explicit sta_lease(sta_options options);
  sta_lease(sta_lease&& other) noexcept;
  sta_lease& operator=(sta_lease&&) = delete;
  /// Leaves, see CoUninitialize; the last one closes by its own options.
  ~sta_lease();

  [[nodiscard]] const apartment& get() const noexcept { return apartment_; }
  operator const apartment&() const noexcept { return apartment_; }  // NOLINT: is-an apartment

  /// Serves all classes of work until quit; gives the code that quit was given. Also ends, as
  /// run_until does, when the apartment is about to close.
  int run();
  /// Serves what is ready and what that makes ready, then returns.
  void drain();
  /// Serves all classes of work until `done` says so; asked after each piece of work.
  void run_until(function_ref<bool()> done);
  void quit(int code = 0) const { apartment_.quit(code); }

 private:
  [[nodiscard]] sta_apartment& own() const;
  apartment apartment_;
  std::chrono::nanoseconds grace_{};
  at_close posted_work_ = at_close::drop;
  long thread_ = 0;
};

}  // namespace insula
