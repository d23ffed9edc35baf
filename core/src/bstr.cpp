// SPDX-License-Identifier: MIT
#include "insula/core/bstr.hpp"

#include "insula/core/task_memory.hpp"
#include "insula/core/utf.hpp"

#include <cstdint>
#include <cstring>
#include <limits>
#include <new>
#include <stdexcept>
#include <string>

namespace insula {
namespace {

// The block begins this far before the first character, so that the characters are aligned to 8;
// the length takes the second half.
constexpr std::size_t prefix = 8;
constexpr ULONG max_bytes = std::numeric_limits<ULONG>::max() - 16;
constexpr ULONG max_length = max_bytes / sizeof(OLECHAR);

char* block_of(BSTR string) noexcept { return reinterpret_cast<char*>(string) - prefix; }

void set_byte_length(char* block, ULONG bytes) noexcept {
  std::memcpy(block + prefix - sizeof bytes, &bytes, sizeof bytes);
}

BSTR allocate(const void* content, ULONG bytes) noexcept {
  if (bytes > max_bytes) return nullptr;
  // An odd number of bytes is followed by a whole zero character nevertheless.
  const std::size_t padded = std::size_t{bytes} + (bytes & 1);
  char* const block = static_cast<char*>(CoTaskMemAlloc(prefix + padded + sizeof(OLECHAR)));
  if (block == nullptr) return nullptr;
  set_byte_length(block, bytes);
  char* const text = block + prefix;
  if (content != nullptr && bytes != 0) std::memcpy(text, content, bytes);
  std::memset(text + bytes, 0, padded - bytes + sizeof(OLECHAR));
  return reinterpret_cast<BSTR>(text);
}

}  // namespace

BSTR SysAllocStringLen(const OLECHAR* text, ULONG length) noexcept {
  if (length > max_length) return nullptr;
  return allocate(text, length * static_cast<ULONG>(sizeof(OLECHAR)));
}

BSTR SysAllocString(const OLECHAR* text) noexcept {
  if (text == nullptr) return nullptr;
  const std::size_t length = std::char_traits<OLECHAR>::length(text);
  return length > max_length ? nullptr : SysAllocStringLen(text, static_cast<ULONG>(length));
}

BSTR SysAllocStringByteLen(const char* bytes, ULONG size) noexcept { return allocate(bytes, size); }

int SysReAllocStringLen(BSTR* string, const OLECHAR* text, ULONG length) noexcept {
  if (string == nullptr) return 0;
  // Made before the old one goes: `text` may lie inside it.
  const BSTR fresh = SysAllocStringLen(text, length);
  if (fresh == nullptr) return 0;
  if (text == nullptr && *string != nullptr) {
    const ULONG kept = length < SysStringLen(*string) ? length : SysStringLen(*string);
    std::memcpy(fresh, *string, std::size_t{kept} * sizeof(OLECHAR));
  }
  SysFreeString(*string);
  *string = fresh;
  return 1;
}

int SysReAllocString(BSTR* string, const OLECHAR* text) noexcept {
  if (string == nullptr) return 0;
  if (text == nullptr) {
    SysFreeString(*string);
    *string = nullptr;
    return 1;
  }
  const std::size_t length = std::char_traits<OLECHAR>::length(text);
  if (length > max_length) return 0;
  return SysReAllocStringLen(string, text, static_cast<ULONG>(length));
}

void SysFreeString(BSTR string) noexcept {
  if (string != nullptr) CoTaskMemFree(block_of(string));
}

ULONG SysStringByteLen(BSTR string) noexcept {
  if (string == nullptr) return 0;
  ULONG bytes;
  std::memcpy(&bytes, reinterpret_cast<char*>(string) - sizeof bytes, sizeof bytes);
  return bytes;
}

ULONG SysStringLen(BSTR string) noexcept {
  return SysStringByteLen(string) / static_cast<ULONG>(sizeof(OLECHAR));
}

bstr::bstr(std::u16string_view text) {
  if (text.size() > max_length) throw std::length_error("the text is too long for a BSTR");
  string_ = SysAllocStringLen(text.data(), static_cast<ULONG>(text.size()));
  if (string_ == nullptr) throw std::bad_alloc();
}

bstr::bstr(const bstr& other) {
  if (other.string_ == nullptr) return;
  string_ = SysAllocStringByteLen(reinterpret_cast<const char*>(other.string_),
                                  SysStringByteLen(other.string_));
  if (string_ == nullptr) throw std::bad_alloc();
}

bstr::bstr(std::string_view utf8) : bstr(std::u16string_view(to_utf16(utf8))) {}

std::string bstr::str() const { return to_utf8(view()); }

}  // namespace insula
