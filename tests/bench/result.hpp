// SPDX-License-Identifier: MIT
#pragma once

#include "bench_case.hpp"

#include <optional>
#include <span>
#include <string>

namespace insula::bench {

/// What came of one row.
struct result {
  const bench_case* row;
  std::string skipped{};              // why it was not measured
  double figure = 0;                  // median of the rounds
  std::optional<double> p99{};        // of single calls
  std::optional<double> baseline{};   // median of the rounds
  std::optional<double> ratio{};      // of the medians, as the budget looks at it
  std::optional<double> low_ratio{};  // quartiles of the ratios of single rounds
  std::optional<double> high_ratio{};
  bool holds = false;
};

/// Measures baseline and case by turns, `rounds` times each (0: as often as the row says).
/// Fails: what a subject throws.
[[nodiscard]] result measure(const bench_case& row, int rounds);

/// Why the row cannot be measured here; empty: it can.
[[nodiscard]] std::string reason_to_skip(const bench_case& row);

/// The table, for people.
[[nodiscard]] std::string table_head();
[[nodiscard]] std::string table_row(const result& of);

/// All of it, for programs.
[[nodiscard]] std::string json(std::span<const result> results);

}  // namespace insula::bench
