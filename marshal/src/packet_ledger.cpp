// SPDX-License-Identifier: MIT
#include <insula/marshal/packet_ledger.hpp>

#include <insula/marshal/interface_packet.hpp>

namespace insula {

void packet_ledger::release_unconsumed(std::span<std::byte> buffer) noexcept {
  for (const std::uint32_t offset : offsets_)
    if (offset < buffer.size()) (void)release_interface_packet(buffer.subspan(offset));
  offsets_.clear();
}

}  // namespace insula
