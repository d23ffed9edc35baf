// SPDX-License-Identifier: MIT
#pragma once

#include <insula/core/implements.hpp>
#include <insula/marshal/packet_ledger.hpp>
#include <insula/marshal/rpc.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace insula {

/// A channel that hands every request straight to one interface stub, on the calling thread. It
/// counts, shows the bytes, and fails when told to. Buffers are kept and used again.
class loopback_channel final : public implements<loopback_channel, IRpcChannelBuffer> {
 public:
  explicit loopback_channel(IRpcStubBuffer* stub) : stub_(stub) {}

  HRESULT GetBuffer(RPCOLEMESSAGE* message, REFIID iid) override;
  HRESULT SendReceive(RPCOLEMESSAGE* message, ULONG* status) override;
  HRESULT FreeBuffer(RPCOLEMESSAGE* message) override;
  HRESULT GetDestCtx(DWORD* context, void** context_data) override;
  HRESULT IsConnected() override { return S_OK; }

  /// Requests that reached the stub.
  int served = 0;
  /// Buffers that somebody has not given back yet.
  int buffers_out = 0;
  /// The interface that the last GetBuffer named.
  IID last_iid{};
  ULONG last_method = 0;

  /// What GetBuffer (client), GetBuffer (stub) and SendReceive fail with.
  HRESULT fail_request_buffer = S_OK;
  HRESULT fail_reply_buffer = S_OK;
  HRESULT fail_send = S_OK;
  /// See and change a message before it is delivered; shortening cbBuffer is fine.
  std::function<void(RPCOLEMESSAGE&)> on_request;
  std::function<void(RPCOLEMESSAGE&)> on_reply;

 private:
  friend class loopback_reply_channel;

  struct buffer {
    std::vector<std::byte> memory;
    packet_ledger ledger;
  };
  void lend(RPCOLEMESSAGE& message);
  void take_back(RPCOLEMESSAGE& message) noexcept;

  com_ptr<IRpcStubBuffer> stub_;
  std::vector<std::unique_ptr<buffer>> free_;
};

}  // namespace insula
