// SPDX-License-Identifier: MIT
//
//   subject      one of the two things that a row compares
//   contest      both of them, set up
//   budget       what the case may cost
//   bench_case   one row of the table
//   case_list    all rows
#pragma once

#include "measurement.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace insula::bench {

/// Something that can be measured again and again. Set up by its constructor. Between two rounds it
/// leaves the processors alone, for then the other subject is measured.
class subject {
 public:
  virtual ~subject() = default;
  /// Measures once. Fails: an exception, also when what was measured gave wrong results.
  virtual void round(subject_log& log) = 0;
};

/// The case and, if it has one, its baseline.
struct contest {
  std::unique_ptr<subject> measured;
  std::unique_ptr<subject> baseline{};
};

enum class budget_kind {
  times_baseline,  // figure / baseline is at most the value
  throughput,      // baseline / figure (both in ns per item) is at least the value
  absolute,        // the figure itself is at most the value
};

struct budget {
  budget_kind kind;
  double value;
};

/// One row.
struct bench_case {
  std::string id;
  std::string family;  // what --case also knows it by
  std::string title;
  std::string baseline;  // what it is compared with; empty: nothing
  std::string unit;
  budget limit;
  int cpus;    // it needs so many
  int rounds;  // unless the command line says otherwise
  std::function<contest()> set_up;
  std::string missing{};  // why it cannot be measured in this build; empty: it can
};

using case_list = std::vector<bench_case>;

}  // namespace insula::bench
