// SPDX-License-Identifier: MIT
#pragma once

#include "inbox.hpp"
#include "logical_thread.hpp"
#include "open_loops.hpp"
#include "wait_state.hpp"

#include <insula/apartments/apartment_kind.hpp>
#include <insula/marshal/object_exporter.hpp>

#include <insula/core/thread_safety.hpp>

#include <atomic>
#include <functional>
#include <string>
#include <vector>

namespace insula {

class apartment_context;
class call;
class port;

/// What every apartment is to the runtime: an object exporter that work can be sent to.
/// Counted through object_exporter; outlives its closing for those who still hold proxies.
class apartment_core : public object_exporter {
 public:
  /// Among the open ones (open_apartments.hpp), behind its lock.
  struct neighbours {
    apartment_core* before = nullptr;
    apartment_core* after = nullptr;
  } open_list;

  [[nodiscard]] apartment_kind kind() const noexcept { return kind_; }
  [[nodiscard]] const std::string& name() const noexcept { return name_; }

  /// New calls are refused from the moment this is true.
  [[nodiscard]] bool closing() const noexcept {
    return closing_.load(std::memory_order_acquire);
  }
  /// Nothing of this apartment runs any more; what it imported was given back.
  [[nodiscard]] bool closed() const noexcept { return closed_.load(std::memory_order_acquire); }

  /// It closes, and the code inside was given up: it may not wait for other apartments any more.
  [[nodiscard]] bool gave_up() const noexcept { return gave_up_.load(std::memory_order_acquire); }

  /// Sends `item` to where this apartment runs its work. `closed`: the item is still the caller's,
  /// and item->refused_with() the reason.
  /// From: any thread.
  virtual inbox::push_result submit(work_item* item) noexcept = 0;

  /// True when the calling thread may run a call into this apartment on its own stack, without
  /// overtaking anything: the two share a thread, or this apartment has none of its own.
  [[nodiscard]] virtual bool runs_here() = 0;

  /// The thread that will do the work, when there is just one.
  [[nodiscard]] virtual port* serving_port() const noexcept { return nullptr; }

  /// Bracket everything that runs inside. From: the thread that runs it.
  virtual void enter() noexcept = 0;
  virtual void leave() noexcept = 0;

  /// A call that this apartment had put into a sequence has been served. From: the serving thread.
  virtual void served_in_sequence(insula::call&) noexcept {}

  /// Bracket the waits of code inside; what begin_wait gave goes to end_wait. From: the thread that
  /// waits.
  virtual open_loops::ticket begin_wait() noexcept { return 0; }
  virtual void end_wait(open_loops::ticket) noexcept {}

  [[nodiscard]] bool is_current() const noexcept override;
  [[nodiscard]] std::string description() const override;
  HRESULT connect(object_exporter& importer, stub_endpoint& target,
                  IRpcChannelBuffer** channel) override;
  HRESULT call(function_ref<void()> work) override;
  HRESULT call_owned(std::shared_ptr<exporter_work> work) override;
  bool post(std::unique_ptr<exporter_work> work) noexcept override;

  /// Runs `work` inside as a synchronous send (class 2) and waits: code in it may not call out.
  HRESULT send(function_ref<void()> work);

  /// `body` runs inside as the apartment closes, when its imports are gone. From: inside.
  void at_rundown(std::function<void()> body);

  /// Accepted work that nobody waits for did not run. Told in the log: together at the end of the
  /// closing, one by one later. From: any thread.
  void note_lost_work() noexcept;

  /// The apartment's context object, always the same. From: any thread.
  [[nodiscard]] apartment_context& context();

 protected:
  apartment_core(apartment_kind kind, std::string name);
  ~apartment_core() override;

  /// Runs what at_rundown was given, and what that adds. From: inside, once, while closing.
  void run_down();

  /// Says how much work was lost. From: whoever closes, last.
  void report_lost_work() noexcept;

  std::atomic<bool> closing_{false};  // atomic: release when calls are refused
  std::atomic<bool> gave_up_{false};  // atomic: set once, by the closing thread
  std::atomic<bool> closed_{false};   // atomic: release after the last import was given back

 private:
  /// Fails: RPC_E_DISCONNECTED; RPC_E_TIMEOUT; E_OUTOFMEMORY; what may_wait says of the calling
  /// code. With a sentence.
  HRESULT run_inside(function_ref<void()> work, work_class kind);
  /// Runs `work` at once if the calling thread may.
  [[nodiscard]] bool run_here(function_ref<void()> work, work_class kind, HRESULT* code);
  HRESULT not_run(HRESULT code) const;
  static HRESULT may_wait(work_class kind) noexcept;

