// SPDX-License-Identifier: MIT
//
// Interface pointers inside messages: the bytes of one OBJREF in memory, without a stream.
#pragma once

#include <insula/core/unknown.hpp>

#include <cstddef>
#include <span>
#include <vector>

namespace insula {

/// Upper bound of the bytes that `write_interface_packet` needs for `object`. Null object: 0.
/// From: the apartment in which `object` may be used.
std::size_t interface_packet_size_max(REFIID iid, IUnknown* object);

/// Marshals interface `iid` of `object` (normal packet, destination MSHCTX_INPROC) to the front of
/// `buffer`, which has the bytes that `interface_packet_size_max` asks for; `*written` is the size
/// of the packet. The packet owns references until it is unmarshaled once or released.
/// From: the apartment in which `object` may be used. Waits: only for a proxy that does not have
/// `iid` yet. Runs your code: QueryInterface, IExternalConnection.
/// Fails: as CoMarshalInterface (marshal_interface.hpp); E_BOUNDS. `*written` is 0 then, and there
/// is nothing to release.
HRESULT write_interface_packet(REFIID iid, IUnknown* object, std::span<std::byte> buffer,
                               std::size_t* written);

/// Unmarshals the packet at the front of `packet` and marks it consumed in place. `*out` is a
/// counted pointer to `iid` (IID_NULL: what the packet names), usable in the calling thread's
/// apartment. Any bytes whatever are survived.
/// From: any apartment. Waits and Runs your code: as CoUnmarshalInterface.
/// Fails: as CoUnmarshalInterface; a packet that was consumed before gives CO_E_OBJNOTCONNECTED.
/// A packet that is not marked consumed afterwards still owns its references.
HRESULT read_interface_packet(std::span<std::byte> packet, REFIID iid, void** out);

/// The same for a packet that nobody else will unmarshal: a failure gives its references back.
HRESULT take_interface_packet(std::span<std::byte> packet, REFIID iid, void** out);

/// Gives back the references of a packet that nobody will unmarshal, and marks it consumed; S_OK if
/// it already was. From: any thread. Waits: never. Runs your code: only inside the apartment of the
/// packet's object. Fails: RPC_E_INVALID_OBJREF.
HRESULT release_interface_packet(std::span<std::byte> packet) noexcept;

/// A packet in memory of its own, given back at the end if nobody has unmarshaled it.
class interface_parcel {
 public:
  interface_parcel() = default;
  ~interface_parcel();
  interface_parcel(const interface_parcel&) = delete;
  interface_parcel& operator=(const interface_parcel&) = delete;

  /// As write_interface_packet. Once.
  HRESULT pack(REFIID iid, IUnknown* object);
  /// As take_interface_packet.
  HRESULT unpack(REFIID iid, void** out) { return take_interface_packet(bytes_, iid, out); }

 private:
  std::vector<std::byte> bytes_;
};

}  // namespace insula
