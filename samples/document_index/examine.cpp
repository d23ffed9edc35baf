// SPDX-License-Identifier: MIT
#include "examine.hpp"

#include "code_points.hpp"
#include "file_reader.hpp"
#include "word_splitter.hpp"

#include <cstdint>
#include <string_view>
#include <utility>

namespace document_index {
namespace {

// FNV-1a, 64 bits (http://www.isthe.com/chongo/tech/comp/fnv/).
std::uint64_t hash_of(std::string_view text) noexcept {
  std::uint64_t hash = 0xCBF29CE484222325u;
  for (const char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001B3u;
  }
  return hash;
}

}  // namespace

examined_file examine(const std::string& path, memory_room::share& memory) {
  file_content content = read_file(path, memory);
  if (content.what != outcome::indexed)
    return skipped_file{path, content.what, std::move(content.reason)};

  document made;
  made.path = path;
  made.bytes = content.bytes.size();
  made.cut = content.cut;
  repaired_text repaired = repair_utf8(std::move(content.bytes));
  made.repaired = repaired.repaired;
  made.text = std::move(repaired.text);
  made.hash = hash_of(made.text);
  word_list words = split_words(made.text);
  made.tokens = words.tokens;
  made.words = std::move(words.words);
  return made;
}

}  // namespace document_index
