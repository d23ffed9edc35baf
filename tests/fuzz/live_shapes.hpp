// SPDX-License-Identifier: MIT
//
// One method for every shape that a parameter can have, and an object that reads and writes all
// that its contract allows.
#pragma once

#include <insula/core/bstr.hpp>
#include <insula/core/implements.hpp>
#include <insula/core/task_memory.hpp>
#include <insula/marshal/interface.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

namespace insula::fuzz {

/// Somewhere for what was read, so that reading is not left out.
inline volatile std::uint64_t seen = 0;

template <class T>
void see(const T& value) {
  if constexpr (std::is_arithmetic_v<T> || std::is_enum_v<T>) {
    seen = seen + static_cast<std::uint64_t>(value != T{});
  } else {
    for (const auto& one : value) see(one);
  }
}
template <class Char>
void see_text(const Char* text) {
  if (text != nullptr) seen = seen + std::char_traits<Char>::length(text);
}

inline constexpr std::size_t whole_up_to = 64 * 1024;

/// Reads all of it, or of something huge both ends and a bit of each part.
template <class T>
void see_all(const T* first, std::size_t count) {
  for (std::size_t i = 0; i < count; i += count > whole_up_to ? count / 1024 : 1) see(first[i]);
  if (count != 0) see(first[count - 1]);
}
template <class T>
void fill_all(T* first, std::size_t count) {
  for (std::size_t i = 0; i < count; i += count > whole_up_to ? count / 64 : 1)
    first[i] = static_cast<T>(i);
  if (count != 0) first[count - 1] = T{1};
}

struct leaf {
  std::int32_t value = 0;
  const char* label = nullptr;
  leaf* next = nullptr;
};
INSULA_FIELDS(leaf, (next, one));

struct entry {
  std::int32_t key = 0;
  std::int32_t* extra = nullptr;
};
INSULA_FIELDS(entry, (extra, one));

struct block {
  std::int16_t count = 0;
  double* numbers = nullptr;
  entry* entries = nullptr;
  std::uint64_t entry_count = 0;
};
INSULA_FIELDS(block, (numbers, size_is(1)), (entries, size_is("entry_count")), (entry_count));

struct chain {
  std::int32_t value = 0;
  full_ptr<chain> next;
  full_ptr<chain> other;
};

inline void see_list(const leaf* list) {
  for (; list != nullptr; list = list->next) {
    see(list->value);
    see_text(list->label);
  }
}
inline void see_block(const block& one) {
  if (one.count != 0) see_all(one.numbers, static_cast<std::size_t>(one.count));
  for (std::size_t i = 0; i != one.entry_count; ++i)
    if (one.entries[i].extra != nullptr) see(*one.entries[i].extra);
}
inline void see_chain(const chain* one) {
  for (int steps = 0; one != nullptr && steps != 100; ++steps) {
    see(one->value);
    if (one->other != nullptr) see(one->other->value);
    one = one->next;
  }
}

template <class T>
T* task_new() {
  return new (CoTaskMemAlloc(sizeof(T))) T{};
}
template <class T>
T* task_array(std::size_t count) {
  T* made = static_cast<T*>(CoTaskMemAlloc(count * sizeof(T)));
  for (std::size_t i = 0; i != count; ++i) new (made + i) T{};
  return made;
}
inline block task_block(std::size_t numbers, std::size_t entries) {
  return {static_cast<std::int16_t>(numbers), task_array<double>(numbers),
          task_array<entry>(entries), entries};
}
inline char* task_text(std::string_view text) {
  char* copy = static_cast<char*>(CoTaskMemAlloc(text.size() + 1));
  text.copy(copy, text.size());
  copy[text.size()] = '\0';
  return copy;
}

struct record {
  std::string name;
  std::optional<std::int32_t> size;
  std::variant<std::monostate, std::int64_t, std::string, std::vector<record>> any;
  std::array<std::u16string, 2> titles;
  std::int16_t numbers[3];
  bool flag;
};
inline void see_record(const record& one) {
  see(one.name);
  if (one.size) see(*one.size);
  if (const auto* more = std::get_if<std::vector<record>>(&one.any))
    for (const record& inner : *more) see_record(inner);
  if (const auto* text = std::get_if<std::string>(&one.any)) see(*text);
  see(one.titles);
  see(one.numbers);
}

struct IShapes : IUnknown {
  virtual HRESULT Text(char* p, std::int64_t n) = 0;
  virtual HRESULT Wide(const std::uint16_t& n, char16_t* p) = 0;
  virtual HRESULT InText(const char8_t* p, std::uint64_t* n) = 0;
  virtual HRESULT I8(std::byte* p, std::int8_t n) = 0;
  virtual HRESULT U8(std::uint8_t n, std::uint64_t* p) = 0;
  virtual HRESULT I16(std::uint16_t* p, const std::int16_t* n) = 0;
  virtual HRESULT U16(std::int32_t* p, std::uint16_t& n) = 0;
  virtual HRESULT I32(double* p, std::int32_t n) = 0;
  virtual HRESULT U32(std::uint32_t* n, char* p) = 0;
  virtual HRESULT I64(bool* p, std::int64_t n) = 0;
  virtual HRESULT U64(const std::uint64_t* n, std::int16_t* p, std::int32_t* q) = 0;
  virtual HRESULT InPart(std::int32_t length, const std::int16_t* p, std::uint32_t size) = 0;
  virtual HRESULT BothPart(const std::uint64_t* size, double* p, std::int64_t& length) = 0;
  virtual HRESULT OutPart(std::int16_t size, char32_t* p, std::uint8_t length) = 0;
  virtual HRESULT Told(std::uint32_t size, std::byte* p, std::uint32_t* length) = 0;
  virtual HRESULT ToldBack(std::uint32_t size, std::int64_t* p, std::int64_t* length) = 0;
  virtual HRESULT Made(std::uint32_t* count, leaf** items, std::int64_t** number) = 0;
  virtual HRESULT Names(std::int8_t* count, char*** names) = 0;
  virtual HRESULT Words(std::uint16_t n, const char* const* words) = 0;
  virtual HRESULT Entries(std::uint32_t n, entry* entries) = 0;
  virtual HRESULT Strings(std::uint8_t n, std::string* strings) = 0;
  virtual HRESULT Chains(const chain& in, chain& both, chain& more) = 0;
  virtual HRESULT Full(const std::int32_t* a, const std::int32_t* n, const std::int32_t* p) = 0;
  virtual HRESULT Values(std::uint32_t count, const std::int32_t* values, const char* text,
                         const leaf* list, leaf& both, char** words, const double* maybe) = 0;
  virtual HRESULT Bstrs(BSTR in, BSTR* both, BSTR* out) = 0;
  virtual HRESULT Objects(IUnknown* in, IUnknown** both, REFIID iid, void** out) = 0;
  virtual HRESULT ObjectArray(std::uint32_t n, IUnknown** both) = 0;
  virtual HRESULT Blocks(const block& in, block& both, block* out) = 0;
  virtual std::vector<block> more_blocks(std::vector<block> in) = 0;
  virtual record records(const std::vector<record>& in, record& both) = 0;
  virtual std::map<std::string, std::vector<std::optional<double>>> containers(
      std::span<const std::int64_t> numbers, std::string_view text,
      std::set<std::u16string>& words, std::unordered_map<std::uint8_t, bool>&& flags) = 0;
  virtual std::tuple<std::chrono::nanoseconds, bstr, std::unique_ptr<record>> mixed(
      const std::variant<bool, std::vector<std::string>, std::array<double, 2>>& any,
      std::shared_ptr<record> shared, const std::int32_t (&fixed)[3]) = 0;
};
INSULA_INTERFACE(
    IShapes, IUnknown, "7b1f7a40-2d1d-4d8e-9c55-3a1c40c6b0f0",
    (Text, out("p", string, size_is("n")), in("n")),
    (Wide, in("n"), in_out("p", string, size_is("n"))),
    (InText, in("p", string, size_is("n")), in("n")), (I8, out("p", size_is("n")), in("n")),
    (U8, in("n"), in_out("p", size_is("n"))),
    (I16, out("p", size_is("n"), unique), in("n", unique)),
    (U16, out("p", size_is("n")), in_out("n")), (I32, out("p", size_is("n")), in("n")),
    (U32, in_out("n"), out("p", string, size_is("n"), unique)),
    (I64, in_out("p", size_is("n")), in("n")),
    (U64, in("n", unique), out("p", size_is("n")), in_out("q", size_is("n"), unique)),
    (InPart, in("length"), in("p", size_is("size"), length_is("length")), in("size")),
    (BothPart, in("size", unique), in_out("p", size_is("size"), length_is("length")),
     in_out("length")),
    (OutPart, in("size"), out("p", size_is("size"), length_is("length")), in("length")),
    (Told, in("size"), out("p", size_is("size"), length_is("length")), out("length")),
    (ToldBack, in("size"), out("p", size_is("size"), length_is("length")), in_out("length")),
    (Made, out("count"), out("items", size_is("count")), out("number")),
    (Names, out("count"), out("names", size_is("count"))),
    (Words, in("n"), in("words", size_is("n"))),
    (Entries, in("n"), in_out("entries", size_is("n"))),
    (Strings, in("n"), out("strings", size_is("n"))), (Chains, in, in_out, in_out),
    (Full, in("a", full), in("n", full), in("p", size_is("n"), unique)),
    (Values, in("count"), in("values", size_is("count")), in("text"), in("list", unique),
     in_out("both"), in_out("words"), in("maybe", unique)),
    (Bstrs, in("in", bstr), in_out("both", bstr), out("out", bstr)),
    (Objects, in("in"), in_out("both"), in("iid"), out("out", iid_is("iid"))),
    (ObjectArray, in("n"), in_out("both", size_is("n"))), (Blocks, in, in_out, out),
    (more_blocks), (records), (containers), (mixed));

class shapes final : public implements<shapes, IShapes> {
 public:
  HRESULT Text(char* p, std::int64_t n) override { return fill_text(p, n); }
  HRESULT Wide(const std::uint16_t& n, char16_t* p) override {
    see_text(p);
    return fill_text(p, n);
  }
  HRESULT InText(const char8_t* p, std::uint64_t* n) override {
    see_text(p);
    see_all(p, *n);
    return S_OK;
  }
  HRESULT I8(std::byte* p, std::int8_t n) override { return fill(p, n); }
  HRESULT U8(std::uint8_t n, std::uint64_t* p) override {
    see_all(p, n);
    return fill(p, n);
  }
  HRESULT I16(std::uint16_t* p, const std::int16_t* n) override {
    return n == nullptr || p == nullptr ? S_FALSE : fill(p, *n);
  }
  HRESULT U16(std::int32_t* p, std::uint16_t& n) override {
    const HRESULT code = fill(p, n);
    n = static_cast<std::uint16_t>(n + 1);
    return code;
  }
  HRESULT I32(double* p, std::int32_t n) override { return fill(p, n); }
  HRESULT U32(std::uint32_t* n, char* p) override {
    return p == nullptr ? S_FALSE : fill_text(p, *n);
  }
  HRESULT I64(bool* p, std::int64_t n) override {
    see_all(p, static_cast<std::size_t>(n));
    return fill(p, n);
  }
  HRESULT U64(const std::uint64_t* n, std::int16_t* p, std::int32_t* q) override {
    if (n == nullptr) return S_FALSE;
    if (q != nullptr) fill_all(q, *n);
    return fill(p, *n);
  }
  HRESULT InPart(std::int32_t length, const std::int16_t* p, std::uint32_t size) override {
    see_all(p, static_cast<std::size_t>(length));
    see_all(p, size);
    return S_OK;
  }
  HRESULT BothPart(const std::uint64_t* size, double* p, std::int64_t& length) override {
    see_all(p, static_cast<std::size_t>(length));
    if (size == nullptr) return S_FALSE;
    length = static_cast<std::int64_t>(*size);
    return fill(p, *size);
  }
  HRESULT OutPart(std::int16_t size, char32_t* p, std::uint8_t length) override {
    fill_all(p, length);
    return fill(p, size);
  }
  HRESULT Told(std::uint32_t size, std::byte* p, std::uint32_t* length) override {
    *length = size / 2;
    return fill(p, size);
  }
  HRESULT ToldBack(std::uint32_t size, std::int64_t* p, std::int64_t* length) override {
    *length = size;
    return fill(p, size);
  }
  HRESULT Made(std::uint32_t* count, leaf** items, std::int64_t** number) override {
    *count = 1;
    *items = task_new<leaf>();
    (*items)->next = task_new<leaf>();
    (*items)->label = task_text("label");
    *number = task_new<std::int64_t>();
    return S_OK;
  }
  HRESULT Names(std::int8_t* count, char*** names) override {
    *count = 2;
    *names = static_cast<char**>(CoTaskMemAlloc(2 * sizeof(char*)));
    (*names)[0] = task_text("name");
    (*names)[1] = nullptr;
    return S_OK;
  }
  HRESULT Words(std::uint16_t n, const char* const* words) override {
    for (int i = 0; i != n; ++i) see_text(words[i]);
    return S_OK;
  }
  HRESULT Entries(std::uint32_t n, entry* entries) override {
    for (std::uint32_t i = 0; i != n; ++i) {
      entries[i].key += 1;
      if (entries[i].extra != nullptr) CoTaskMemFree(entries[i].extra);
      entries[i].extra = i % 2 == 0 ? task_new<std::int32_t>() : nullptr;
    }
    return S_OK;
  }
  HRESULT Strings(std::uint8_t n, std::string* strings) override {
    for (std::size_t i = 0; i != n; ++i) strings[i] = std::string(i, 's');
    return S_OK;
  }
  HRESULT Chains(const chain& in, chain& both, chain& more) override {
    see_chain(&in);
    see_chain(&both);
    see_chain(&more);
    if (both.next == nullptr) both.next = task_new<chain>();
    if (more.next == nullptr) more.next = both.next;
    both.next->other = both.next;
    return S_OK;
  }
  HRESULT Full(const std::int32_t* a, const std::int32_t* n, const std::int32_t* p) override {
    if (a != nullptr) see(*a);
    if (n != nullptr && p != nullptr) see_all(p, static_cast<std::size_t>(*n));
    return S_OK;
  }
  HRESULT Values(std::uint32_t count, const std::int32_t* values, const char* text,
                 const leaf* list, leaf& both, char** words, const double* maybe) override {
    see_all(values, count);
    see_text(text);
    see_list(list);
    see_list(&both);
    both.value += 1;
    if (both.next == nullptr) both.next = task_new<leaf>();
    see_text(*words);
    CoTaskMemFree(*words);
    *words = task_text("other words");
    if (maybe != nullptr) see(*maybe);
    return S_OK;
  }
  HRESULT Bstrs(BSTR in, BSTR* both, BSTR* out) override {
    if (in != nullptr) see_all(in, SysStringLen(in));
    *out = SysAllocStringLen(*both, SysStringLen(*both));
    SysFreeString(*both);
    *both = SysAllocString(u"new");
    return S_OK;
  }
  HRESULT Objects(IUnknown* in, IUnknown** both, REFIID iid, void** out) override {
    std::swap(*both, in);
    if (*both != nullptr) (*both)->AddRef();
    if (in != nullptr) in->Release();
    return QueryInterface(iid, out) == S_OK ? S_OK : S_FALSE;
  }
  HRESULT ObjectArray(std::uint32_t n, IUnknown** both) override {
    for (std::uint32_t i = 0; i + 1 < n; ++i) std::swap(both[i], both[i + 1]);
    return S_OK;
  }
  HRESULT Blocks(const block& in, block& both, block* out) override {
    see_block(in);
    see_block(both);
    *out = task_block(3, 2);
    out->entries[1].extra = task_new<std::int32_t>();
    const block fresh = task_block(static_cast<std::size_t>(both.count) + 1, both.entry_count / 2);
    ndr_codec<block>::free(both);
    both = fresh;
    return S_OK;
  }
  std::vector<block> more_blocks(std::vector<block> in) override {
    std::vector<block> result;
    for (const block& one : in) {
      see_block(one);
      result.push_back(task_block(one.entry_count % 8, static_cast<std::size_t>(one.count % 8)));
    }
    return result;
  }
  record records(const std::vector<record>& in, record& both) override {
    for (const record& one : in) see_record(one);
    see_record(both);
    both.any = in;
    return in.empty() ? record{} : in.front();
  }
  std::map<std::string, std::vector<std::optional<double>>> containers(
      std::span<const std::int64_t> numbers, std::string_view text, std::set<std::u16string>& words,
      std::unordered_map<std::uint8_t, bool>&& flags) override {
    see_all(numbers.data(), numbers.size());
    see(text);
    words.insert(u"one more");
    std::map<std::string, std::vector<std::optional<double>>> result{{std::string(text), {}}};
    for (const auto& [key, value] : flags)
      result["flags"].push_back(value ? std::optional<double>(key) : std::nullopt);
    return result;
  }
  std::tuple<std::chrono::nanoseconds, bstr, std::unique_ptr<record>> mixed(
      const std::variant<bool, std::vector<std::string>, std::array<double, 2>>& any,
      std::shared_ptr<record> shared, const std::int32_t (&fixed)[3]) override {
    see(fixed);
    if (const auto* texts = std::get_if<1>(&any)) see(*texts);
    return {std::chrono::nanoseconds(7), bstr(u"text"),
            shared ? std::make_unique<record>(*shared) : nullptr};
  }

 private:
  template <class T, class Count>
  static HRESULT fill(T* p, Count n) {
    fill_all(p, static_cast<std::size_t>(n));
    return S_OK;
  }
  template <class Char, class Count>
  static HRESULT fill_text(Char* p, Count n) {
    fill_all(p, static_cast<std::size_t>(n));
    p[n - 1] = Char{};
    return S_OK;
  }
};

}  // namespace insula::fuzz
