// SPDX-License-Identifier: MIT
#include "server_channel.hpp"

namespace insula {

HRESULT server_channel::QueryInterface(REFIID iid, void** out) {
  if (out == nullptr) return E_POINTER;
  const bool known = iid == iid_of<IUnknown>() || iid == iid_of<IRpcChannelBuffer>();
  *out = known ? static_cast<IRpcChannelBuffer*>(this) : nullptr;
  return known ? S_OK : E_NOINTERFACE;
}

HRESULT server_channel::GetBuffer(RPCOLEMESSAGE* message, REFIID) {
  message->Buffer = serving_.reply.reserve(message->cbBuffer);
  message->dataRepresentation = ndr_local_data_representation;
  message->reserved2[0] = &serving_.reply.packets;
  return S_OK;
}

HRESULT server_channel::SendReceive(RPCOLEMESSAGE*, ULONG*) {
  // A stub answers; it does not ask.
  return E_UNEXPECTED;
}

HRESULT server_channel::FreeBuffer(RPCOLEMESSAGE* message) {
  serving_.reply.clear();
  message->Buffer = nullptr;
  message->cbBuffer = 0;
  return S_OK;
}

HRESULT server_channel::GetDestCtx(DWORD* context, void** context_data) {
  if (context == nullptr) return E_INVALIDARG;
  *context = MSHCTX_INPROC;
  if (context_data != nullptr) *context_data = nullptr;
  return S_OK;
}

}  // namespace insula
