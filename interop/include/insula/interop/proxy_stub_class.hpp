// SPDX-License-Identifier: MIT
//
// Which class makes the proxies and stubs of an interface. Meaning is that of the Microsoft
// reference pages "CoRegisterPSClsid" and "CoGetPSClsid". Interfaces described with
// INSULA_INTERFACE need none of this.
#pragma once

#include <insula/core/unknown.hpp>

namespace insula {

/// The class that makes proxies and stubs from descriptions. CoGetClassObject gives its
/// IPSFactoryBuffer in every apartment.
inline constexpr CLSID CLSID_DescribedInterfaces = guid("8d0f6a52-6f3b-4c0e-9a44-0c9f3b1c7e21");

extern "C" {

/// From now on class `clsid` makes the proxies and stubs of interface `iid`, in the whole process,
/// until its last apartment closes. Its class object (CoRegisterClassObject) is looked for when one
/// is needed, and must have IPSFactoryBuffer. What was made before stays as it is.
/// Fails: CO_E_NOTINITIALIZED; E_OUTOFMEMORY.
HRESULT CoRegisterPSClsid(REFIID iid, REFCLSID clsid);

/// The class registered for `iid`, else CLSID_DescribedInterfaces if the interface is described.
/// Fails: E_INVALIDARG for null; CO_E_NOTINITIALIZED; REGDB_E_IIDNOTREG.
HRESULT CoGetPSClsid(REFIID iid, CLSID* clsid);

}  // extern "C"

}  // namespace insula
