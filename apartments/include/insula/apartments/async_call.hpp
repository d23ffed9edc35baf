// SPDX-License-Identifier: MIT
#pragma once

#include <insula/apartments/settled.hpp>
#include <insula/marshal/call_request.hpp>

#include <chrono>
#include <memory>
#include <optional>

namespace insula::detail {

/// The part of an asynchronous call that does not depend on its signature: sent, answered,
/// cancelled.
class async_call {
 public:
  async_call();
  virtual ~async_call();
  async_call(const async_call&) = delete;
  async_call& operator=(const async_call&) = delete;

  /// Sends what begin_call wrote (`begun` says whether it did). `self` is what the call keeps alive
  /// until it is answered, and `proxy` with it.
  void start(HRESULT begun, com_ptr<IUnknown> proxy, pending_request& request,
             const std::shared_ptr<async_call>& self,
             std::optional<std::chrono::nanoseconds> timeout);

  /// Settles with `code` if nothing has settled it before, and tells the callee, if it looks.
  void give_up(HRESULT code) noexcept;

  /// The same, because the calling code's wait has ended.
  void give_up_waiting() noexcept;

  /// Gives up (RPC_E_CALL_CANCELED), then waits until the callee does not run. False: the wait
  /// ended first.
  bool cancel_and_wait();

  /// After it has settled, in the apartment that made the call: what finish_call is to be given.
  /// Puts the reply where the request was.
  HRESULT take_reply();

  settled done;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

/// Sends a written request that nobody wants an answer to; the call keeps `proxy` until it has been
/// served.
HRESULT send_one_way(com_ptr<IUnknown> proxy, pending_request& request);

/// For use in `catch (...)`: the call of a method of `iid` was made at once, nobody wants its
/// result, and so the log gets what it threw.
void log_unseen_exception(REFIID iid) noexcept;

/// Says that there is no object to call: E_POINTER.
HRESULT refuse_null(const char* caller, REFIID iid);

}  // namespace insula::detail
