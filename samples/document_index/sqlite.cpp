// SPDX-License-Identifier: MIT
#include "sqlite.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <exception>
#include <filesystem>
#include <utility>

namespace document_index {
namespace {

std::string explanation(int code) {
  switch (code & 0xFF) {
    case SQLITE_FULL:
      return "the disk, or the room that the database may take, is full";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "another process has the database locked";
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return "the database may not be written";
    case SQLITE_CANTOPEN:
      return "the database cannot be opened or made";
    case SQLITE_NOTADB:
      return "the file is not a database, or one that is damaged at its beginning; delete it or "
             "name another with --database";
    case SQLITE_CORRUPT:
      return "the index is damaged; a run without --search makes it anew";
    case SQLITE_INTERRUPT:
      return "the query was stopped";
    case SQLITE_IOERR:
      return "reading or writing the database failed";
    default:
      return "the database refused";
  }
}

}  // namespace

// SQLite takes some names for other things than paths, depending on how it was built: "file:..."
// for a URI, ":memory:" for no file at all. None of them begins with a slash.
sqlite_connection::sqlite_connection(const std::string& path, std::chrono::milliseconds patience,
                                     std::function<void(bool)> on_wait, std::stop_token stop)
    : path_(path), patience_(patience), on_wait_(std::move(on_wait)), stop_(std::move(stop)) {
  const int code =
      sqlite3_open_v2(std::filesystem::absolute(path).c_str(), &database_,
                      SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  if (code != SQLITE_OK) {
    const store_error error = failure(code);
    sqlite3_close(database_);
    throw error;
  }
  sqlite3_extended_result_codes(database_, 1);
  sqlite3_busy_handler(database_, &sqlite_connection::on_locked, this);
  constexpr int steps = 1000;  // of SQLite's machine, some microseconds
  sqlite3_progress_handler(database_, steps, &sqlite_connection::on_progress, this);
}

sqlite_connection::~sqlite_connection() { sqlite3_close_v2(database_); }

// Waiting here holds up the store's apartment and nobody else's: its callers wait as they would for
// a slow disk. The pause between two tries is SQLite's way, since a file lock wakes nobody.
int sqlite_connection::on_locked(void* self, int tries) noexcept {
  auto& connection = *static_cast<sqlite_connection*>(self);
  const auto now = std::chrono::steady_clock::now();
  if (tries == 0) connection.locked_since_ = now;
  connection.tell_wait(true);
  ++connection.lock_waits_;
  if (now - connection.locked_since_ >= connection.patience_) return 0;
  if (connection.stop_.stop_requested()) return 0;
  sqlite3_sleep(std::min(1 << std::min(tries, 5), 25));
  return 1;
}

// Asked for, because sqlite3_interrupt does nothing in the moment before a statement begins.
int sqlite_connection::on_progress(void* self) noexcept {
  const auto& connection = *static_cast<const sqlite_connection*>(self);
  return connection.reads_ && connection.stop_.stop_requested() ? 1 : 0;
}

void sqlite_connection::tell_wait(bool waits) noexcept {
  if (waits == waits_) return;
  waits_ = waits;
  try {
    if (on_wait_) on_wait_(waits);
  } catch (const std::exception&) {
    // It is news for people; the work does not depend on it.
  }
}

store_error sqlite_connection::failure(int code) const {
  std::string sentence = path_ + ": " + explanation(code);
  if ((code & 0xFF) == SQLITE_BUSY && stop_.stop_requested())
    sentence += " (stopped while trying)";
  else if ((code & 0xFF) == SQLITE_BUSY)
    sentence += " (tried for " + std::to_string(patience_.count()) + " ms)";
  if (database_ != nullptr) sentence += std::string("; SQLite says: ") + sqlite3_errmsg(database_);
  return {code & 0xFF, sentence};
}

void sqlite_connection::run(const std::string& sql) {
  const int code = sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) throw failure(code);
  tell_wait(false);
}

std::int64_t sqlite_connection::number(const std::string& sql) {
  sqlite_statement statement(*this, sql);
  return statement.step() ? static_cast<std::int64_t>(statement.number(0)) : 0;
}

void sqlite_connection::reset() {
  const auto resetting = [this](int on) {
    sqlite3_db_config(database_, SQLITE_DBCONFIG_RESET_DATABASE, on, nullptr);
  };
  resetting(1);
  const int code = sqlite3_exec(database_, "VACUUM", nullptr, nullptr, nullptr);
  resetting(0);
  if (code != SQLITE_OK) throw failure(code);
}

void sqlite_connection::roll_back() noexcept {
  if (in_transaction()) sqlite3_exec(database_, "ROLLBACK", nullptr, nullptr, nullptr);
}

bool sqlite_connection::in_transaction() const noexcept {
  return sqlite3_get_autocommit(database_) == 0;
}

sqlite_statement::sqlite_statement(sqlite_connection& connection, std::string_view sql)
    : connection_(connection) {
  const int code = sqlite3_prepare_v2(connection.get(), sql.data(), static_cast<int>(sql.size()),
                                      &statement_, nullptr);
  if (code != SQLITE_OK) throw connection.failure(code);
  only_reads_ = sqlite3_stmt_readonly(statement_) != 0;
}

sqlite_statement::~sqlite_statement() { sqlite3_finalize(statement_); }

sqlite_statement& sqlite_statement::bind(int parameter, std::string_view text) {
  // A null address would bind NULL, not the empty text.
  const char* const first = text.data() == nullptr ? "" : text.data();
  const int code =
      sqlite3_bind_text64(statement_, parameter, first, text.size(), SQLITE_STATIC, SQLITE_UTF8);
  if (code != SQLITE_OK) throw connection_.failure(code);
  return *this;
}

sqlite_statement& sqlite_statement::bind(int parameter, std::uint64_t number) {
  const int code =
      sqlite3_bind_int64(statement_, parameter, static_cast<sqlite3_int64>(number));
  if (code != SQLITE_OK) throw connection_.failure(code);
  return *this;
}

bool sqlite_statement::step() {
  connection_.reads_ = only_reads_;
  const int code = sqlite3_step(statement_);
  connection_.reads_ = false;
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) {
    sqlite3_reset(statement_);
    return false;
  }
  const store_error error = connection_.failure(code);
  sqlite3_reset(statement_);
  throw error;
}

std::string sqlite_statement::text(int column) const {
  const auto* const first = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  const int length = sqlite3_column_bytes(statement_, column);
  return first == nullptr ? std::string() : std::string(first, static_cast<std::size_t>(length));
}

std::uint64_t sqlite_statement::number(int column) const {
  return static_cast<std::uint64_t>(sqlite3_column_int64(statement_, column));
}

}  // namespace document_index
