// SPDX-License-Identifier: MIT
//
// The integer names that cross the ABI, at the sizes they have in COM's headers.
#pragma once

#include <cstdint>

namespace insula {

using BYTE = std::uint8_t;
using WORD = std::uint16_t;
using DWORD = std::uint32_t;
using LONG = std::int32_t;
using ULONG = std::uint32_t;
using LONGLONG = std::int64_t;
using ULONGLONG = std::uint64_t;
using BOOL = int;

/// A result code: 32 bits, as everywhere; a type of its own, so that a method that returns a number
/// is told apart from one that returns a result, by people and by the marshaler. Converts to its
/// number by itself; `static_cast<HRESULT>` makes one.
enum HRESULT : std::int32_t {};


using LPVOID = void*;
/// Text at the ABI is UTF-16.
using OLECHAR = char16_t;
using LPOLESTR = OLECHAR*;
using LPCOLESTR = const OLECHAR*;

/// COM's unions of one 64-bit number and its halves; only the number is kept.
struct LARGE_INTEGER {
  std::int64_t QuadPart;
};
struct ULARGE_INTEGER {
  std::uint64_t QuadPart;
};

/// 100 ns steps since 1601-01-01, in two halves.
struct FILETIME {
  DWORD dwLowDateTime;
  DWORD dwHighDateTime;
};

}  // namespace insula
