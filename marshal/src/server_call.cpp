// SPDX-License-Identifier: MIT
#include <insula/core/exception.hpp>
#include <insula/marshal/detail/server_method.hpp>
#include <insula/marshal/packet_ledger.hpp>

#include "call_error.hpp"

#include <span>

namespace insula::detail {

namespace {

HRESULT cannot_write(const server_method& method, int parameter) noexcept {
  return arguments_failed(RPC_E_SERVER_CANTMARSHAL_DATA, *method.interface, *method.method,
                          parameter, "written into the reply");
}

HRESULT enter_object(const server_call& call, void* frame) noexcept {
  const server_method& method = *call.method;
  try {
    return method.steps.call(call.server, frame);
  } catch (...) {
    return method.method->returns_hresult ? method_threw(*method.interface, *method.method)
                                          : hresult_from_exception();
  }
}

HRESULT fill_reply(const server_call& call, void* frame) noexcept {
  const server_method& method = *call.method;
  RPCOLEMESSAGE& message = *call.message;
  int parameter = -1;
  std::size_t size = method.reply_size;
  if (size == size_varies) {
    try {
      ndr_writer counting;
      method.steps.write_reply(counting, frame, &parameter);
      size = counting.size();
    } catch (...) {
      return cannot_write(method, parameter);
    }
  }

  message.cbBuffer = static_cast<ULONG>(size);
  message.dataRepresentation = ndr_local_data_representation;
  try {
    const HRESULT got = call.channel->GetBuffer(&message, call.iid);
    if (FAILED(got)) return got;
  } catch (...) {
    return cannot_write(method, -1);
  }

  packet_ledger own;
  auto* ledger = static_cast<packet_ledger*>(message.reserved2[0]);
  if (ledger == nullptr) ledger = &own;
  const std::span<std::byte> all{static_cast<std::byte*>(message.Buffer), message.cbBuffer};
  try {
    ndr_writer writer(all, ledger);
    method.steps.write_reply(writer, frame, &parameter);
    message.cbBuffer = static_cast<ULONG>(writer.size());
    return S_OK;
  } catch (...) {
    const HRESULT code = cannot_write(method, parameter);
    ledger->release_unconsumed(all);
    call.channel->FreeBuffer(&message);
    return code;
  }
}

// The arguments are there. What the method leaves in them is freed whatever happens.
HRESULT serve_arguments(const server_call& call, void* frame) noexcept {
  HRESULT code = enter_object(call, frame);
  if (SUCCEEDED(code)) code = fill_reply(call, frame);
  call.method->steps.free_results(frame);
  return code;
}

}  // namespace

HRESULT run_server_call(const server_call& call, void* frame) noexcept {
  const server_method& method = *call.method;
  const std::span<std::byte> request{static_cast<std::byte*>(call.message->Buffer),
                                     call.message->cbBuffer};
  int parameter = -1;
  try {
    // Arguments may lie in the request or in memory of the reader: both stay until the end.
    ndr_reader reader(request, call.message->dataRepresentation, reader_memory::call);
    method.steps.read_request(reader, frame, &parameter);
    reader.commit();
    return serve_arguments(call, frame);
  } catch (...) {
    return arguments_failed(RPC_E_SERVER_CANTUNMARSHAL_DATA, *method.interface, *method.method,
                            parameter, "read from the request");
  }
}

}  // namespace insula::detail
