// SPDX-License-Identifier: MIT
#include "summary.hpp"

#include "text_layout.hpp"
#include "word_splitter.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace document_index {
namespace {

constexpr std::size_t width = 79;

std::string row(const std::string& what, std::uint64_t number, const std::string& remark) {
  std::string text = "  " + padded_right(what, 14) + padded_left(grouped(number), 11);
  if (number != 0 && !remark.empty()) text += "   " + remark;
  return text + "\n";
}

/// On one line, and single spaces.
std::string flowed(std::string_view text) {
  std::string line;
  bool space = false;
  for (const char c : text) {
    if (c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == '\v') {
      space = !line.empty();
      continue;
    }
    if (space) line += ' ';
    space = false;
    line += c;
  }
  return line;
}

}  // namespace

std::string index_summary(const progress& seen, const store_totals& totals,
                          const std::string& database) {
  std::string text = "\n" + counted(seen.done, "file") + " in " + seconds_text(seen.elapsed) +
                     " by " + counted(seen.current.size(), "worker") + ": " +
                     grouped(static_cast<std::uint64_t>(seen.files_per_second)) + " files/s, " +
                     size_text(static_cast<std::uint64_t>(seen.bytes_per_second)) +
                     "/s of text\n";
  text += row("indexed", seen.count(outcome::indexed),
              size_text(seen.bytes) + " of text");
  text += row("  repaired", seen.repaired, "of these: malformed UTF-8 became U+FFFD");
  text += row("  cut", seen.cut, "of these: only the first 16 MiB are indexed");
  text += row("compressed", seen.count(outcome::compressed), "not indexed");
  text += row("binary", seen.count(outcome::binary), "not indexed");
  text += row("empty", seen.count(outcome::empty), "");
  text += row("unreadable", seen.count(outcome::unreadable), "");
  for (const std::string& problem : seen.problems)
    text += "    " + shortened(problem, width - 4) + "\n";
  if (seen.count(outcome::unreadable) > seen.problems.size())
    text += "    ... all are in the table `skipped` of the database\n";
  text += "database " + printable(database) + "\n";
  text += row("documents", totals.documents, counted(totals.tokens, "word"));
  text += row("commits", totals.commits, "");
  if (totals.lock_waits != 0)
    text += row("lock waits", totals.lock_waits, "tries that found the database locked");
  if (totals.lost != 0) text += row("lost", totals.lost, "files of the batch that failed");
  return text;
}

std::string answer_text(const std::string& query, const std::vector<search_hit>& hits) {
  std::string text = "\n\"" + printable(query) + "\": ";
  if (split_words(query).words.empty()) return text + "no word to search for\n";
  if (hits.empty()) return text + "no document has any of these words\n";
  text += hits.size() == 1 ? "the best document\n"
                           : "the best " + grouped(hits.size()) + " documents\n";
  std::size_t number = 0;
  for (const search_hit& hit : hits) {
    text += padded_left(std::to_string(++number), 4) + "  " + shortened(hit.path, width - 6) + "\n";
    constexpr std::size_t indent = 8;
    for (const std::string& line : wrapped(flowed(hit.snippet), width - indent))
      text += std::string(indent, ' ') + line + "\n";
  }
  return text;
}

std::string calls_text(const call_ledger& ledger) {
  std::string text = "\ncalls\n";
  for (const std::string& line : ledger.table()) text += line + "\n";
  return text;
}

}  // namespace document_index
