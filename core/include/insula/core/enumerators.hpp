// SPDX-License-Identifier: MIT
//
// Sequences that are walked through in steps. Meaning and layout are those of the Microsoft
// reference pages of the same titles (objidl.h, comcat.h).
//
// In each, Next puts up to `count` elements into `elements`, and how many into `*fetched`, which
// may be null when `count` is 1; S_FALSE when there were fewer than that. Skip: S_FALSE when there
// were not that many. Clone gives another one that stands at the same element.
#pragma once

#include <insula/core/guid.hpp>
#include <insula/core/unknown.hpp>

namespace insula {

/// The pointers are counted, and the caller's.
struct IEnumUnknown : IUnknown {
  virtual HRESULT Next(ULONG count, IUnknown** elements, ULONG* fetched) = 0;
  virtual HRESULT Skip(ULONG count) = 0;
  virtual HRESULT Reset() = 0;
  virtual HRESULT Clone(IEnumUnknown** out) = 0;
};

/// The texts are task memory, and the caller's.
struct IEnumString : IUnknown {
  virtual HRESULT Next(ULONG count, LPOLESTR* elements, ULONG* fetched) = 0;
  virtual HRESULT Skip(ULONG count) = 0;
  virtual HRESULT Reset() = 0;
  virtual HRESULT Clone(IEnumString** out) = 0;
};

struct IEnumGUID : IUnknown {
  virtual HRESULT Next(ULONG count, GUID* elements, ULONG* fetched) = 0;
  virtual HRESULT Skip(ULONG count) = 0;
  virtual HRESULT Reset() = 0;
  virtual HRESULT Clone(IEnumGUID** out) = 0;
};
using IEnumCLSID = IEnumGUID;
using IEnumIID = IEnumGUID;

INSULA_IID(IEnumUnknown, IUnknown, "00000100-0000-0000-c000-000000000046")
INSULA_IID(IEnumString, IUnknown, "00000101-0000-0000-c000-000000000046")
INSULA_IID(IEnumGUID, IUnknown, "0002e000-0000-0000-c000-000000000046")

}  // namespace insula
