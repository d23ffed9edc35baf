// SPDX-License-Identifier: MIT
//
// 128-bit names of interfaces and classes.
//   GUID         the value, laid out as in COM
//   guid("…")    from a literal, checked by the compiler
//   parse_guid   from text met at run time
//   to_string    the registry's spelling, with braces
//   new_guid     a fresh random one
// Their text at the ABI: guid_text.hpp.
#pragma once

#include <insula/core/types.hpp>

#include <bit>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace insula {

struct GUID {
  std::uint32_t Data1;
  std::uint16_t Data2;
  std::uint16_t Data3;
  std::uint8_t Data4[8];

  friend constexpr bool operator==(const GUID& a, const GUID& b) noexcept;
  /// Member by member, which is the order of the printed text.
  friend constexpr std::strong_ordering operator<=>(const GUID&, const GUID&) noexcept = default;
};
static_assert(sizeof(GUID) == 16 && alignof(GUID) == 4);

using IID = GUID;
using CLSID = GUID;
using REFGUID = const GUID&;
using REFIID = const GUID&;
using REFCLSID = const GUID&;

inline constexpr GUID GUID_NULL{};
inline constexpr GUID IID_NULL{};
inline constexpr GUID CLSID_NULL{};

/// Reads "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx", with or without braces, in either case of letters.
/// Anything else is nothing.
constexpr std::optional<GUID> parse_guid(std::string_view text) noexcept;

/// A literal of the same form. Malformed text does not compile.
template <std::size_t N>
consteval GUID guid(const char (&text)[N]) {
  static_assert(N == 37 || N == 39, "a GUID has 36 characters, or 38 with its braces");
  const std::optional<GUID> parsed = parse_guid(std::string_view(text, N - 1));
  if (!parsed) throw "malformed GUID";  // not a constant expression: stops the compilation here
  return *parsed;
}

/// "{XXXXXXXX-XXXX-XXXX-XXXX-XXXXXXXXXXXX}", the form that StringFromGUID2 writes.
std::string to_string(const GUID& value);

/// A random GUID (version 4). From: any thread. Fails: throws std::system_error when the kernel
/// gives no random bytes.
GUID new_guid();

/// The same at the ABI: E_INVALIDARG for null, E_FAIL when there are no random bytes.
extern "C" HRESULT CoCreateGuid(GUID* out);

// ---- Inline implementation ----------------------------------------------------------------------

constexpr bool operator==(const GUID& a, const GUID& b) noexcept {
  struct halves {
    std::uint64_t low, high;
  };
  const halves x = std::bit_cast<halves>(a);
  const halves y = std::bit_cast<halves>(b);
  return ((x.low ^ y.low) | (x.high ^ y.high)) == 0;
}

namespace detail {

/// Reads exactly `digits` hexadecimal digits at `*position`, or gives nothing.
constexpr std::optional<std::uint64_t> hex_number(std::string_view text, std::size_t position,
                                                  std::size_t digits) noexcept {
  std::uint64_t value = 0;
  for (const char c : text.substr(position, digits)) {
    std::uint64_t digit = 0;
    if (c >= '0' && c <= '9') digit = static_cast<std::uint64_t>(c - '0');
    else if (c >= 'a' && c <= 'f') digit = static_cast<std::uint64_t>(c - 'a' + 10);
    else if (c >= 'A' && c <= 'F') digit = static_cast<std::uint64_t>(c - 'A' + 10);
    else return std::nullopt;
    value = value * 16 + digit;
  }
  return value;
}

}  // namespace detail

constexpr std::optional<GUID> parse_guid(std::string_view text) noexcept {
  if (text.size() == 38 && text.front() == '{' && text.back() == '}') text = text.substr(1, 36);
  if (text.size() != 36) return std::nullopt;
  for (const std::size_t dash : {8u, 13u, 18u, 23u})
    if (text[dash] != '-') return std::nullopt;

  const auto first = detail::hex_number(text, 0, 8);
  const auto second = detail::hex_number(text, 9, 4);
  const auto third = detail::hex_number(text, 14, 4);
  const auto fourth = detail::hex_number(text, 19, 4);
  const auto last = detail::hex_number(text, 24, 12);
  if (!first || !second || !third || !fourth || !last) return std::nullopt;

  GUID result{static_cast<std::uint32_t>(*first),
              static_cast<std::uint16_t>(*second),
              static_cast<std::uint16_t>(*third),
              {}};
  const std::uint64_t tail = (*fourth << 48) | *last;
  for (unsigned i = 0; i != 8; ++i)
    result.Data4[i] = static_cast<std::uint8_t>(tail >> (56 - 8 * i));
  return result;
}

}  // namespace insula

template <>
struct std::hash<insula::GUID> {
  std::size_t operator()(const insula::GUID& value) const noexcept {
    struct halves {
      std::uint64_t low, high;
    };
    const halves x = std::bit_cast<halves>(value);
    std::uint64_t mixed = (x.low ^ (x.high << 29 | x.high >> 35)) * 0x9e3779b97f4a7c15u;
    return static_cast<std::size_t>(mixed ^ (mixed >> 32));
  }
};
