// SPDX-License-Identifier: MIT
#pragma once

#include "port.hpp"
#include "wait_state.hpp"

#include <insula/core/com_ptr.hpp>
#include <insula/core/function_ref.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>

namespace insula {

/// Synchronous work on its way to another thread and back.
///
/// Who waits and who runs it agree in one word what becomes of it, so that a wait may end while the
/// item is out:
///
///     queued --runs it--> begun --has run--> done   it goes home
///     queued --refuses it--> done                   it goes home: dropped, or its deadline is over
///     queued --stops waiting--> withdrawn           it never runs; whose queue it is in frees it
///     begun  --stops waiting--> left                of work that owns what it uses; who runs it
///                                                   frees it
class round_trip final : public work_item {
 public:
  /// Where it goes.
  struct destination {
    work_class kind;
    function_ref<inbox::push_result(work_item*)> submit;
    const port* other;  // the thread that is expected to run it, if known
    bool waited_for = false;  // as part of a chain of calls; see host_stacks
  };

  /// Runs `work` there and waits for it, until the deadline, or until the calling code's apartment
  /// gives up. Then work that has not begun never runs; work that runs is waited for, since it uses
  /// variables of the waiting code, and a deadline that has passed is a failure all the same.
  /// Fails: RPC_E_DISCONNECTED: it was refused or dropped; E_OUTOFMEMORY: it was not sent;
  /// RPC_E_TIMEOUT and, before the work began, RPC_E_CALL_CANCELED: the logical thread's `fate`
  /// says whether it was executed.
  static HRESULT travel(const destination& to, function_ref<void()> work, const deadline& until);

  /// The same for work that is part of `owner` and uses nothing else: the wait ends also while it
  /// runs. Then `owner` is let go of by the thread that ran it.
  static HRESULT travel_owned(const destination& to, function_ref<void()> work,
                              std::shared_ptr<void> owner, const deadline& until);

  /// Waits until it is back, whatever deadline is in force. Needs no memory. False: it was refused
  /// or dropped.
  static bool travel_to_the_end(const destination& to, function_ref<void()> work);

  /// Frees what the calling thread keeps for its next trips, as it ends.
  static void flush() noexcept;

 private:
  enum class stage : std::uint8_t { queued, begun, done, withdrawn, left };

  round_trip() = default;
  ~round_trip() = default;
  static round_trip* take() noexcept;
  void rest() noexcept;

  void set_out(port& home, const destination& to, function_ref<void()> work,
               const deadline& until) noexcept;
  static HRESULT wait_to_the_deadline(round_trip* item, const destination& to);
  [[nodiscard]] bool stop_waiting() noexcept;
  [[nodiscard]] bool advance(stage from, stage to) noexcept;

  static void run_item(work_item* item) noexcept;
  static void drop_item(work_item* item) noexcept;
  static void arrive_home(work_item* item) noexcept;
  void refuse(HRESULT why) noexcept;
  void go_home() noexcept;

  std::atomic<stage> stage_{stage::queued};
  deadline until_;                            // fixed while it is out
  std::optional<function_ref<void()>> work_;  // of the waiting code, or of owner_
  port* home_ = nullptr;
  wait_state wait_;                           // who waits
  std::shared_ptr<void> owner_;               // who waits; who runs it, once it was left
  com_ptr<apartment_core> keeps_target_;      // who waits; whose queue it is in, once withdrawn
};

}  // namespace insula
