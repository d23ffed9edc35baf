// SPDX-License-Identifier: MIT
#pragma once

#include "document.hpp"
#include "sqlite.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace document_index {

/// In the file's header: says that this program made it ("dIdx"), and what tables it has.
inline constexpr std::uint32_t index_application_id = 0x64496478;
inline constexpr std::int64_t index_version = 2;

/// What an index has (index_database.hpp tells its tables). One thread only. Each method fails:
/// store_error, also when the connection is to stop.
class index_reader {
 public:
  explicit index_reader(sqlite_connection& connection) noexcept : connection_(connection) {}

  /// Why it does not have all files, as a sentence; empty: it has.
  [[nodiscard]] std::string what_is_missing();

  [[nodiscard]] std::vector<search_hit> search(std::string_view words, std::uint32_t limit);
  [[nodiscard]] std::vector<document_digest> documents(std::string_view after,
                                                       std::uint32_t limit);
  [[nodiscard]] std::vector<skipped_file> skipped(std::string_view after, std::uint32_t limit);
  [[nodiscard]] std::vector<word_total> words(std::string_view after, std::uint32_t limit);

 private:
  [[nodiscard]] std::vector<search_hit> matches(const std::string& expression, std::uint32_t limit);

  sqlite_connection& connection_;
};

}  // namespace document_index
