// SPDX-License-Identifier: MIT
// Ends with 0 when a call into each floor does what it should.
#include <insula/core/com_ptr.hpp>
#include <insula/core/stream.hpp>

#include <cstdio>

namespace {

bool core_works() {
  const insula::com_ptr<insula::IStream> stream = insula::create_memory_stream();
  return stream.as<insula::IUnknown>() != nullptr;
}

}  // namespace

int main() {
  const bool works = core_works();
  std::puts(works ? "the consumer works" : "the consumer does not work");
  return works ? 0 : 1;
}
