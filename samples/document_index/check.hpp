// SPDX-License-Identifier: MIT
#pragma once

#include "interfaces.hpp"
#include "metered.hpp"
#include "progress.hpp"
#include "single_run.hpp"

#include <string>
#include <vector>

namespace document_index {

/// Compares what the store holds and the display counted with the single-threaded run: documents,
/// tokens, each document's hash, each word's totals, each skipped file and the numbers of each
/// kind. Gives a sentence per difference, the first few of each sort; none: all is equal.
[[nodiscard]] std::vector<std::string> differences(const metered<IIndexStore>& store,
                                                   const progress& seen, const tally& expected);

}  // namespace document_index
