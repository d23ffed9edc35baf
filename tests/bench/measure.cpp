// SPDX-License-Identifier: MIT
#include "cpus.hpp"
#include "result.hpp"

namespace insula::bench {
namespace {

double ratio_of(const budget& limit, double figure, double baseline) {
  return limit.kind == budget_kind::throughput ? baseline / figure : figure / baseline;
}

bool holds(const budget& limit, const result& of) {
  switch (limit.kind) {
    case budget_kind::times_baseline:
      return of.ratio && *of.ratio <= limit.value;
    case budget_kind::throughput:
      return of.ratio && *of.ratio >= limit.value;
    case budget_kind::absolute:
      return of.figure <= limit.value;
  }
  return false;
}

void compare(result& made, const subject_log& measured, const subject_log& baseline) {
  const budget& limit = made.row->limit;
  made.baseline = baseline.typical();
  made.ratio = ratio_of(limit, made.figure, *made.baseline);
  std::vector<double> ratios;
  for (std::size_t i = 0; i != measured.rounds().size(); ++i)
    ratios.push_back(ratio_of(limit, measured.rounds()[i], baseline.rounds()[i]));
  made.low_ratio = quantile(ratios, 0.25);
  made.high_ratio = quantile(std::move(ratios), 0.75);
}

}  // namespace

result measure(const bench_case& row, int rounds) {
  result made{.row = &row};
  const contest both = row.set_up();
  subject_log measured;
  subject_log baseline;
  if (rounds == 0) rounds = row.rounds;
  for (int i = 0; i != rounds; ++i) {
    if (both.baseline) both.baseline->round(baseline);
    both.measured->round(measured);
  }
  made.figure = measured.typical();
  made.p99 = measured.p99();
  if (both.baseline) compare(made, measured, baseline);
  made.holds = holds(row.limit, made);
  return made;
}

std::string reason_to_skip(const bench_case& row) {
  if (!row.missing.empty()) return row.missing;
  const int usable = static_cast<int>(usable_cpus().size());
  if (usable >= row.cpus) return {};
  return "needs " + std::to_string(row.cpus) + " cpus, " + std::to_string(usable) + " usable";
}

}  // namespace insula::bench
