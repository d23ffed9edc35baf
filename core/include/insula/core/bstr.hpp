// SPDX-License-Identifier: MIT
//
// Counted UTF-16 strings of automation: four bytes of length (in bytes, without the terminator)
// right before the first character, a zero character after the last one.
//
//      BSTR ──┐
//   [ length ][ characters … ][ 0 ]
//
// A null BSTR and an empty one mean the same.
#pragma once

#include <insula/core/types.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace insula {

using BSTR = OLECHAR*;

extern "C" {

/// A copy of a zero-terminated text. Null for null, and when there is no memory.
BSTR SysAllocString(const OLECHAR* text) noexcept;
/// `length` characters, copied from `text`, or left unset when `text` is null.
BSTR SysAllocStringLen(const OLECHAR* text, ULONG length) noexcept;
/// `size` bytes, copied from `bytes`, or left unset when `bytes` is null.
BSTR SysAllocStringByteLen(const char* bytes, ULONG size) noexcept;
/// Replaces `*string` by a copy of `text`, which may lie inside it. 0 and unchanged when there is
/// no memory.
int SysReAllocString(BSTR* string, const OLECHAR* text) noexcept;
int SysReAllocStringLen(BSTR* string, const OLECHAR* text, ULONG length) noexcept;
void SysFreeString(BSTR string) noexcept;
/// Characters; 0 for null.
ULONG SysStringLen(BSTR string) noexcept;
/// Bytes; 0 for null.
ULONG SysStringByteLen(BSTR string) noexcept;

}  // extern "C"

/// Owns one BSTR.
class bstr {
 public:
  bstr() noexcept = default;
  /// Fails: throws std::bad_alloc; std::length_error for a text that a BSTR cannot hold.
  explicit bstr(std::u16string_view text);
  explicit bstr(const OLECHAR* text) : bstr(std::u16string_view(text)) {}
  /// UTF-8, converted; bytes that are not UTF-8 become U+FFFD.
  explicit bstr(std::string_view utf8);
  explicit bstr(const char* utf8) : bstr(std::string_view(utf8)) {}

  /// Byte for byte; null stays null. Fails: throws std::bad_alloc.
  bstr(const bstr& other);
  bstr(bstr&& other) noexcept : string_(other.detach()) {}
  bstr& operator=(bstr other) noexcept {
    std::swap(string_, other.string_);
    return *this;
  }
  ~bstr() { SysFreeString(string_); }

  [[nodiscard]] BSTR get() const noexcept { return string_; }
  /// For an out-parameter: frees what it holds, then gives its address.
  [[nodiscard]] BSTR* put() noexcept {
    SysFreeString(std::exchange(string_, nullptr));
    return &string_;
  }
  /// Takes over the caller's BSTR.
  void attach(BSTR string) noexcept { SysFreeString(std::exchange(string_, string)); }
  [[nodiscard]] BSTR detach() noexcept { return std::exchange(string_, nullptr); }

  [[nodiscard]] std::size_t size() const noexcept { return SysStringLen(string_); }
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }
  [[nodiscard]] std::u16string_view view() const noexcept {
    return string_ == nullptr ? std::u16string_view() : std::u16string_view(string_, size());
  }
  /// As UTF-8.
  [[nodiscard]] std::string str() const;

  friend bool operator==(const bstr& a, const bstr& b) noexcept { return a.view() == b.view(); }

 private:
  BSTR string_ = nullptr;  // owner: whoever uses this bstr
};

}  // namespace insula
