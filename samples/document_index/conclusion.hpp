// SPDX-License-Identifier: MIT
#pragma once

#include "file_list.hpp"
#include "options.hpp"
#include "session.hpp"
#include "stop_request.hpp"

namespace document_index {

/// What is said when the workers are gone: what is in the index, the answer to the query, the check
/// if it was asked for, and which calls crossed. Gives the exit code. Fails: output_error;
/// store_error.
[[nodiscard]] int conclude(session& work, const options& chosen, const file_list& found,
                           const stop_request& stop);

}  // namespace document_index
