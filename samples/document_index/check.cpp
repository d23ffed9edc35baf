// SPDX-License-Identifier: MIT
#include "check.hpp"

#include "text_layout.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace document_index {
namespace {

constexpr std::uint32_t page_size = 1000;
constexpr std::size_t most_sentences = 5;  // of one sort

class findings {
 public:
  void add(std::string sentence) {
    if (++found_ <= most_sentences) sentences_.push_back(std::move(sentence));
  }
  void append_to(std::vector<std::string>& all, std::string_view sort) {
    if (found_ > most_sentences)
      sentences_.push_back("... and " + grouped(found_ - most_sentences) + " more " +
                           std::string(sort));
    all.insert(all.end(), sentences_.begin(), sentences_.end());
  }

 private:
  std::vector<std::string> sentences_;
  std::size_t found_ = 0;
};

const std::string& key(const document_digest& one) { return one.path; }
const std::string& key(const skipped_file& one) { return one.path; }
const std::string& key(const word_total& one) { return one.word; }

std::string described(const document_digest& one) {
  return counted(one.tokens, "token") + ", " + counted(one.distinct_words, "word") + ", " +
         counted(one.bytes, "byte") + ", " + std::to_string(one.repaired) + " repaired, hash " +
         std::to_string(one.hash) + (one.cut ? ", cut" : "");
}
std::string described(const skipped_file& one) {
  return std::string(to_string(one.why)) + " (" + one.reason + ")";
}
std::string described(const word_total& one) {
  return counted(one.count, "time") + " in " + counted(one.documents, "document");
}

// Both in order, so one walk over the two finds what either lacks. The store's list comes page by
// page; `next_page` gives what follows a key.
template <class T, class NextPage>
void compare(std::vector<std::string>& all, std::string_view sort, const std::vector<T>& expected,
             NextPage next_page) {
  findings found;
  const auto missing = [&](const T& one) {
    found.add(printable(key(one)) + ": missing in the parallel run; alone: " + described(one));
  };
  auto next = expected.begin();
  std::string after;
  for (std::vector<T> page = next_page(after); !page.empty(); page = next_page(after)) {
    after = key(page.back());
    for (const T& one : page) {
      for (; next != expected.end() && key(*next) < key(one); ++next) missing(*next);
      if (next == expected.end() || key(*next) != key(one)) {
        found.add(printable(key(one)) + ": only in the parallel run: " + described(one));
        continue;
      }
      if (described(*next) != described(one))
        found.add(printable(key(one)) + ": parallel " + described(one) + "; alone " +
                  described(*next));
      ++next;
    }
  }
  for (; next != expected.end(); ++next) missing(*next);
  found.append_to(all, sort);
}

void compare_number(std::vector<std::string>& all, const std::string& what, std::uint64_t parallel,
                    std::uint64_t alone) {
  if (parallel != alone)
    all.push_back(what + ": parallel " + grouped(parallel) + "; alone " + grouped(alone));
}

}  // namespace

std::vector<std::string> differences(const metered<IIndexStore>& store, const progress& seen,
                                     const tally& expected) {
  std::vector<std::string> all;
  const store_totals totals = store->totals();
  compare_number(all, "documents", totals.documents, expected.documents.size());
  compare_number(all, "tokens", totals.tokens, expected.tokens);
  compare_number(all, "skipped files", totals.skipped, expected.skipped.size());
  compare_number(all, "indexed, as the display counted", seen.count(outcome::indexed),
                 expected.documents.size());
  for (const outcome what : all_outcomes) {
    if (what == outcome::indexed) continue;
    const auto alone = std::count_if(expected.skipped.begin(), expected.skipped.end(),
                                     [what](const skipped_file& one) { return one.why == what; });
    compare_number(all, std::string(to_string(what)) + ", as the display counted",
                   seen.count(what), static_cast<std::uint64_t>(alone));
  }
  compare(all, "documents", expected.documents,
          [&](const std::string& after) { return store->documents(after, page_size); });
  compare(all, "skipped files", expected.skipped,
          [&](const std::string& after) { return store->skipped(after, page_size); });
  compare(all, "words", expected.words,
          [&](const std::string& after) { return store->words(after, page_size); });
  return all;
}

}  // namespace document_index
