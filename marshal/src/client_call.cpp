// SPDX-License-Identifier: MIT
#include <insula/marshal/detail/client_method.hpp>
#include <insula/marshal/packet_ledger.hpp>

#include "call_error.hpp"

#include <span>

namespace insula::detail {

namespace {

std::span<std::byte> bytes_of(const RPCOLEMESSAGE& message) noexcept {
  return {static_cast<std::byte*>(message.Buffer), message.cbBuffer};
}

packet_ledger* ledger_of(const RPCOLEMESSAGE& message) noexcept {
  return static_cast<packet_ledger*>(message.reserved2[0]);
}

HRESULT cannot_write(const client_method& method, int parameter) noexcept {
  return arguments_failed(RPC_E_CLIENT_CANTMARSHAL_DATA, *method.interface, *method.method,
                          parameter, "written into the request");
}

// Counts, asks for the buffer and fills it. `message` has no buffer when this fails.
HRESULT fill_request(IRpcChannelBuffer& channel, REFIID iid, const client_method& method,
                     void* const* arguments, RPCOLEMESSAGE& message) noexcept {
  int parameter = -1;
  std::size_t size = method.request_size;
  if (size == size_varies) {
    try {
      ndr_writer counting;
      method.write_request(counting, arguments, &parameter);
      size = counting.size();
    } catch (...) {
      return cannot_write(method, parameter);
    }
  }

  message.iMethod = method.method->slot;
  message.cbBuffer = static_cast<ULONG>(size);
  HRESULT got = S_OK;
  try {
    got = channel.GetBuffer(&message, iid);
  } catch (...) {
    got = cannot_write(method, -1);
  }
  if (FAILED(got)) {
    message.Buffer = nullptr;
    return got;
  }
  packet_ledger own;
  packet_ledger* ledger = ledger_of(message) != nullptr ? ledger_of(message) : &own;
  const std::span<std::byte> all = bytes_of(message);
  try {
    ndr_writer writer(all, ledger);
    method.write_request(writer, arguments, &parameter);
    message.cbBuffer = static_cast<ULONG>(writer.size());
    message.dataRepresentation = ndr_local_data_representation;
    return S_OK;
  } catch (...) {
    const HRESULT code = cannot_write(method, parameter);
    ledger->release_unconsumed(all);
    channel.FreeBuffer(&message);
    message.Buffer = nullptr;
    return code;
  }
}

}  // namespace

void drop_message(IRpcChannelBuffer* channel, RPCOLEMESSAGE* message) noexcept {
  if (message->Buffer == nullptr) return;
  if (packet_ledger* ledger = ledger_of(*message)) ledger->release_unconsumed(bytes_of(*message));
  channel->FreeBuffer(message);
  message->Buffer = nullptr;
}

HRESULT write_client_request(interface_proxy_base& proxy, const client_method& method,
                             void* const* arguments, RPCOLEMESSAGE* message,
                             com_ptr<IRpcChannelBuffer>* channel) noexcept {
  HRESULT code = S_OK;
  if (const int null = method.null_reference(arguments); null >= 0)
    code = null_reference_failed(*method.interface, *method.method, null);
  else if (proxy.channel() == nullptr)
    code = not_connected_failed(*method.interface, *method.method);
  else {
    // A call waits with the pump running: what runs meanwhile may disconnect the proxy.
    channel->copy_from(proxy.channel());
    code = fill_request(**channel, proxy.info().iid, method, arguments, *message);
  }
  if (FAILED(code)) method.clear(arguments);
  return code;
}

HRESULT read_client_reply(IRpcChannelBuffer* channel, const client_method& method,
                          void* const* arguments, RPCOLEMESSAGE* message, void* result) noexcept {
  int parameter = -1;
  HRESULT code = S_OK;
  try {
    ndr_reader reader(bytes_of(*message), message->dataRepresentation, reader_memory::task);
    method.read_reply(reader, arguments, result, &parameter);
  } catch (...) {
    code = arguments_failed(RPC_E_CLIENT_CANTUNMARSHAL_DATA, *method.interface, *method.method,
                            parameter, "read from the reply");
    method.clear(arguments);
  }
  drop_message(channel, message);
  return code;
}

HRESULT call_client_method(interface_proxy_base& proxy, const client_method& method,
                           void* const* arguments, void* result) noexcept {
  RPCOLEMESSAGE message;
  com_ptr<IRpcChannelBuffer> channel;
  HRESULT code = write_client_request(proxy, method, arguments, &message, &channel);
  if (FAILED(code)) return code;

  ULONG status = 0;
  code = abi_guard([&] { return channel->SendReceive(&message, &status); });
  if (FAILED(code)) {
    method.clear(arguments);
    return code;
  }
  return read_client_reply(channel.get(), method, arguments, &message, result);
}

}  // namespace insula::detail
