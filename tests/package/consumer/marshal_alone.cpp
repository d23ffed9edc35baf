// SPDX-License-Identifier: MIT
// Ends with 0 when the floor marshal works without those above it: an interface is described and
// found by its IID, and a packet of nonsense is refused.
#include <insula/core/hresult.hpp>
#include <insula/core/unknown.hpp>
#include <insula/marshal/interface.hpp>
#include <insula/marshal/interface_packet.hpp>

#include <array>
#include <cstddef>

namespace consumer {
struct IAdder : insula::IUnknown {
  virtual int add(int a, int b) = 0;
};
INSULA_INTERFACE(IAdder, insula::IUnknown, "7d2b1c40-5a1e-4c0b-9b0e-0d7a8f6c3e22", (add));
}  // namespace consumer

int main() {
  std::array<std::byte, 64> nonsense{};
  return insula::release_interface_packet(nonsense) == insula::RPC_E_INVALID_OBJREF &&
                 insula::iid_of<consumer::IAdder>() != insula::IID_IUnknown
             ? 0
             : 1;
}
