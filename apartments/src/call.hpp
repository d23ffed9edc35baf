// SPDX-License-Identifier: MIT
#pragma once

#include "apartment_core.hpp"
#include "call_line.hpp"
#include "message_buffer.hpp"
#include "wait_state.hpp"

#include <insula/core/com_ptr.hpp>
#include <insula/core/error_info.hpp>
#include <insula/marshal/stub_endpoint.hpp>

#include <atomic>
#include <cstdint>

namespace insula {

class call;

/// Interface and method, for errors and logs.
std::string called_method(REFIID iid, ULONG slot);

/// Logs (`warn`) how a call ended whose result nobody wants: the only trace that it leaves.
/// `text` may throw.
void log_unseen(function_ref<std::string()> text) noexcept;

/// Told when an asynchronous call has its answer, or will never have one (`code` failed).
class call_completion {
 public:
  /// Takes over `finished`. An STA's calls complete on its own thread, as the reply is taken from
  /// the inbox; other apartments' calls on the thread that served the call.
  virtual void completed(call* finished) noexcept = 0;

 protected:
  ~call_completion() = default;
};

/// One call on its way: request, where to, from where, the answer. It is used again and again, so a
/// synchronous call in the steady state allocates nothing.
///
/// Life: take() by the caller; filled and submitted; served in the target apartment, which pushes
/// it home; recycle() by the caller. At every moment one thread owns it, except for the atomics.
///
///            take          submit            finish          recycle
///   caller  ------>  queue of the target  --------->  home  -------->  cache of this thread
///
/// A caller that may stop waiting (`withdrawable`) and the callee agree in `stage` who was first:
///
///   queued --callee--> begun --callee--> served     it goes home
///   queued --either--> refused                      it goes home, and was not executed
///   queued --caller that waits--> withdrawn         caller's, to let go of the request; then
///     withdrawn --caller--> left --callee--> recycled by the callee, or
///     withdrawn --callee--> passed --caller--> recycled by the caller
///
/// Every cache line of it that both sides touch travels twice per call, which is most of what a
/// call costs. So they are few:
///
///   line     | written by                          | holds
///   ---------|-------------------------------------|------------------------------------
///   first    | caller, then callee                 | the queue's fields, outcome, who gets the
///   answer second   | caller                              | what the callee must know third    |
///   caller                              | a request of up to 16 bytes eighth   | callee | a reply
///   of up to 16 bytes
///
class alignas(64) call final : public work_item {
  enum class stage_of_life : std::uint8_t {
    queued,
    begun,
    served,
    refused,
    withdrawn,
    left,
    passed,
  };

 public:
  /// A call object from the calling thread's cache.
  static call* take();
  /// A new one, for the cache.
  static call* make();
  /// Clears it, gives back what it holds, and returns it to the calling thread's cache.
  void recycle() noexcept;

  stub_endpoint* endpoint = nullptr;
  // Who gets the answer: a waiting thread (home and wait), a completion (home, if it is an STA's),
  // or nobody.
  port* home = nullptr;
  wait_state* wait = nullptr;

  apartment_core* from = nullptr;  // the apartment the call was made in
  GUID causality{};
  deadline until;
  ULONG method = 0;
  std::uint16_t depth = 0;  // of the calls that wait for each other, this one included; 0: none do

 private:
  bool holds_ = false;  // holds a reference to endpoint and from

 public:
  /// Asked for by the caller; the callee looks when it wants to.
  std::atomic<bool> cancelled{false};
  call_completion* completion = nullptr;
  com_ptr<IUnknown> proxy;         // held by calls that nobody waits for: so long the object lives

  message_buffer request;
  message_buffer reply;
  com_ptr<IErrorInfo> error;       // of the method, or of the transport
  com_ptr<call_line> line;         // of the code that made it; its own when it is in a sequence

  void set_line(com_ptr<call_line> of) noexcept;

  /// The caller waits for it now.
  [[nodiscard]] bool is_synchronous() const noexcept;

  /// The CPU of the thread that waits for the answer; -1: nobody, or not known.
  [[nodiscard]] int peer_cpu() const noexcept;

  /// The call may outlive the code that made it: holds what it points to.
  void detach_from_caller();

  /// Serves the call on the calling thread, inside its target. Never throws; `code` tells.
  void serve() noexcept;

  /// The caller does not wait any more. True: the call never runs, what its request held has been
  /// given back, and the call object belongs to its queue. Owner: who waits.
  [[nodiscard]] bool withdraw() noexcept;

  /// Nobody wants the result any more: it never runs if it has not begun, and can see that it was
  /// cancelled if it has. From: any thread, while the call is under way. Only when `withdrawable`.
  void cancel() noexcept;

  /// What is known of a call that was given up, or that came home with a failure. Of one that is
  /// not withdrawable nothing is known while it is under way.
  [[nodiscard]] call_fate fate() const noexcept;
  /// The same of a withdrawable call. From: any thread, while the call is under way.
  [[nodiscard]] call_fate fate_under_way() const noexcept;

  /// Logs (`warn`) how a call ended whose result nobody wants: `what` it was.
  void log_unseen_failure(const char* what) const noexcept;

 private:
  std::atomic<stage_of_life> stage_{stage_of_life::queued};  // of those that are withdrawable

  call() = default;
  ~call() = default;
  static void run_item(work_item* item) noexcept;
  static void drop_item(work_item* item) noexcept;
  static void arrive_home(work_item* item) noexcept;
  static void nobody_home(work_item* item) noexcept;
  [[nodiscard]] bool may_begin() noexcept;
  [[nodiscard]] bool advance(stage_of_life before, stage_of_life after) noexcept;
  [[nodiscard]] bool was_withdrawn() noexcept;
  void finish() noexcept;
};

}  // namespace insula
