// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

struct sqlite3;

/// Another process's view of the index, and the lock that another process can have.
class database_reader {
 public:
  explicit database_reader(const std::string& path);
  ~database_reader();
  database_reader(const database_reader&) = delete;
  database_reader& operator=(const database_reader&) = delete;

  /// The first column of the first row; -1: there is none, or not yet such a table.
  [[nodiscard]] std::int64_t number(const std::string& sql) const;
  [[nodiscard]] std::string text(const std::string& sql) const;
  /// Both wait while the program writes.
  void lock();
  void unlock();

 private:
  sqlite3* database_ = nullptr;
};
