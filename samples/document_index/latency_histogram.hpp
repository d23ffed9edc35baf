// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace document_index {

/// Counts durations, from any number of threads, without locks. Exact below 16 ns; above, each
/// power of two has 16 buckets, so that a quantile is at most 6 % too high.
class latency_histogram {
 public:
  void add(std::chrono::nanoseconds duration) noexcept {
    const auto value = static_cast<std::uint64_t>(std::max<std::int64_t>(duration.count(), 0));
    buckets_[bucket_of(value)].fetch_add(1, std::memory_order_relaxed);
  }

  [[nodiscard]] std::uint64_t count() const noexcept {
    std::uint64_t sum = 0;
    for (const auto& bucket : buckets_) sum += bucket.load(std::memory_order_relaxed);
    return sum;
  }

  /// So long or shorter took this share of them, 0 to 1. Zero when there are none.
  [[nodiscard]] std::chrono::nanoseconds quantile(double share) const noexcept {
    const auto all = count();
    if (all == 0) return {};
    const auto wanted = std::max<std::uint64_t>(
        1, static_cast<std::uint64_t>(share * static_cast<double>(all) + 0.5));
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < buckets_.size(); ++i) {
      seen += buckets_[i].load(std::memory_order_relaxed);
      if (seen >= wanted) return std::chrono::nanoseconds(highest_in(i));
    }
    return {};
  }

 private:
  static constexpr unsigned exact_bits = 4;
  static constexpr std::size_t per_power = std::size_t{1} << exact_bits;

  static constexpr std::size_t bucket_of(std::uint64_t value) noexcept {
    if (value < per_power) return value;
    const auto power = static_cast<unsigned>(std::bit_width(value)) - 1;  // at least exact_bits
    const std::uint64_t within = (value >> (power - exact_bits)) - per_power;
    return (power - exact_bits + 1) * per_power + within;
  }
  static constexpr std::int64_t highest_in(std::size_t bucket) noexcept {
    if (bucket < per_power) return static_cast<std::int64_t>(bucket);
    const std::size_t shift = bucket / per_power - 1;
    const std::uint64_t next = static_cast<std::uint64_t>(per_power + bucket % per_power + 1);
    return static_cast<std::int64_t>((next << shift) - 1);
  }

  std::array<std::atomic<std::uint64_t>, (63 - exact_bits + 1) * per_power> buckets_{};
};

}  // namespace document_index
