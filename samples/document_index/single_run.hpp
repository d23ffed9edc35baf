// SPDX-License-Identifier: MIT
#pragma once

#include "document.hpp"
#include "file_list.hpp"
#include "stop_request.hpp"

#include <cstdint>
#include <vector>

namespace document_index {

/// The same facts that the store has, each list in order.
struct tally {
  std::vector<document_digest> documents;  // by path
  std::vector<skipped_file> skipped;       // by path
  std::vector<word_total> words;           // by word
  std::uint64_t tokens = 0;
};

/// Does the work with one thread, no apartments, no interfaces and no database. Ends early when
/// asked to stop.
[[nodiscard]] tally run_single_threaded(const file_list& found, const stop_request& stop);

}  // namespace document_index
