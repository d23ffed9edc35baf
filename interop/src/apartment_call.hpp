// SPDX-License-Identifier: MIT
#pragma once

#include <insula/apartments/apartment.hpp>
#include <insula/core/function_ref.hpp>

namespace insula {

/// Gives interface `iid` of the object that `get` (run inside `home`) puts into its argument, for
/// use in the calling apartment. Error info of a failure comes along by value.
/// Waits: as a call does, unless `home` is the calling apartment.
/// Fails: what `get` returned; E_NOINTERFACE; RPC_E_DISCONNECTED.
HRESULT bring_interface(const apartment& home, REFIID iid,
                        function_ref<HRESULT(com_ptr<IUnknown>*)> get, void** out);

}  // namespace insula
