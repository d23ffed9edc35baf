// SPDX-License-Identifier: MIT
//
// From interface pointer to object reference and back, before any bytes are written.
#pragma once

#include "object_reference.hpp"

#include <insula/core/unknown.hpp>
#include <insula/marshal/object_exporter.hpp>

namespace insula {

/// Decides how interface `iid` of `object` travels and makes the reference for one packet.
/// From: inside `exporter`. Waits: only for a proxy that does not have `iid` yet.
/// Runs your code. Fails: as CoMarshalInterface.
HRESULT make_reference(object_exporter& exporter, REFIID iid, IUnknown* object, DWORD destination,
                       DWORD flags, object_reference* out);

/// What can be said about `flags` and `destination` without an object.
HRESULT check_marshaling(REFIID iid, DWORD destination, DWORD flags);

/// `*out` is a counted pointer to `iid` (IID_NULL: the one in the reference) for use in `importer`.
/// `*consumed` says whether the packet's references are gone, which may be so after a failure too.
/// From: inside `importer`. Runs your code. Fails: as CoUnmarshalInterface.
HRESULT resolve_reference(object_exporter& importer, const object_reference& reference, REFIID iid,
                          void** out, bool* consumed);

/// Gives up a packet's references. One that was used up is S_OK.
/// From: any thread. Waits: never. Runs your code only when inside the object's exporter.
HRESULT release_reference(const object_reference& reference) noexcept;

}  // namespace insula
