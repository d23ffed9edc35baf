// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace insula::bench {

/// Counts what all threads of the process take from the heap, by whatever name (operator new ends
/// in malloc), while it lives. One at a time.
class allocation_count {
 public:
  allocation_count();
  ~allocation_count();
  allocation_count(const allocation_count&) = delete;
  allocation_count& operator=(const allocation_count&) = delete;

  [[nodiscard]] std::uint64_t so_far() const;
};

}  // namespace insula::bench
