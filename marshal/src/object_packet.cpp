// SPDX-License-Identifier: MIT
#include "object_packet.hpp"

#include <insula/core/error_info.hpp>

namespace insula {

std::size_t write_object_packet(std::span<std::byte> buffer,
                                const object_reference& reference) noexcept {
  const std_objref standard{.public_refs = packet_references,
                            .oxid = reference.home,
                            .oid = reference.object,
                            .ipid = reference.interface_id};
  return write_objref(buffer, {reference.iid, objref_standard{standard, {}}});
}

HRESULT read_object_packet(std::span<const std::byte> packet, object_reference* out) noexcept {
  objref parsed;
  const HRESULT code = parse_objref(packet, &parsed);
  if (code == CO_E_OBJNOTCONNECTED)
    return set_error(code, "the packet of an interface pointer was used up before");
  if (FAILED(code)) return set_error(code, "these bytes are no packet of an interface pointer");
  const auto* const body = std::get_if<objref_standard>(&parsed.body);
  if (body == nullptr)
    return set_error(CO_E_NOT_SUPPORTED,
                     "the packet of an interface pointer needs a custom unmarshaler or a handler; "
                     "only standard packets are understood",
                     parsed.iid);
  const std_objref& standard = body->standard;
  if (standard.public_refs != packet_references)
    return set_error(RPC_E_INVALID_OBJREF,
                     "the packet of an interface pointer carries a number of references that no "
                     "packet of this process has",
                     parsed.iid);
  *out = {parsed.iid, standard.oxid, standard.oid, standard.ipid};
  return S_OK;
}

}  // namespace insula
