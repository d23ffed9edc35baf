// SPDX-License-Identifier: MIT
#include "result.hpp"

#include <cmath>
#include <cstdio>

namespace insula::bench {
namespace {

template <class... A>
std::string print(const char* format, A... arguments) {
  char text[256];
  const int length = std::snprintf(text, sizeof text, format, arguments...);
  return {text, static_cast<std::size_t>(length)};
}

std::string figure_text(std::optional<double> figure) {
  if (!figure) return "-";
  if (*figure < 10 && *figure != std::floor(*figure)) return print("%.2f", *figure);
  const std::string digits = print("%.0f", *figure);
  std::string grouped;
  for (std::size_t i = 0; i != digits.size(); ++i) {
    if (i != 0 && (digits.size() - i) % 3 == 0) grouped += ',';
    grouped += digits[i];
  }
  return grouped;
}

std::string ratio_text(std::optional<double> ratio) {
  return ratio ? print("%.2f", *ratio) : std::string("-");
}

std::string spread_text(const result& of) {
  if (!of.low_ratio) return "-";
  return print("%.2f-%.2f", *of.low_ratio, *of.high_ratio);
}

std::string budget_text(const bench_case& row) {
  switch (row.limit.kind) {
    case budget_kind::times_baseline:
      return print("%.2fx", row.limit.value);
    case budget_kind::throughput:
      return print(">=%.2fx", row.limit.value);
    case budget_kind::absolute:
      return figure_text(row.limit.value);
  }
  return {};
}

constexpr const char* columns = "%-15s %-32s %12s %10s %10s %7s %12s %10s  %s\n";

std::string json_number(std::optional<double> number) {
  return number ? print("%.6g", *number) : std::string("null");
}

}  // namespace

std::string table_head() {
  return print(columns, "id", "case", "median ns", "p99", "baseline", "ratio", "of rounds",
               "budget", "holds");
}

std::string table_row(const result& of) {
  const bench_case& row = *of.row;
  if (!of.skipped.empty())
    return print("%-15s %-32s skipped: %s\n", row.id.c_str(), row.title.c_str(),
                 of.skipped.c_str());
  return print(columns, row.id.c_str(), row.title.c_str(), figure_text(of.figure).c_str(),
               figure_text(of.p99).c_str(), figure_text(of.baseline).c_str(),
               ratio_text(of.ratio).c_str(), spread_text(of).c_str(), budget_text(row).c_str(),
               of.holds ? "yes" : "NO");
}

std::string json(std::span<const result> results) {
  std::string text = "[";
  for (const result& of : results) {
    text += text.size() == 1 ? "\n" : ",\n";
    text += R"(  {"case": ")" + of.row->id + "\"";
    const bool done = of.skipped.empty();
    text += ", \"ns\": " + json_number(done ? std::optional(of.figure) : std::nullopt);
    text += ", \"p99\": " + json_number(of.p99);
    text += ", \"baseline_ns\": " + json_number(of.baseline);
    text += ", \"ratio\": " + json_number(of.ratio);
    text += ", \"budget\": " + json_number(of.row->limit.value);
    text += std::string(", \"holds\": ") + (!done ? "null" : of.holds ? "true" : "false");
    if (!done) text += R"(, "skipped": ")" + of.skipped + "\"";
    text += "}";
  }
  return text + "\n]\n";
}

}  // namespace insula::bench
