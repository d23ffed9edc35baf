// SPDX-License-Identifier: MIT
#pragma once

#include "document.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace document_index {

struct word_list {
  std::uint64_t tokens = 0;
  std::vector<word_count> words;  // each word once, in byte order
};

/// The words of `text`, which is valid UTF-8: runs of letters, digits and marks, in lower case. A
/// run longer than 64 characters is cut into words of 64.
[[nodiscard]] word_list split_words(std::string_view text);

}  // namespace document_index
