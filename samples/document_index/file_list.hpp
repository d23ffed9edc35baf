// SPDX-License-Identifier: MIT
#pragma once

#include "document.hpp"
#include "stop_request.hpp"

#include <string>
#include <vector>

namespace document_index {

struct file_list {
  std::vector<std::string> files;          // in order, each once
  std::vector<skipped_file> unreadable;    // folders and paths that could not be entered
};

/// The files that `paths` name, and those in the folders among them, however deep. Links inside
/// folders are left out: what they point to is elsewhere in the folder, or not of it.
[[nodiscard]] file_list find_files(const std::vector<std::string>& paths, const stop_request& stop);

}  // namespace document_index
