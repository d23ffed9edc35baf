// SPDX-License-Identifier: MIT
#include "insula/core/hresult.hpp"

#include <cstdio>
#include <ostream>

namespace insula {
namespace {

struct code_entry {
  HRESULT code;
  std::string_view name;
  std::string_view text;
};

constexpr code_entry code_entries[] = {
#define INSULA_HRESULT_ENTRY(name, value, text) {name, #name, text},
    INSULA_HRESULT_CODES(INSULA_HRESULT_ENTRY)
#undef INSULA_HRESULT_ENTRY
};

const code_entry* find_code(HRESULT code) noexcept {
  for (const code_entry& entry : code_entries)
    if (entry.code == code) return &entry;
  return nullptr;
}

std::string hexadecimal(HRESULT code) {
  char digits[11];
  std::snprintf(digits, sizeof digits, "0x%08x", static_cast<unsigned>(code));
  return digits;
}

}  // namespace

std::string hresult_name(HRESULT code) {
  if (const code_entry* const entry = find_code(code)) return std::string(entry->name);
  return hexadecimal(code);
}

std::string hresult_text(HRESULT code) {
  if (const code_entry* const entry = find_code(code)) return std::string(entry->text);
  std::string text = FAILED(code) ? "The operation failed with code " : "The operation gave code ";
  text += hexadecimal(code);
  text += " of facility ";
  const std::string_view facility = hresult_facility_name(code);
  text += facility == "?" ? std::to_string(HRESULT_FACILITY(code)) : std::string(facility);
  text += '.';
  return text;
}

std::string_view hresult_facility_name(HRESULT code) noexcept {
  switch (HRESULT_FACILITY(code)) {
    case FACILITY_NULL:
      return "NULL";
    case FACILITY_RPC:
      return "RPC";
    case FACILITY_DISPATCH:
      return "DISPATCH";
    case FACILITY_STORAGE:
      return "STORAGE";
    case FACILITY_ITF:
      return "ITF";
    case FACILITY_WIN32:
      return "WIN32";
    case FACILITY_WINDOWS:
      return "WINDOWS";
    default:
      return "?";
  }
}

std::string to_string(hresult code) { return hresult_name(code.value); }

std::ostream& operator<<(std::ostream& stream, HRESULT code) {
  return stream << hresult_name(code);
}

std::ostream& operator<<(std::ostream& stream, hresult code) { return stream << code.value; }

}  // namespace insula
