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

/// Those of `paths` that are not there, folders that cannot be entered, devices and pipes.
[[nodiscard]] std::vector<skipped_file> unusable(const std::vector<std::string>& paths);

/// The files that `paths` name, and those in the folders among them, however deep. Links inside
/// folders are left out: what they point to is elsewhere in the folder, or not of it. So are the
/// database and the files that SQLite keeps beside it: closing one after reading it would take
/// away the locks that the process has on it (POSIX, fcntl).
[[nodiscard]] file_list find_files(const std::vector<std::string>& paths,
                                   const std::string& database, const stop_request& stop);

}  // namespace document_index
