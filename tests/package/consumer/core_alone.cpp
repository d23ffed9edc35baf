// SPDX-License-Identifier: MIT
// Ends with 0 when the floor core works without those above it.
#include <insula/core/com_ptr.hpp>
#include <insula/core/stream.hpp>

int main() {
  const insula::com_ptr<insula::IStream> stream = insula::create_memory_stream();
  return stream.as<insula::IUnknown>() != nullptr ? 0 : 1;
}
