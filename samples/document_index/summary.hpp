// SPDX-License-Identifier: MIT
//
// What the program says at the end, on standard output.
#pragma once

#include "call_ledger.hpp"
#include "document.hpp"
#include "progress.hpp"

#include <string>
#include <vector>

namespace document_index {

[[nodiscard]] std::string index_summary(const progress& seen, const store_totals& totals,
                                        const std::string& database);
[[nodiscard]] std::string answer_text(const std::string& query,
                                      const std::vector<search_hit>& hits);
[[nodiscard]] std::string calls_text(const call_ledger& ledger);

}  // namespace document_index
