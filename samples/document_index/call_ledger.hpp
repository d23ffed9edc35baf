// SPDX-License-Identifier: MIT
#pragma once

#include "latency_histogram.hpp"

#include <insula/apartments/apartment.hpp>
#include <insula/apartments/call_observer.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace document_index {

/// The calls between two apartments, or inside one.
struct call_pair {
  latency_histogram direct;          // plain virtual calls, measured where they are made
  latency_histogram crossed;         // as the runtime reports them
  std::atomic<std::uint64_t> sent{0};  // crossing calls, counted where they are made
};

/// Who called whom, how often, and how long it took. What crossed, the runtime tells; of a direct
/// call it knows nothing, so those are measured by the pointers that make them (metered.hpp).
class call_ledger : public insula::call_observer {
 public:
  enum place : std::size_t { main, store, mta };
  static constexpr std::size_t places = 3;

  /// In the order of `place`.
  explicit call_ledger(std::array<insula::apartment, places> apartments)
      : apartments_(std::move(apartments)) {}

  [[nodiscard]] const insula::apartment& at(place which) const { return apartments_[which]; }
  /// The apartment of the calling code, which is one of the three.
  [[nodiscard]] place here() const;
  [[nodiscard]] call_pair& between(place from, place to) noexcept {
    return pairs_[from * places + to];
  }

  void crossed(const insula::crossed_call& call) noexcept override;

  /// One line per pair that had calls, under a heading.
  [[nodiscard]] std::vector<std::string> table() const;
  /// What does not add up between the two ways of counting; empty when all does.
  [[nodiscard]] std::vector<std::string> contradictions() const;
  /// Calls made into `to` through interfaces, from wherever.
  [[nodiscard]] std::uint64_t calls_into(place to) const;
  [[nodiscard]] std::uint64_t total_direct() const;
  [[nodiscard]] std::uint64_t total_crossed() const;

 private:
  [[nodiscard]] std::size_t index_of(const insula::apartment_core& core) const noexcept;
  [[nodiscard]] std::string pair_name(std::size_t pair) const;

  const std::array<insula::apartment, places> apartments_;
  std::array<call_pair, places * places> pairs_;
  std::atomic<std::uint64_t> elsewhere_{0};  // between apartments that are not in the list
};

}  // namespace document_index
