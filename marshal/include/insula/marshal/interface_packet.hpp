// SPDX-License-Identifier: MIT
//
// Interface pointers inside messages: the bytes of one OBJREF in memory, without a stream.
#pragma once

#include <insula/core/unknown.hpp>

#include <cstddef>
#include <span>

namespace insula {

/// Upper bound of the bytes that `write_interface_packet` needs for `object`. Null object: 0.
std::size_t interface_packet_size_max(REFIID iid, IUnknown* object);

/// Marshals interface `iid` of `object` (normal packet, destination MSHCTX_INPROC) into `buffer`;
/// `*written` is the size of the packet. The packet owns references until it is unmarshaled once
/// or released.
HRESULT write_interface_packet(REFIID iid, IUnknown* object, std::span<std::byte> buffer,
                               std::size_t* written);

/// Unmarshals the packet that fills `packet` and marks it consumed in place. `*out` is a counted
/// pointer to `iid`, usable in the calling thread's apartment. A packet that was consumed before
/// gives CO_E_OBJNOTCONNECTED. Any bytes whatever are survived.
HRESULT read_interface_packet(std::span<std::byte> packet, REFIID iid, void** out);

/// Gives back the references of a packet that nobody will unmarshal; S_OK if already consumed.
HRESULT release_interface_packet(std::span<std::byte> packet) noexcept;

}  // namespace insula
