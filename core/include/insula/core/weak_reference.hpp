// SPDX-License-Identifier: MIT
//
// References that do not keep an object alive, with the interfaces and ids of the Windows Runtime
// (Microsoft reference, "weakreference.h"). weak_ref.hpp is the comfortable form.
#pragma once

#include <insula/core/unknown.hpp>

namespace insula {

/// A reference that does not keep its object alive.
struct IWeakReference : IUnknown {
  /// `*out` becomes a counted pointer to the object's interface `iid`; null, with S_OK, once the
  /// last strong reference has gone. An object never comes back from there.
  /// From: any thread when the object may be used there.
  virtual HRESULT Resolve(REFIID iid, void** out) = 0;
};

/// An object that can be referred to weakly.
struct IWeakReferenceSource : IUnknown {
  virtual HRESULT GetWeakReference(IWeakReference** out) = 0;
};

INSULA_IID(IWeakReference, IUnknown, "00000037-0000-0000-c000-000000000046")
INSULA_IID(IWeakReferenceSource, IUnknown, "00000038-0000-0000-c000-000000000046")

}  // namespace insula
