// SPDX-License-Identifier: MIT
#include "single_run.hpp"

#include "examine.hpp"
#include "file_reader.hpp"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <utility>
#include <variant>

namespace document_index {
namespace {

using totals_by_word = std::unordered_map<std::string, word_total>;

void add(tally& all, totals_by_word& words, const document& one) {
  all.documents.push_back({one.path, one.bytes, one.tokens, one.words.size(), one.hash,
                           one.repaired, one.cut});
  all.tokens += one.tokens;
  for (const word_count& word : one.words) {
    word_total& total = words[word.word];
    total.count += word.count;
    ++total.documents;
  }
}

}  // namespace

tally run_single_threaded(const file_list& found, const stop_request& stop) {
  tally all;
  totals_by_word words;
  memory_room memory(longest_text);
  for (const std::string& path : found.files) {
    if (stop.is_set()) return all;
    memory_room::share held(memory);
    examined_file examined = examine(path, held);
    if (auto* const skipped = std::get_if<skipped_file>(&examined))
      all.skipped.push_back(std::move(*skipped));
    else add(all, words, std::get<document>(examined));
  }
  all.skipped.insert(all.skipped.end(), found.unreadable.begin(), found.unreadable.end());

  for (auto& [word, total] : words) {
    total.word = word;
    all.words.push_back(std::move(total));
  }
  std::sort(all.words.begin(), all.words.end(),
            [](const word_total& a, const word_total& b) { return a.word < b.word; });
  const auto by_path = [](const auto& a, const auto& b) { return a.path < b.path; };
  std::sort(all.documents.begin(), all.documents.end(), by_path);
  std::sort(all.skipped.begin(), all.skipped.end(), by_path);
  return all;
}

}  // namespace document_index
