// SPDX-License-Identifier: MIT
//
// insula_bench [--case ID]... [--rounds N] [--json FILE] [--list]
// Measures the rows named, or all, and prints the table. Ends with 0 when all rows were measured
// (or skipped for a reason that is printed), whether or not their budgets hold.
#include "cases.hpp"
#include "cpus.hpp"
#include "result.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <string_view>

namespace insula::bench {
namespace {

struct command_line {
  std::vector<std::string> cases;
  int rounds = 0;
  std::string json;
  bool list = false;
};

[[noreturn]] void refuse(const std::string& why) {
  std::fprintf(stderr,
               "%s\nusage: insula_bench [--case ID]... [--rounds N] [--json FILE] [--list]\n",
               why.c_str());
  std::exit(2);
}

command_line parse(int argc, char** argv) {
  command_line all;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--list") {
      all.list = true;
      continue;
    }
    if (word != "--case" && word != "--rounds" && word != "--json")
      refuse("unknown argument: " + std::string(word));
    if (++i == argc) refuse(std::string(word) + " needs a value");
    if (word == "--case") all.cases.emplace_back(argv[i]);
    if (word == "--json") all.json = argv[i];
    if (word == "--rounds" && (all.rounds = std::atoi(argv[i])) <= 0)
      refuse("--rounds needs a number above 0");
  }
  return all;
}

case_list all_cases() {
  case_list cases;
  for (const auto add : {add_direct, add_hosted, add_hot, add_parked, add_one_cpu, add_array,
                         add_one_way, add_alloc, add_first, add_deep, add_idle})
    add(cases);
  return cases;
}

void keep_named(case_list& cases, const std::vector<std::string>& names) {
  if (names.empty()) return;
  const auto is = [](const bench_case& row, const std::string& name) {
    return row.id == name || row.family == name;
  };
  for (const std::string& name : names)
    if (std::ranges::none_of(cases, [&](const bench_case& row) { return is(row, name); }))
      refuse("no such case: " + name + " (see --list)");
  std::erase_if(cases, [&](const bench_case& row) {
    return std::ranges::none_of(names, [&](const std::string& name) { return is(row, name); });
  });
}

void print_conditions() {
  double load = 0;
  if (::getloadavg(&load, 1) != 1) load = 0;
  std::printf("%zu usable cpus, reading the clock costs %.0f ns, load %.2f%s\n\n",
              usable_cpus().size(), clock_cost(), load,
              load > 0.5 ? " (the machine is busy: expect noise)" : "");
}

std::vector<result> measure_all(const case_list& cases, int rounds, bool& failed) {
  std::vector<result> results;
  std::fputs(table_head().c_str(), stdout);
  for (const bench_case& row : cases) {
    std::fflush(stdout);
    try {
      std::string reason = reason_to_skip(row);
      results.push_back(reason.empty() ? measure(row, rounds)
                                       : result{.row = &row, .skipped = std::move(reason)});
      std::fputs(table_row(results.back()).c_str(), stdout);
    } catch (const std::exception& thrown) {
      std::printf("%-15s failed: %s\n", row.id.c_str(), thrown.what());
      failed = true;
    }
  }
  return results;
}

int run(int argc, char** argv) {
  const command_line wanted = parse(argc, argv);
  case_list cases = all_cases();
  if (wanted.list) {
    for (const bench_case& row : cases)
      std::printf("%-15s %-34s %s\n", row.id.c_str(), row.title.c_str(), row.baseline.c_str());
    return 0;
  }
  keep_named(cases, wanted.cases);
  print_conditions();
  bool failed = false;
  const std::vector<result> results = measure_all(cases, wanted.rounds, failed);
  if (!wanted.json.empty() && !(std::ofstream(wanted.json) << json(results))) {
    std::fprintf(stderr, "%s cannot be written\n", wanted.json.c_str());
    return 1;
  }
  return failed ? 1 : 0;
}

}  // namespace
}  // namespace insula::bench

int main(int argc, char** argv) { return insula::bench::run(argc, argv); }
