// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

namespace document_index {

/// The file of an index, as the file system sees it: whose it is, who fills it, and if it is still
/// there. In a folder that everybody may write, such as the one for temporary files, it has to be
/// the user's own, and so have the files that SQLite keeps beside it.
/// To be destroyed after the connection: closing any descriptor of the file ends SQLite's locks.
class database_file {
 public:
  enum class use { fill, read };

  /// To be filled, it is made if it is not there, for its owner alone, and claimed: one process at
  /// a time has that right. SQLite's own locks cannot say so: they are free between two batches,
  /// and others may read the index then. The claim ends with the process, however that ends.
  /// Fails: store_error.
  database_file(const std::string& path, use what_for);
  ~database_file();
  database_file(const database_file&) = delete;
  database_file& operator=(const database_file&) = delete;

  /// What to open: a path without links.
  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  /// True if its header says that it is a database with this application id, whatever state the
  /// rest is in.
  [[nodiscard]] bool is_marked(std::uint32_t application_id) const noexcept;
  /// Takes it from everybody but its owner.
  void make_private() const noexcept;
  /// Fails: store_error, if it was deleted or another one is in its place.
  void require_in_place() const;

 private:
  void require_ours() const;
  void open_file(use what_for);
  void claim() const;
  [[noreturn]] void refuse(const std::string& reason) const;

  std::string path_;
  bool shared_ = false;  // everybody may write where it is
  int file_ = -1;
};

}  // namespace document_index
