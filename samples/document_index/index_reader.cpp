// SPDX-License-Identifier: MIT
#include "index_reader.hpp"

#include "text_layout.hpp"
#include "word_splitter.hpp"

namespace document_index {

std::string index_reader::what_is_missing() {
  sqlite_statement query(connection_,
                         "SELECT files, (SELECT count(*) FROM documents) + "
                         "(SELECT count(*) FROM skipped), ending IS NULL, ending FROM run");
  if (!query.step()) return "this index is partial: it says nothing of its making";
  const bool open_end = query.number(2) != 0;
  const std::string ending =
      open_end ? "it is being made, or its making was broken off" : query.text(3);
  if (ending.empty()) return {};
  return "this index is partial: " + grouped(query.number(1)) + " of " +
         counted(query.number(0), "file") + " (" + ending + ")";
}

std::vector<search_hit> index_reader::search(std::string_view words, std::uint32_t limit) {
  std::string all;
  std::string any;
  for (const word_count& word : split_words(words).words) {
    // In quotes a word is never one of the query language's own.
    const std::string quoted = '"' + word.word + '"';
    all += (all.empty() ? "" : " AND ") + quoted;
    any += (any.empty() ? "" : " OR ") + quoted;
  }
  if (all.empty()) return {};
  std::vector<search_hit> hits = matches(all, limit);
  if (hits.empty()) hits = matches(any, limit);
  return hits;
}

std::vector<search_hit> index_reader::matches(const std::string& expression,
                                                std::uint32_t limit) {
  sqlite_statement query(connection_,
                         "SELECT path, snippet(texts, 0, '[', ']', '...', 12) FROM texts "
                         "JOIN documents ON documents.id = texts.rowid "
                         "WHERE texts MATCH ?1 ORDER BY rank, path LIMIT ?2");
  query.bind(1, expression).bind(2, std::uint64_t{limit});
  std::vector<search_hit> hits;
  while (query.step()) hits.push_back({query.text(0), query.text(1)});
  return hits;
}

std::vector<document_digest> index_reader::documents(std::string_view after,
                                                       std::uint32_t limit) {
  sqlite_statement query(connection_,
                         "SELECT path, bytes, tokens, distinct_words, hash, repaired, cut "
                         "FROM documents WHERE path > ?1 ORDER BY path LIMIT ?2");
  query.bind(1, after).bind(2, std::uint64_t{limit});
  std::vector<document_digest> page;
  while (query.step()) {
    page.push_back({query.text(0), query.number(1), query.number(2), query.number(3),
                    query.number(4), query.number(5), query.number(6) != 0});
  }
  return page;
}

std::vector<skipped_file> index_reader::skipped(std::string_view after, std::uint32_t limit) {
  sqlite_statement query(
      connection_, "SELECT path, why, reason FROM skipped WHERE path > ?1 ORDER BY path LIMIT ?2");
  query.bind(1, after).bind(2, std::uint64_t{limit});
  std::vector<skipped_file> page;
  while (query.step())
    page.push_back({query.text(0), static_cast<outcome>(query.number(1)), query.text(2)});
  return page;
}

std::vector<word_total> index_reader::words(std::string_view after, std::uint32_t limit) {
  sqlite_statement query(
      connection_,
      "SELECT word, count, documents FROM words WHERE word > ?1 ORDER BY word LIMIT ?2");
  query.bind(1, after).bind(2, std::uint64_t{limit});
  std::vector<word_total> page;
  while (query.step()) page.push_back({query.text(0), query.number(1), query.number(2)});
  return page;
}

}  // namespace document_index
