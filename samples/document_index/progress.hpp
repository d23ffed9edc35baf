// SPDX-License-Identifier: MIT
#pragma once

#include "document.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace document_index {

/// What the display knows, and a view shows.
struct progress {
  enum class state : std::uint8_t { opening, working, paused, ending, done };

  state now = state::opening;
  std::uint64_t files = 0;
  std::uint64_t done = 0;
  std::uint64_t bytes = 0;     // of what is indexed
  std::uint64_t repaired = 0;  // documents that had malformed parts
  std::uint64_t cut = 0;       // documents that are longer than what is indexed
  std::array<std::uint64_t, all_outcomes.size()> outcomes{};
  double files_per_second = 0;  // lately
  double bytes_per_second = 0;
  std::chrono::nanoseconds elapsed{};
  std::vector<std::string> current;   // by worker; empty: none
  std::vector<std::string> problems;  // the first so many
  std::string notice;                 // why it is ending
  bool locked = false;                // the store waits for its database

  static constexpr std::size_t most_problems = 20;

  [[nodiscard]] std::uint64_t count(outcome what) const noexcept {
    return outcomes[static_cast<std::size_t>(what)];
  }
  [[nodiscard]] std::uint64_t skipped() const noexcept {
    return done - count(outcome::indexed) - count(outcome::unreadable);
  }
};

}  // namespace document_index
