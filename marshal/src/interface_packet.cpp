// SPDX-License-Identifier: MIT
#include <insula/marshal/interface_packet.hpp>

#include "failure_text.hpp"
#include "object_packet.hpp"
#include "standard_marshaler.hpp"

#include <insula/core/error_info.hpp>
#include <insula/core/exception.hpp>
#include <insula/marshal/objref.hpp>
#include <insula/marshal/rpc.hpp>

namespace insula {

std::size_t interface_packet_size_max(REFIID, IUnknown* object) {
  return object == nullptr ? 0 : objref_standard_size;
}

HRESULT write_interface_packet(REFIID iid, IUnknown* object, std::span<std::byte> buffer,
                               std::size_t* written) {
  if (object == nullptr || written == nullptr) return E_INVALIDARG;
  *written = 0;
  return abi_guard([&]() -> HRESULT {
    object_exporter* const exporter = current_exporter();
    if (exporter == nullptr) return fail_without_apartment("Marshaling", iid);
    if (buffer.size() < objref_standard_size) return E_BOUNDS;
    object_reference reference;
    const HRESULT code =
        make_reference(*exporter, iid, object, MSHCTX_INPROC, MSHLFLAGS_NORMAL, &reference);
    if (SUCCEEDED(code)) *written = write_object_packet(buffer, reference);
    return code;
  });
}

HRESULT read_interface_packet(std::span<std::byte> packet, REFIID iid, void** out) {
  if (out == nullptr) return E_INVALIDARG;
  *out = nullptr;
  return abi_guard([&]() -> HRESULT {
    object_exporter* const importer = current_exporter();
    if (importer == nullptr) return fail_without_apartment("Unmarshaling", iid);
    object_reference reference;
    HRESULT code = read_object_packet(packet, &reference);
    if (FAILED(code)) return code;
    bool consumed = false;
    // Also when the object threw: a packet that is used up must not be released once more.
    code = abi_guard([&] { return resolve_reference(*importer, reference, iid, out, &consumed); });
    if (consumed) mark_objref_consumed(packet);
    return code;
  });
}

HRESULT take_interface_packet(std::span<std::byte> packet, REFIID iid, void** out) {
  const HRESULT code = read_interface_packet(packet, iid, out);
  if (SUCCEEDED(code)) return code;
  // The caller learns why there is no pointer, not what came of cleaning up.
  com_ptr<IErrorInfo> reason;
  (void)GetErrorInfo(0, reason.put());
  (void)release_interface_packet(packet);
  (void)SetErrorInfo(0, reason.get());
  return code;
}

interface_parcel::~interface_parcel() {
  if (!bytes_.empty()) (void)release_interface_packet(bytes_);
}

HRESULT interface_parcel::pack(REFIID iid, IUnknown* object) {
  std::size_t written = 0;
  const HRESULT code = abi_guard([&] {
    bytes_.resize(interface_packet_size_max(iid, object));
    return write_interface_packet(iid, object, bytes_, &written);
  });
  bytes_.resize(SUCCEEDED(code) ? written : 0);
  return code;
}

HRESULT release_interface_packet(std::span<std::byte> packet) noexcept {
  if (objref_is_consumed(packet)) return S_OK;
  object_reference reference;
  const HRESULT code = read_object_packet(packet, &reference);
  if (FAILED(code)) return code;
  mark_objref_consumed(packet);
  return release_reference(reference);
}

}  // namespace insula
