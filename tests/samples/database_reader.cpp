// SPDX-License-Identifier: MIT
#include "database_reader.hpp"

#include <sqlite3.h>

#include <stdexcept>

namespace {

void require(sqlite3* database, int code) {
  if (code != SQLITE_OK) throw std::runtime_error(sqlite3_errmsg(database));
}

}  // namespace

database_reader::database_reader(const std::string& path) {
  require(database_, sqlite3_open_v2(path.c_str(), &database_, SQLITE_OPEN_READWRITE, nullptr));
  sqlite3_busy_timeout(database_, 60'000);
}

database_reader::~database_reader() { sqlite3_close(database_); }

std::string database_reader::text(const std::string& sql) const {
  sqlite3_stmt* statement = nullptr;
  std::string result;
  if (sqlite3_prepare_v2(database_, sql.c_str(), -1, &statement, nullptr) == SQLITE_OK &&
      sqlite3_step(statement) == SQLITE_ROW) {
    if (const auto* const found = sqlite3_column_text(statement, 0))
      result = reinterpret_cast<const char*>(found);
  }
  sqlite3_finalize(statement);
  return result;
}

std::int64_t database_reader::number(const std::string& sql) const {
  const std::string found = text(sql);
  return found.empty() ? -1 : std::stoll(found);
}

void database_reader::lock() {
  require(database_, sqlite3_exec(database_, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr));
}

void database_reader::unlock() {
  require(database_, sqlite3_exec(database_, "ROLLBACK", nullptr, nullptr, nullptr));
}
