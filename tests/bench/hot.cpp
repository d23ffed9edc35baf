// SPDX-License-Identifier: MIT
//
// hot, hot-mta: steady traffic between two threads, caller and owner each pinned to a CPU of its
// own, against two threads that spin on two atomics, pinned the same way.
#include "adding_pair.hpp"
#include "cases.hpp"
#include "crossing.hpp"

namespace insula::bench {
namespace {

int caller_cpu() { return usable_cpus().at(0); }
int owner_cpu() { return usable_cpus().at(1); }

std::unique_ptr<subject> spinning() {
  return std::make_unique<steady_pair<spinning_word>>(caller_cpu(), owner_cpu(), microsecond_calls);
}

contest sta_to_sta() {
  return {std::make_unique<crossing>(std::make_unique<own_sta>("caller", caller_cpu()),
                                     std::make_unique<own_sta>("owner", owner_cpu()),
                                     microsecond_calls),
          spinning()};
}

contest mta_to_sta() {
  return {std::make_unique<crossing>(std::make_unique<mta_caller>(caller_cpu()),
                                     std::make_unique<own_sta>("owner", owner_cpu()),
                                     microsecond_calls),
          spinning()};
}

// The pool's threads are nobody's to pin but the object's, at the first call that each serves.
contest sta_to_mta() {
  return {std::make_unique<crossing>(std::make_unique<own_sta>("caller", caller_cpu()),
                                     std::make_unique<mta_owner>(), microsecond_calls,
                                     [] { return make_pinning_adder(owner_cpu()); }),
          spinning()};
}

}  // namespace

void add_hot(case_list& cases) {
  const auto add = [&cases](const char* id, const char* family, const char* title, double limit,
                            contest (*set_up)()) {
    cases.push_back({.id = id,
                     .family = family,
                     .title = title,
                     .baseline = "two threads spinning",
                     .unit = "ns",
                     .limit = {budget_kind::times_baseline, limit},
                     .cpus = 2,
                     .rounds = 11,
                     .set_up = set_up});
  };
  add("hot", "hot", "STA to STA, two cpus", 2.5, sta_to_sta);
  add("hot-mta", "hot-mta", "MTA thread to STA, two cpus", 2.5, mta_to_sta);
  add("hot-mta-pool", "hot-mta", "STA to MTA, two cpus", 3, sta_to_mta);
}

}  // namespace insula::bench
