// SPDX-License-Identifier: MIT
//
// Ids as text at the ABI. Signatures and meaning are those of the Microsoft reference pages of the
// same titles (combaseapi.h). In C++, parse_guid and to_string (guid.hpp) do the same.
#pragma once

#include <insula/core/guid.hpp>
#include <insula/core/hresult.hpp>
#include <insula/core/types.hpp>

namespace insula {

extern "C" {

/// `*clsid` is the id that `text` spells, with braces: "{xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx}".
/// Null text is CLSID_NULL. There are no names of programs here. On failure `*clsid` is CLSID_NULL.
/// Fails: E_INVALIDARG for a null `clsid`; CO_E_CLASSSTRING.
HRESULT CLSIDFromString(LPCOLESTR text, CLSID* clsid);

/// The same for an interface. Fails: E_INVALIDARG for a null `iid`, or a text of another length
/// than an id has; CO_E_IIDSTRING.
HRESULT IIDFromString(LPCOLESTR text, IID* iid);

/// Writes "{XXXXXXXX-XXXX-XXXX-XXXX-XXXXXXXXXXXX}" and its terminator into `text`, which has room
/// for `capacity` characters. The result is 39, how many were written; 0, and nothing written, when
/// there is no room for that many.
int StringFromGUID2(REFGUID value, LPOLESTR text, int capacity);

/// `*text` is the same text in task memory, the caller's.
/// Fails: E_INVALIDARG for a null `text`; E_OUTOFMEMORY.
HRESULT StringFromCLSID(REFCLSID clsid, LPOLESTR* text);
HRESULT StringFromIID(REFIID iid, LPOLESTR* text);

}  // extern "C"

}  // namespace insula
