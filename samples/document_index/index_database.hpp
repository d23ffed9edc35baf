// SPDX-License-Identifier: MIT
#pragma once

#include "database_file.hpp"
#include "document.hpp"
#include "index_reader.hpp"
#include "sqlite.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

namespace document_index {

struct database_options {
  std::string path;
  std::chrono::milliseconds patience{3000};  // with a locked database
  std::uint64_t most_pages = 0;              // of 4 KiB; 0: as many as the disk has
  std::uint64_t files = 0;                   // that the index is to have when it is whole
  std::stop_token stop{};                    // ends waits for a lock, and queries
  /// Told on the database's thread when it finds the database locked, and when that is over.
  std::function<void(bool waits)> on_wait{};
};

/// The files of one transaction, as far as they are written.
struct index_batch {
  std::chrono::steady_clock::time_point began;
  std::uint64_t documents = 0, skipped = 0, tokens = 0, bytes = 0;
  std::map<std::string, word_total, std::less<>> words;  // written at its end
};

/// The index as an SQLite database:
///
///     documents    a row per indexed file
///     texts        its text, in full-text form (FTS5); same rowid
///     words        how often each word occurs in all documents, and in how many
///     skipped      a row per file that is not indexed, and why
///     run          one row: how many files were found, and how the work ended
///
/// Files are written in batches, one transaction each, so that these tables always agree. After
/// a failure nothing more is written: the batch is rolled back, those before it stay.
/// One thread only.
class index_database {
 public:
  /// Makes the database empty. Fails: store_error; a file that this program did not make, or that
  /// another process is filling, is left alone.
  explicit index_database(const database_options& options);
  ~index_database();

  void add(const document& one);
  void skip(const skipped_file& one);
  /// Writes the batch, if there is one.
  void commit();
  /// The same if the batch is older than a second.
  void commit_if_old();
  /// The same, and says how the work ended; `ending` is empty if the index is whole.
  void finish(const std::string& ending);

  [[nodiscard]] store_totals totals() const;
  [[nodiscard]] index_reader& reader() noexcept { return reader_; }

 private:
  struct statements;
  void require_own();
  void make_tables(std::uint64_t files);
  void require_in_place();
  void begin();
  template <class F>
  void write(F body);
  void insert(const document& one);
  void write_words();
  void fail(const store_error& error) noexcept;
  void commit_if_large();

  database_file file_;  // outlives the connection
  sqlite_connection connection_;
  index_reader reader_;
  std::unique_ptr<statements> statements_;
  std::optional<index_batch> batch_;
  std::optional<store_error> failure_;
  store_totals totals_;
};

}  // namespace document_index
