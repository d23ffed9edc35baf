// SPDX-License-Identifier: MIT
#pragma once

#include "document.hpp"
#include "memory_room.hpp"

#include <cstddef>
#include <string>

namespace document_index {

/// Of a longer file so much is indexed.
inline constexpr std::size_t longest_text = std::size_t{16} << 20;

struct file_content {
  outcome what = outcome::unreadable;
  std::string bytes;   // for outcome::indexed
  std::string reason;  // why it is not indexed, in words
  bool cut = false;    // the file goes on after `bytes`
};

/// Reads a file as far as it is worth reading: what is compressed or binary is known from its first
/// bytes. Devices and pipes are not even opened. Waits: for `memory`, which has to be held as long
/// as the content, if the file is not small. Fails: std::bad_alloc; all else is an outcome.
[[nodiscard]] file_content read_file(const std::string& path, memory_room::share& memory);

}  // namespace document_index
