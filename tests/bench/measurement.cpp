// SPDX-License-Identifier: MIT
#include "measurement.hpp"

#include <algorithm>
#include <cmath>

namespace insula::bench {

double clock_cost() {
  static const double cost = [] {
    std::vector<double> empty;
    for (int i = 0; i != 10'000; ++i) {
      const bench_clock::time_point from = bench_clock::now();
      empty.push_back(nanoseconds_between(from, bench_clock::now()));
    }
    return median(std::move(empty));
  }();
  return cost;
}

double quantile(std::vector<double> values, double part) {
  if (values.empty()) throw std::invalid_argument("a quantile of nothing");
  const auto rank =
      static_cast<std::ptrdiff_t>(std::floor(part * static_cast<double>(values.size() - 1) + 0.5));
  std::nth_element(values.begin(), values.begin() + rank, values.end());
  return values[static_cast<std::size_t>(rank)];
}

void subject_log::single(bench_clock::time_point from, bench_clock::time_point to, double calls) {
  singles_.push_back(std::max(0.0, nanoseconds_between(from, to) - clock_cost()) / calls);
}

void subject_log::round_of_singles(std::size_t count) {
  rounds_.push_back(median({singles_.end() - static_cast<std::ptrdiff_t>(count), singles_.end()}));
}

std::optional<double> subject_log::p99() const {
  if (singles_.empty()) return std::nullopt;
  return quantile(singles_, 0.99);
}

}  // namespace insula::bench
