// SPDX-License-Identifier: MIT
#pragma once

#include "object_reference.hpp"

#include <cstddef>
#include <span>

namespace insula {

/// Writes the standard packet of `reference`: `objref_standard_size` bytes, which `buffer` has.
std::size_t write_object_packet(std::span<std::byte> buffer,
                                const object_reference& reference) noexcept;

/// Reads the packet at the front of `packet`, which may hold anything.
/// Fails, with a sentence: RPC_E_INVALID_OBJREF; CO_E_OBJNOTCONNECTED for a consumed packet;
/// CO_E_NOT_SUPPORTED for a packet that only a custom unmarshaler or a handler understands.
HRESULT read_object_packet(std::span<const std::byte> packet, object_reference* out) noexcept;

}  // namespace insula
