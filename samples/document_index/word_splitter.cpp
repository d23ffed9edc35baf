// SPDX-License-Identifier: MIT
#include "word_splitter.hpp"

#include "code_points.hpp"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <string>
#include <unordered_map>
#include <utility>

namespace document_index {
namespace {

constexpr std::size_t longest_word = 64;

struct text_hash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const noexcept {
    return std::hash<std::string_view>{}(text);
  }
};
using counts = std::unordered_map<std::string, std::uint64_t, text_hash, std::equal_to<>>;

constexpr bool between(char32_t c, char32_t low, char32_t high) noexcept {
  return c >= low && c <= high;
}

// Outside of ASCII, everything counts as part of a word but the blocks of punctuation, symbols and
// spaces. That is coarse, the same everywhere, and independent of the locale.
constexpr bool is_word_character(char32_t c) noexcept {
  if (c < 0x80) return between(c, 'a', 'z') || between(c, 'A', 'Z') || between(c, '0', '9');
  if (c < 0xC0) return c == 0xAA || c == 0xB5 || c == 0xBA;
  if (c == 0xD7 || c == 0xF7) return false;
  return !(between(c, 0x2000, 0x206F) || between(c, 0x20A0, 0x20CF) ||
           between(c, 0x2190, 0x2BFF) || between(c, 0x2E00, 0x2E7F) ||
           between(c, 0x3000, 0x3004) || between(c, 0x3008, 0x3020) ||
           between(c, 0xE000, 0xF8FF) || between(c, 0xFE10, 0xFE6F) ||
           between(c, 0xFF00, 0xFF0F) || between(c, 0xFF1A, 0xFF20) ||
           between(c, 0xFF3B, 0xFF40) || between(c, 0xFF5B, 0xFF65) ||
           between(c, 0xFFE0, 0xFFFF) || between(c, 0x1F000, 0x1FAFF));
}

// Latin, Greek and Cyrillic. Other scripts have no case or are left as they are.
constexpr char32_t lower(char32_t c) noexcept {
  if (c < 0x80) return between(c, 'A', 'Z') ? c + 0x20 : c;
  if (between(c, 0xC0, 0xDE) && c != 0xD7) return c + 0x20;
  if (c == 0x178) return 0xFF;
  if (between(c, 0x139, 0x148) || between(c, 0x179, 0x17E)) return (c & 1) != 0 ? c + 1 : c;
  if (between(c, 0x100, 0x137) && c != 0x130 && c != 0x131) return c | 1;
  if (between(c, 0x14A, 0x177) || between(c, 0x1E00, 0x1E95)) return c | 1;
  if (between(c, 0x391, 0x3AB) && c != 0x3A2) return c + 0x20;
  if (between(c, 0x400, 0x40F)) return c + 0x50;
  if (between(c, 0x410, 0x42F)) return c + 0x20;
  if (between(c, 0x460, 0x481) || between(c, 0x48A, 0x4BF)) return c | 1;
  if (between(c, 0x4D0, 0x52F)) return c | 1;
  return c;
}

class word_counter {
 public:
  void add(char32_t c) {
    append_code_point(word_, lower(c));
    if (++length_ == longest_word) end_word();
  }

  void end_word() {
    if (length_ == 0) return;
    if (const auto known = counts_.find(std::string_view(word_)); known != counts_.end())
      ++known->second;
    else counts_.emplace(word_, 1);
    ++tokens_;
    word_.clear();
    length_ = 0;
  }

  word_list take() {
    word_list result;
    result.tokens = tokens_;
    result.words.reserve(counts_.size());
    while (!counts_.empty()) {
      auto entry = counts_.extract(counts_.begin());
      result.words.push_back({std::move(entry.key()), entry.mapped()});
    }
    std::sort(result.words.begin(), result.words.end(),
              [](const word_count& a, const word_count& b) { return a.word < b.word; });
    return result;
  }

 private:
  counts counts_;
  std::string word_;
  std::size_t length_ = 0;  // of word_, in characters
  std::uint64_t tokens_ = 0;
};

}  // namespace

word_list split_words(std::string_view text) {
  word_counter counter;
  while (!text.empty()) {
    const code_point next = first_code_point(text);
    if (next.valid && is_word_character(next.value)) counter.add(next.value);
    else counter.end_word();
    text.remove_prefix(next.length);
  }
  counter.end_word();
  return counter.take();
}

}  // namespace document_index
