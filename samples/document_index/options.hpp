// SPDX-License-Identifier: MIT
#pragma once

#include "index_database.hpp"

#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace document_index {

struct options {
  std::vector<std::string> paths{"/usr/share/doc"};
  database_options database;      // an empty path: the default one
  std::string query = "thread safety";
  std::uint32_t workers = 2;
  std::uint32_t hits = 5;
  std::chrono::milliseconds grace{800};  // for what was asked to stop
  bool search_only = false;
  bool check = false;
  bool plain = false;
  bool help = false;
};

/// What is wrong with the command line, as a sentence.
class usage_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Fails: usage_error.
[[nodiscard]] options parse_options(int count, const char* const* arguments);

[[nodiscard]] const char* help_text() noexcept;

/// In the user's cache folder, which is made if need be, else in the folder for temporary files.
/// Fails: std::filesystem::filesystem_error.
[[nodiscard]] std::string default_database();

}  // namespace document_index
