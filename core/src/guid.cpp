// SPDX-License-Identifier: MIT
#include "insula/core/guid.hpp"

#include "insula/core/hresult.hpp"

#include "print_guid.hpp"

#include <cerrno>
#include <cstring>
#include <new>
#include <system_error>

#include <sys/random.h>

namespace insula {

void print_guid(const GUID& value, char (&text)[38]) noexcept {
  static constexpr char digits[] = "0123456789ABCDEF";
  std::memcpy(text, "{00000000-0000-0000-0000-000000000000}", sizeof text);
  std::size_t position = 1;
  const auto put = [&](std::uint64_t number, unsigned count) {
    for (unsigned i = count; i != 0; --i)
      text[position++] = digits[(number >> (4 * (i - 1))) & 15];
  };
  put(value.Data1, 8);
  ++position;
  put(value.Data2, 4);
  ++position;
  put(value.Data3, 4);
  ++position;
  for (unsigned i = 0; i != 8; ++i) {
    if (i == 2) ++position;
    put(value.Data4[i], 2);
  }
}

std::string to_string(const GUID& value) {
  char text[38];
  print_guid(value, text);
  return std::string(text, sizeof text);
}

GUID new_guid() {
  unsigned char bytes[sizeof(GUID)];
  std::size_t filled = 0;
  while (filled != sizeof bytes) {
    const ssize_t got = getrandom(bytes + filled, sizeof bytes - filled, 0);
    if (got > 0) filled += static_cast<std::size_t>(got);
    else if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "getrandom");
  }
  GUID result;
  std::memcpy(&result, bytes, sizeof result);
  result.Data3 = static_cast<std::uint16_t>((result.Data3 & 0x0FFF) | 0x4000);   // version 4
  result.Data4[0] = static_cast<std::uint8_t>((result.Data4[0] & 0x3F) | 0x80);  // RFC 4122
  return result;
}

HRESULT CoCreateGuid(GUID* out) {
  if (out == nullptr) return E_INVALIDARG;
  try {
    *out = new_guid();
    return S_OK;
  } catch (const std::exception&) {
    return E_FAIL;
  }
}

}  // namespace insula
