// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace insula {

/// Where in one message buffer interface packets (OBJREFs) lie, so that the references they carry
/// are given back when nobody unmarshals them: the call was refused, abandoned, or the buffer could
/// not be read to its end.
///
/// Unmarshaling a packet marks it in place as consumed (`objref_consumed_signature` replaces its
/// signature), so a message can be dropped at any point without counting anything twice.
/// Lives in the channel's call object; not shared between threads at one time.
class packet_ledger {
 public:
  /// Notes a packet that starts `offset` bytes into the buffer.
  void add(std::uint32_t offset) { offsets_.push_back(offset); }

  /// Releases every noted packet of `buffer` that was not consumed, and forgets them all.
  /// Waits: never. Runs your code: an object's own IMarshal::ReleaseMarshalData may run.
  void release_unconsumed(std::span<std::byte> buffer) noexcept;

  void clear() noexcept { offsets_.clear(); }
  [[nodiscard]] bool empty() const noexcept { return offsets_.empty(); }

 private:
  std::vector<std::uint32_t> offsets_;
};

}  // namespace insula
