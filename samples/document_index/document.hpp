// SPDX-License-Identifier: MIT
//
// What the components tell each other. All are plain aggregates: that is enough to be marshaled.
//   outcome          what became of one file
//   document         one file that goes into the index
//   skipped_file     one that does not
//   file_report      what the display hears about a file
//   document_digest, word_total, search_hit, store_totals    what the store tells
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace document_index {

enum class outcome : std::int32_t { indexed, empty, binary, compressed, unreadable };

inline constexpr std::array all_outcomes{outcome::indexed, outcome::empty, outcome::binary,
                                         outcome::compressed, outcome::unreadable};

constexpr std::string_view to_string(outcome what) noexcept {
  constexpr std::array<std::string_view, 5> names{"indexed", "empty", "binary", "compressed",
                                                  "unreadable"};
  return names[static_cast<std::size_t>(what)];
}

struct word_count {
  std::string word;
  std::uint64_t count = 0;
};

struct document {
  std::string path;                // bytes, as the file system has them
  std::string text;                // valid UTF-8
  std::uint64_t bytes = 0;         // read from the file
  std::uint64_t tokens = 0;        // words in the text
  std::uint64_t hash = 0;          // of the text
  std::uint64_t repaired = 0;      // malformed parts that became U+FFFD
  bool cut = false;                // the file is longer than what is indexed
  std::vector<word_count> words;   // each word once, in order
};

struct skipped_file {
  std::string path;
  outcome why = outcome::unreadable;
  std::string reason;
};

struct file_report {
  outcome what = outcome::indexed;
  std::uint64_t bytes = 0;
  std::uint64_t repaired = 0;
  bool cut = false;
  std::string problem;  // path and reason of what is unreadable
};

struct document_digest {
  std::string path;
  std::uint64_t bytes = 0;
  std::uint64_t tokens = 0;
  std::uint64_t distinct_words = 0;
  std::uint64_t hash = 0;
  std::uint64_t repaired = 0;
  bool cut = false;

  friend bool operator==(const document_digest&, const document_digest&) = default;
};

struct word_total {
  std::string word;
  std::uint64_t count = 0;
  std::uint64_t documents = 0;
};

struct search_hit {
  std::string path;
  std::string snippet;
};

/// What is committed, and what the store went through.
struct store_totals {
  std::uint64_t documents = 0;
  std::uint64_t skipped = 0;
  std::uint64_t tokens = 0;
  std::uint64_t commits = 0;
  std::uint64_t lost = 0;        // files of batches that could not be written
  std::uint64_t lock_waits = 0;  // tries that found the database locked
  std::uint64_t entries = 0;     // calls that the store saw itself enter
  std::string failure;           // why it stopped writing; empty: it did not
};

}  // namespace document_index
