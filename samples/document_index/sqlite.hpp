// SPDX-License-Identifier: MIT
//
// The little of SQLite's C interface that the store needs, with owners and exceptions.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace document_index {

/// What the database refused, as a sentence. `code` is SQLite's primary result code.
class store_error : public std::runtime_error {
 public:
  store_error(int code, const std::string& sentence)
      : std::runtime_error(sentence), code_(code) {}
  [[nodiscard]] int code() const noexcept { return code_; }

 private:
  int code_;
};

/// A connection without SQLite's own locking: one thread only.
class sqlite_connection {
 public:
  /// Opens `path`, which exists and is a path whatever it looks like. While another process has the
  /// database locked, every statement tries again for as long as `patience`; `on_wait` is told when
  /// that begins and when it has helped. When `stop` is requested, neither such a wait nor a query
  /// goes on; what changes the database is finished. Fails: store_error.
  sqlite_connection(const std::string& path, std::chrono::milliseconds patience,
                    std::function<void(bool waits)> on_wait, std::stop_token stop);
  ~sqlite_connection();
  sqlite_connection(const sqlite_connection&) = delete;
  sqlite_connection& operator=(const sqlite_connection&) = delete;

  void run(const std::string& sql);
  /// The first column of the first row.
  [[nodiscard]] std::int64_t number(const std::string& sql);
  /// Makes the database as if it were new, whatever is in it.
  void reset();
  /// No statement fails for being unable to end the transaction.
  void roll_back() noexcept;
  [[nodiscard]] bool in_transaction() const noexcept;

  [[nodiscard]] std::uint64_t lock_waits() const noexcept { return lock_waits_; }
  [[nodiscard]] sqlite3* get() const noexcept { return database_; }
  [[nodiscard]] store_error failure(int code) const;

 private:
  friend class sqlite_statement;
  static int on_locked(void* self, int tries) noexcept;
  static int on_progress(void* self) noexcept;
  void tell_wait(bool waits) noexcept;

  std::string path_;
  std::chrono::milliseconds patience_;
  std::function<void(bool)> on_wait_;
  std::stop_token stop_;
  std::chrono::steady_clock::time_point locked_since_;
  bool reads_ = false;  // the statement that runs only reads
  bool waits_ = false;
  std::uint64_t lock_waits_ = 0;
  sqlite3* database_ = nullptr;
};

/// A prepared statement. Texts that are bound must live until the statement has run.
class sqlite_statement {
 public:
  sqlite_statement(sqlite_connection& connection, std::string_view sql);
  ~sqlite_statement();
  sqlite_statement(const sqlite_statement&) = delete;
  sqlite_statement& operator=(const sqlite_statement&) = delete;

  sqlite_statement& bind(int parameter, std::string_view text);
  sqlite_statement& bind(int parameter, std::uint64_t number);

  /// True: there is a row. False: done, and ready to be bound anew. Fails: store_error.
  bool step();
  /// For statements without rows.
  void run() { while (step()) {} }

  [[nodiscard]] std::string text(int column) const;
  [[nodiscard]] std::uint64_t number(int column) const;

 private:
  sqlite_connection& connection_;
  bool only_reads_ = false;
  sqlite3_stmt* statement_ = nullptr;
};

}  // namespace document_index