  void log_lost_work(std::size_t count) const noexcept;

  const apartment_kind kind_;  // fixed
  const std::string name_;     // fixed
  mutex rundown_guard_;
  std::vector<std::function<void()>> rundown_ INSULA_GUARDED_BY(rundown_guard_);
  static constexpr std::size_t losses_reported = ~(~std::size_t{0} >> 1);
  std::atomic<std::size_t> lost_work_{0};  // atomic: a count, and the bit above
  std::atomic<apartment_context*> context_{nullptr};  // atomic: made once, by who asks first
};

/// The apartment the calling code runs in: entered, or the MTA that every thread without an
/// apartment of its own belongs to while it exists. Null: none.
[[nodiscard]] apartment_core* current_apartment() noexcept;

/// The apartment the calling code's thread serves or belongs to: inside the neutral apartment the
/// one that the code came from, else the same as current_apartment.
[[nodiscard]] apartment_core* thread_apartment() noexcept;

/// The apartment of the calling code (beneath the neutral one: that of the thread), or one whose
/// code the calling code was called from on this stack, closes, and its grace is over: the code may
/// not wait any more.
[[nodiscard]] bool caller_gave_up() noexcept;
/// That apartment. Null: the code may wait.
[[nodiscard]] const apartment_core* closing_around_caller() noexcept;

/// What ended the wait of the calling code before its answer: RPC_E_CALL_CANCELED or RPC_E_TIMEOUT.
[[nodiscard]] HRESULT wait_ended() noexcept;

/// Why run_inside of `target` failed with `code`: the end of a sentence.
[[nodiscard]] std::string why_refused(HRESULT code, const apartment_core& target);
/// The same for work of no apartment.
[[nodiscard]] std::string why_refused(HRESULT code);

/// Says that the running code waits for another apartment, also when it is that other apartment's
/// code that runs on top of it.
class waiting_scope {
 public:
  explicit waiting_scope(apartment_core* inside) noexcept : inside_(inside) {
    if (inside_ != nullptr) begun_ = inside_->begin_wait();
  }
  ~waiting_scope() {
    if (inside_ != nullptr) inside_->end_wait(begun_);
  }
  waiting_scope(const waiting_scope&) = delete;
  waiting_scope& operator=(const waiting_scope&) = delete;

 private:
  apartment_core* const inside_;
  open_loops::ticket begun_ = 0;
};

/// What code hands on to the work that it waits for. Pointers are borrowed.
struct waiting_code {
  GUID causality{};
  call_line* line = nullptr;
  deadline until;
  std::uint16_t link = 0;   // of its chain (call_chain.hpp)
  std::uint16_t depth = 0;  // in that chain, of the work

  /// That of the calling code.
  [[nodiscard]] static waiting_code calling();
};

/// Runs the code of its scope inside an apartment, as part of a causality, with error info of its
/// own; restores what was there before.
class apartment_scope {
 public:
  apartment_scope(apartment_core& inside, const GUID& causality, insula::call* serving,
                  bool in_send = false);
  /// For work that somebody waits for and that is no call: it goes on with what he had.
  apartment_scope(apartment_core& inside, const waiting_code& waits, bool in_send);
  ~apartment_scope();
  apartment_scope(const apartment_scope&) = delete;
  apartment_scope& operator=(const apartment_scope&) = delete;

  [[nodiscard]] const apartment_core& inside() const noexcept { return inside_; }
  /// The scope that this one was entered from, on the same stack, and what was in force there.
  [[nodiscard]] const apartment_scope* around() const noexcept { return around_; }
  [[nodiscard]] const GUID& causality_around() const noexcept { return causality_; }
  [[nodiscard]] std::uint16_t link_around() const noexcept { return link_; }
  [[nodiscard]] const insula::call* serving_around() const noexcept { return serving_; }

 private:
  logical_thread& running_;
  apartment_core& inside_;
  const apartment_scope* const around_;
  apartment_core* const apartment_;
  apartment_core* const beneath_;
  const GUID causality_;
  insula::call* const serving_;
  call_line* const line_;
  const deadline until_;
  const bool in_send_;
  const bool waited_for_;
  const std::uint16_t link_;
  const std::uint16_t call_depth_;
  error_info_slot errors_;
};

}  // namespace insula
