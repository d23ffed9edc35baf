// SPDX-License-Identifier: MIT
//
// OBJREF: the bytes that stand for an interface pointer in a message or a stream (MS-DCOM 2.2.18).
// All numbers are little-endian.
//
//   all forms   signature 4 = 0x574F454D   flags 4   iid 16
//   standard    STDOBJREF 40                                            resolver addresses
//   handler     STDOBJREF 40   clsid of the handler 16                  resolver addresses
//   custom      clsid that unmarshals 16   extension 4   reserved 4     the object's own bytes
//
//   STDOBJREF            flags 4   public references 4   oxid 8   oid 8   ipid 16
//   resolver addresses   words 2   security offset 2   that many words   (DUALSTRINGARRAY)
//
//   objref                 one of these forms, taken apart
//   write_objref           into bytes;   objref_size how many
//   parse_objref           from bytes that nobody vouches for
//   objref_length          from the beginning of a stream: how much to read
//   mark_objref_consumed   a packet works once
#pragma once

#include <insula/core/guid.hpp>
#include <insula/core/types.hpp>

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <variant>

namespace insula {

/// An object exporter: the apartment that objects live in.
enum class oxid : std::uint64_t {};
/// An exported object within its exporter.
enum class oid : std::uint64_t {};
/// One interface of one exported object.
struct ipid {
  GUID value{};
  friend constexpr bool operator==(const ipid&, const ipid&) noexcept = default;
  friend constexpr auto operator<=>(const ipid&, const ipid&) noexcept = default;
};

inline constexpr std::uint32_t objref_signature = 0x574F454D;
/// Stands in the place of the signature once a packet was unmarshaled or released.
inline constexpr std::uint32_t objref_consumed_signature = 0x50534E49;

/// STDOBJREF flags: the exporter's pinging does not keep this object alive.
inline constexpr std::uint32_t SORF_NOPING = 0x00001000;

/// What names an interface of an exported object, and how many references come with it.
struct std_objref {
  std::uint32_t flags = 0;
  std::uint32_t public_refs = 0;
  insula::oxid oxid{};
  insula::oid oid{};
  insula::ipid ipid{};
  friend constexpr bool operator==(const std_objref&, const std_objref&) noexcept = default;
};

/// Where the exporter's process can be reached; nothing inside one process. A view of the words.
struct resolver_addresses {
  std::uint16_t security_offset = 0;  // in words
  std::span<const std::byte> words;   // two bytes each
};

struct objref_standard {
  std_objref standard;
  resolver_addresses addresses;
};

struct objref_handler {
  std_objref standard;
  CLSID handler{};
  resolver_addresses addresses;
};

struct objref_custom {
  CLSID unmarshaler{};
  std::span<const std::byte> data;  // a view
};

struct objref {
  IID iid{};
  std::variant<objref_standard, objref_handler, objref_custom> body;
};

/// Bytes before the object's own ones in a custom packet.
inline constexpr std::size_t objref_custom_header_size = 48;
/// Bytes of a standard packet without addresses.
inline constexpr std::size_t objref_standard_size = 68;

std::size_t objref_size(const objref& reference) noexcept;

/// Writes `reference` to the front of `out`; the result is its size.
/// Fails: 0, with nothing written, when `out` is too small, the iid is null, or the addresses are
/// not whole words of which there are at most 65,535.
std::size_t write_objref(std::span<std::byte> out, const objref& reference) noexcept;

/// Takes the packet at the front of `bytes` apart. Spans in `*out` are views of `bytes`; a custom
/// packet's data reach to their end.
/// Fails: RPC_E_INVALID_OBJREF for anything else than one of the three forms with an iid that is
/// not null (MS-DCOM 2.2.18), cut short or not; CO_E_OBJNOTCONNECTED for a consumed packet. `*out`
/// is unchanged then.
HRESULT parse_objref(std::span<const std::byte> bytes, objref* out) noexcept;

/// How long the packet is that starts with `prefix`, for reading it from a stream piece by piece.
/// S_OK: `*length` is all of it; for a custom packet the part before the object's own bytes, whose
/// length only their reader knows. S_FALSE: the first `*length` bytes are needed to tell more.
/// A consumed packet is measured like any other. An empty prefix is fine.
/// Fails: RPC_E_INVALID_OBJREF.
HRESULT objref_length(std::span<const std::byte> prefix, std::size_t* length) noexcept;

/// From now on this packet is consumed. Nothing happens to what does not begin as a packet.
void mark_objref_consumed(std::span<std::byte> packet) noexcept;
[[nodiscard]] bool objref_is_consumed(std::span<const std::byte> packet) noexcept;

}  // namespace insula

template <>
struct std::hash<insula::ipid> {
  std::size_t operator()(const insula::ipid& id) const noexcept {
    return std::hash<insula::GUID>{}(id.value);
  }
};
