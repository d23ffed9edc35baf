// SPDX-License-Identifier: MIT
#include "insula/core/guid_text.hpp"

#include "print_guid.hpp"

#include "insula/core/task_memory.hpp"

#include <cstring>
#include <string>

namespace insula {
namespace {

constexpr int characters = 38;

/// The text as plain characters, whose length, up to one more than an id has, comes back.
int narrowed(LPCOLESTR text, char (&out)[characters + 1]) noexcept {
  int length = 0;
  for (; length != characters + 1 && text[length] != 0; ++length)
    out[length] = text[length] < 0x80 ? static_cast<char>(text[length]) : '?';
  return length;
}

bool parse(LPCOLESTR text, GUID* out, int* length) noexcept {
  char plain[characters + 1];
  *length = narrowed(text, plain);
  if (*length != characters) return false;
  const std::optional<GUID> parsed = parse_guid(std::string_view(plain, characters));
  if (parsed) *out = *parsed;
  return parsed.has_value();
}

}  // namespace

HRESULT CLSIDFromString(LPCOLESTR text, CLSID* clsid) {
  if (clsid == nullptr) return E_INVALIDARG;
  *clsid = CLSID_NULL;
  int length = 0;
  return text == nullptr || parse(text, clsid, &length) ? S_OK : CO_E_CLASSSTRING;
}

HRESULT IIDFromString(LPCOLESTR text, IID* iid) {
  if (iid == nullptr) return E_INVALIDARG;
  *iid = IID_NULL;
  int length = 0;
  if (text == nullptr || parse(text, iid, &length)) return S_OK;
  return length == characters ? CO_E_IIDSTRING : E_INVALIDARG;
}

int StringFromGUID2(REFGUID value, LPOLESTR text, int capacity) {
  if (text == nullptr || capacity <= characters) return 0;
  char plain[characters];
  print_guid(value, plain);
  for (int i = 0; i != characters; ++i) text[i] = static_cast<OLECHAR>(plain[i]);
  text[characters] = 0;
  return characters + 1;
}

HRESULT StringFromCLSID(REFCLSID clsid, LPOLESTR* text) {
  if (text == nullptr) return E_INVALIDARG;
  *text = static_cast<LPOLESTR>(CoTaskMemAlloc((characters + 1) * sizeof(OLECHAR)));
  if (*text == nullptr) return E_OUTOFMEMORY;
  (void)StringFromGUID2(clsid, *text, characters + 1);
  return S_OK;
}

HRESULT StringFromIID(REFIID iid, LPOLESTR* text) { return StringFromCLSID(iid, text); }

}  // namespace insula
