// SPDX-License-Identifier: MIT
#pragma once

#include "document.hpp"
#include "memory_room.hpp"

#include <string>
#include <variant>

namespace document_index {

using examined_file = std::variant<document, skipped_file>;

/// Everything about one file that needs no other: read, made valid, split into words. This is what
/// the workers do in parallel, and what the single-threaded run does one by one.
/// `memory` has to be held as long as the result.
[[nodiscard]] examined_file examine(const std::string& path, memory_room::share& memory);

}  // namespace document_index
