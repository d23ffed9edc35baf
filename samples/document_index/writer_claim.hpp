// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace document_index {

/// The right to fill an index, which one process has at a time. SQLite's own locks cannot say so:
/// they are free between two batches, and others may read the index then.
/// The claim ends with the process, however that ends.
class writer_claim {
 public:
  /// `path`: the database, which exists. Where the file cannot be opened, nothing is claimed.
  explicit writer_claim(const std::string& path);
  /// From: whoever has closed the database; closing a descriptor of the file ends SQLite's locks.
  ~writer_claim();
  writer_claim(const writer_claim&) = delete;
  writer_claim& operator=(const writer_claim&) = delete;

  [[nodiscard]] bool is_refused() const noexcept { return refused_; }

 private:
  int file_;
  bool refused_ = false;
};

}  // namespace document_index
