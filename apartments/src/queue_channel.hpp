// SPDX-License-Identifier: MIT
#pragma once

#include "call.hpp"

#include <insula/core/implements.hpp>

namespace insula {

/// What asynchronous calls need of a channel beyond the standard interface.
struct IAsyncChannel : IUnknown {
  /// Sends the request in `message` and returns at once. `completion` (null: nobody) gets the call
  /// when it has an answer; it must live until then. `on_its_way` sees the call before the callee
  /// can. On failure nothing was sent, `completion` is not told, and the buffer is gone.
  /// `proxy` is kept until the call has been served.
  virtual HRESULT Send(com_ptr<IUnknown> proxy, RPCOLEMESSAGE* message, call_completion* completion,
                       const deadline& until, function_ref<void(call*)> on_its_way) = 0;
  /// What became of a finished call: its code, with its error info put into the calling logical
  /// thread's slot; a success puts the reply into `message`.
  virtual HRESULT Receive(call* finished, RPCOLEMESSAGE* message) = 0;
  /// Puts into the slot what `code` means for a call of `method`, unless it says so already;
  /// returns `code`.
  virtual HRESULT Explain(HRESULT code, ULONG method) = 0;
};
INSULA_IID(IAsyncChannel, IUnknown, "3c2f5f0e-7d0b-4b1b-9a0e-5a3b8a0d9f11")

/// Carries calls from one apartment to one interface of one object in another, through the queue of
/// the thread that serves the other. Owned by the interface proxy.
class queue_channel final : public implements<queue_channel, IRpcChannelBuffer, IAsyncChannel> {
 public:
  static constexpr bool checks_home = false;

  queue_channel(apartment_core& importer, apartment_core& home, stub_endpoint& target)
      : importer_(&importer), home_(&home), target_(&target) {}

  HRESULT GetBuffer(RPCOLEMESSAGE* message, REFIID iid) override;
  HRESULT SendReceive(RPCOLEMESSAGE* message, ULONG* status) override;
  HRESULT FreeBuffer(RPCOLEMESSAGE* message) override;
  HRESULT GetDestCtx(DWORD* context, void** context_data) override;
  HRESULT IsConnected() override;

  HRESULT Send(com_ptr<IUnknown> proxy, RPCOLEMESSAGE* message, call_completion* completion,
               const deadline& until, function_ref<void(call*)> on_its_way) override;
  HRESULT Receive(call* finished, RPCOLEMESSAGE* message) override;
  HRESULT Explain(HRESULT code, ULONG method) override;

 private:
  HRESULT may_call(ULONG method) const noexcept;
  HRESULT refuse(HRESULT code, ULONG method, function_ref<std::string()> why) const noexcept;
  HRESULT no_memory(ULONG method) const noexcept;
  HRESULT given_up(call* made, RPCOLEMESSAGE* message, ULONG* status) const;
  HRESULT too_late(call* made, RPCOLEMESSAGE* message, ULONG* status) const;
  HRESULT ended_early(HRESULT code, call_fate fate, RPCOLEMESSAGE* message, ULONG* status) const;
  HRESULT finished_with(call* finished, RPCOLEMESSAGE* message);
  HRESULT explain(HRESULT code, ULONG method, const com_ptr<IErrorInfo>& error) const noexcept;
  std::string what_became_of_it(HRESULT code, ULONG method) const;
  call* prepared(RPCOLEMESSAGE* message) const;

  const com_ptr<apartment_core> importer_;  // fixed
  const com_ptr<apartment_core> home_;      // fixed
  const com_ptr<stub_endpoint> target_;     // fixed
};

}  // namespace insula
