// SPDX-License-Identifier: MIT
#pragma once

#include "call.hpp"

namespace insula {

/// The channel as an interface stub sees it while it serves one call: gives the buffer for the
/// reply. Lives on the stack of call::serve; counts nothing.
class server_channel final : public IRpcChannelBuffer {
 public:
  explicit server_channel(call& serving) : serving_(serving) {}

  HRESULT QueryInterface(REFIID iid, void** out) override;
  ULONG AddRef() override { return 2; }
  ULONG Release() override { return 1; }
  HRESULT GetBuffer(RPCOLEMESSAGE* message, REFIID iid) override;
  HRESULT SendReceive(RPCOLEMESSAGE* message, ULONG* status) override;
  HRESULT FreeBuffer(RPCOLEMESSAGE* message) override;
  HRESULT GetDestCtx(DWORD* context, void** context_data) override;
  HRESULT IsConnected() override { return S_OK; }

 private:
  call& serving_;
};

}  // namespace insula
