// SPDX-License-Identifier: MIT
//
// The rows of the table. Each function adds the rows of one file.
#pragma once

#include "bench_case.hpp"

namespace insula::bench {

void add_direct(case_list& cases);
void add_hosted(case_list& cases);
void add_hot(case_list& cases);
void add_parked(case_list& cases);
void add_one_cpu(case_list& cases);
void add_array(case_list& cases);
void add_one_way(case_list& cases);
void add_alloc(case_list& cases);
void add_first(case_list& cases);
void add_deep(case_list& cases);
void add_idle(case_list& cases);

}  // namespace insula::bench
