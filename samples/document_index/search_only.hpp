// SPDX-License-Identifier: MIT
#pragma once

#include "options.hpp"
#include "stop_request.hpp"

namespace document_index {

/// Answers the query from the index as it is, on the calling thread: one thread needs no
/// apartments. Says if files are missing in it. Gives the exit code. Fails: store_error;
/// output_error.
[[nodiscard]] int search_only(const options& chosen, const stop_request& stop);

}  // namespace document_index
