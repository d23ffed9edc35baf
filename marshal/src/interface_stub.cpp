// SPDX-License-Identifier: MIT
#include "interface_stub.hpp"

#include <insula/core/contain.hpp>
#include <insula/core/sentence.hpp>

#include <string>
#include <utility>

namespace insula {

HRESULT interface_stub::QueryInterface(REFIID iid, void** out) {
  if (out == nullptr) return E_POINTER;
  *out = nullptr;
  if (iid != iid_of<IUnknown>() && iid != iid_of<IRpcStubBuffer>()) return E_NOINTERFACE;
  *out = static_cast<IRpcStubBuffer*>(this);
  AddRef();
  return S_OK;
}

ULONG interface_stub::AddRef() { return references_.fetch_add(1, std::memory_order_relaxed) + 1; }

ULONG interface_stub::Release() {
  const ULONG left = references_.fetch_sub(1, std::memory_order_acq_rel) - 1;
  if (left == 0) delete this;
  return left;
}

HRESULT interface_stub::Connect(IUnknown* server) {
  if (server == nullptr) return E_POINTER;
  Disconnect();
  void* found = nullptr;
  const HRESULT code = server->QueryInterface(marshaler_.info->iid, &found);
  // What a failed query left is kept for those who look (DebugServerQueryInterface), as COM's own
  // stubs do; it is never used.
  server_ = found;
  connected_ = SUCCEEDED(code) && found != nullptr;
  return code;
}

void interface_stub::Disconnect() {
  void* const last = std::exchange(server_, nullptr);
  if (std::exchange(connected_, false)) detail::let_go(static_cast<IUnknown*>(last));
}

HRESULT interface_stub::Invoke(RPCOLEMESSAGE* message, IRpcChannelBuffer* channel) {
  if (message == nullptr || channel == nullptr) return E_POINTER;
  const interface_info& info = *marshaler_.info;
  if (!connected_)
    return explain_error(
        CO_E_OBJNOTCONNECTED,
        [&] { return std::string("the stub of ") + info.name + " has no object"; }, info.iid);
  const detail::server_method* method = marshaler_.method(message->iMethod);
  if (method == nullptr)
    return explain_error(
        RPC_E_INVALIDMETHOD,
        [&] {
          return std::string(info.name) + " has no method " + std::to_string(message->iMethod) +
                 " that can be called from afar";
        },
        info.iid);
  const detail::server_call call{method, server_, message, channel, info.iid};
  return method->serve(call);
}

IRpcStubBuffer* interface_stub::IsIIDSupported(REFIID iid) {
  return iid == marshaler_.info->iid ? this : nullptr;
}

ULONG interface_stub::CountRefs() { return connected_ ? 1 : 0; }

HRESULT interface_stub::DebugServerQueryInterface(void** server) {
  if (server == nullptr) return E_POINTER;
  *server = server_;
  return server_ == nullptr ? CO_E_OBJNOTCONNECTED : S_OK;
}

void interface_stub::DebugServerRelease(void*) {}

}  // namespace insula
