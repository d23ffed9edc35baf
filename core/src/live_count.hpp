// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace insula {

/// Counts things that are alive, spread over cache lines so that threads which make and end many do
/// not pass one line around. Constant-initialised and never destroyed: usable at any time.
class live_count {
 public:
  constexpr live_count() noexcept = default;

  void add(std::int64_t change) noexcept {
    shards_[own_shard()].value.fetch_add(change, std::memory_order_relaxed);
  }

  /// Exact while nobody adds.
  [[nodiscard]] std::size_t value() const noexcept {
    std::int64_t sum = 0;
    for (const shard& s : shards_)
      sum += s.value.load(std::memory_order_relaxed);
    return sum < 0 ? 0 : static_cast<std::size_t>(sum);
  }

 private:
  static constexpr unsigned shard_count = 16;
  struct alignas(64) shard {
    std::atomic<std::int64_t> value{0};  // atomic
  };

  static unsigned own_shard() noexcept {
    static constinit std::atomic<unsigned> next{0};
    thread_local const unsigned mine = next.fetch_add(1, std::memory_order_relaxed) % shard_count;
    return mine;
  }

  shard shards_[shard_count];
};

}  // namespace insula
