// SPDX-License-Identifier: MIT
//
// Who makes the proxies and stubs of an interface.
#pragma once

#include <insula/core/unknown.hpp>
#include <insula/marshal/rpc.hpp>

namespace insula {

/// The factory for `iid`, counted: the one registered at run time, else the one of the descriptions
/// compiled in (interface.hpp). From: any thread. Fails: REGDB_E_IIDNOTREG, with error info that
/// names the interface and the cure.
HRESULT find_ps_factory(REFIID iid, IPSFactoryBuffer** out) noexcept;

/// The factory of the descriptions compiled in, when one of them is of `iid`; counted.
/// Fails: CLASS_E_CLASSNOTAVAILABLE, as DllGetClassObject of a proxy/stub module does.
HRESULT ps_factory_for(REFIID iid, IPSFactoryBuffer** out) noexcept;

/// From now on `factory` makes the proxies and stubs of `iid`, in place of any other. Existing ones
/// stay as they are. `factory` may be called from any thread and apartment; a class of factories
/// made from `implements` says so (`checks_home = false`). Fails: E_POINTER, E_OUTOFMEMORY.
HRESULT register_ps_factory(REFIID iid, IPSFactoryBuffer* factory) noexcept;

/// Undoes register_ps_factory. Fails: REGDB_E_IIDNOTREG when nothing was registered for `iid`.
HRESULT unregister_ps_factory(REFIID iid) noexcept;

/// Undoes every register_ps_factory.
void clear_registered_ps_factories() noexcept;

}  // namespace insula
