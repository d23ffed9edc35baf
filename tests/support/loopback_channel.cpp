// SPDX-License-Identifier: MIT
#include "loopback_channel.hpp"

#include <cstdint>
#include <utility>

namespace insula {

/// What the stub sees during one call.
class loopback_reply_channel final : public IRpcChannelBuffer {
 public:
  loopback_reply_channel(loopback_channel& whole, void* request)
      : whole_(whole), request_(request) {}

  HRESULT QueryInterface(REFIID iid, void** out) override {
    *out = nullptr;
    if (iid != iid_of<IUnknown>() && iid != iid_of<IRpcChannelBuffer>()) return E_NOINTERFACE;
    *out = this;
    return S_OK;
  }
  ULONG AddRef() override { return 2; }
  ULONG Release() override { return 1; }

  HRESULT GetBuffer(RPCOLEMESSAGE* message, REFIID) override {
    if (FAILED(whole_.fail_reply_buffer)) return whole_.fail_reply_buffer;
    whole_.lend(*message);
    has_reply_ = true;
    return S_OK;
  }
  HRESULT SendReceive(RPCOLEMESSAGE*, ULONG*) override { return E_UNEXPECTED; }
  HRESULT FreeBuffer(RPCOLEMESSAGE* message) override {
    if (message->Buffer == request_) return E_UNEXPECTED;
    whole_.take_back(*message);
    has_reply_ = false;
    return S_OK;
  }
  HRESULT GetDestCtx(DWORD* context, void** context_data) override {
    return whole_.GetDestCtx(context, context_data);
  }
  HRESULT IsConnected() override { return S_OK; }

  [[nodiscard]] bool has_reply() const noexcept { return has_reply_; }

 private:
  loopback_channel& whole_;
  void* const request_;
  bool has_reply_ = false;
};

void loopback_channel::lend(RPCOLEMESSAGE& message) {
  std::unique_ptr<buffer> one;
  if (free_.empty()) {
    one = std::make_unique<buffer>();
    one->memory.resize(512);
    free_.reserve(16);
  } else {
    one = std::move(free_.back());
    free_.pop_back();
  }
  constexpr std::size_t alignment = 16;
  if (one->memory.size() < message.cbBuffer + alignment)
    one->memory.resize(message.cbBuffer + alignment);
  const auto start = reinterpret_cast<std::uintptr_t>(one->memory.data());
  message.Buffer = one->memory.data() + (alignment - start % alignment) % alignment;
  message.reserved2[0] = &one->ledger;
  message.reserved1 = one.release();
  ++buffers_out;
}

void loopback_channel::take_back(RPCOLEMESSAGE& message) noexcept {
  std::unique_ptr<buffer> one(static_cast<buffer*>(std::exchange(message.reserved1, nullptr)));
  one->ledger.release_unconsumed({static_cast<std::byte*>(message.Buffer), message.cbBuffer});
  message.Buffer = nullptr;
  message.reserved2[0] = nullptr;
  free_.push_back(std::move(one));
  --buffers_out;
}

HRESULT loopback_channel::GetBuffer(RPCOLEMESSAGE* message, REFIID iid) {
  last_iid = iid;
  last_method = message->iMethod;
  if (FAILED(fail_request_buffer)) return fail_request_buffer;
  lend(*message);
  return S_OK;
}

HRESULT loopback_channel::SendReceive(RPCOLEMESSAGE* message, ULONG* status) {
  if (status != nullptr) *status = 0;
  RPCOLEMESSAGE request = *message;
  *message = {};
  if (FAILED(fail_send)) {
    take_back(request);
    return fail_send;
  }
  const RPCOLEMESSAGE whole_request = request;
  if (on_request) on_request(request);
  ++served;
  loopback_reply_channel reply_channel(*this, request.Buffer);
  RPCOLEMESSAGE reply = request;
  const HRESULT code = stub_->Invoke(&reply, &reply_channel);
  if (!reply_channel.has_reply()) reply = {};
  request = whole_request;
  take_back(request);
  if (FAILED(code)) {
    if (reply.Buffer != nullptr) take_back(reply);
    return code;
  }
  if (on_reply) on_reply(reply);
  *message = reply;
  return S_OK;
}

HRESULT loopback_channel::FreeBuffer(RPCOLEMESSAGE* message) {
  take_back(*message);
  return S_OK;
}

HRESULT loopback_channel::GetDestCtx(DWORD* context, void** context_data) {
  *context = MSHCTX_INPROC;
  if (context_data != nullptr) *context_data = nullptr;
  return S_OK;
}

}  // namespace insula
