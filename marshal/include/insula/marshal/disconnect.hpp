// SPDX-License-Identifier: MIT
//
// What the owner of an object may do about its clients, and how a client learns of it.
#pragma once

#include <insula/core/unknown.hpp>

namespace insula {

extern "C" {

/// Holds `object` for clients that are not there yet, or lets go again; locks are counted. The
/// first lock exports the object if nobody did, and counts as an external connection. Unlocking
/// what was never locked does nothing. `last_unlock_releases` is what IExternalConnection is told
/// when the last lock goes (Microsoft reference, "CoLockObjectExternal"). From: the object's
/// apartment. Runs your code: IExternalConnection; letting go of the last hold releases the object.
/// Fails: E_INVALIDARG for null; CO_E_NOTINITIALIZED; CO_E_NOT_SUPPORTED when `object` is a proxy.
HRESULT CoLockObjectExternal(IUnknown* object, BOOL lock, BOOL last_unlock_releases);

/// Cuts all clients off `object`: every packet, proxy and lock loses its hold at once, and the
/// references that marshaling held are released. Calls that are running finish first; until then
/// new ones get CO_E_OBJNOTCONNECTED, after that RPC_E_DISCONNECTED. IExternalConnection is not
/// told. S_OK as well when the object was never marshaled (Microsoft reference,
/// "CoDisconnectObject"). From: the object's apartment. Runs your code: the object's Release.
/// Fails: E_INVALIDARG for null; CO_E_NOTINITIALIZED.
HRESULT CoDisconnectObject(IUnknown* object, DWORD reserved);

/// True unless `object` is a proxy whose object is gone: released, disconnected, or its apartment
/// closed. False also for null, and for a proxy that may not be used by the calling code. An object
/// that is no proxy is always connected (Microsoft reference, "CoIsHandlerConnected").
/// Waits: never. Runs your code: QueryInterface of an object that is no proxy.
BOOL CoIsHandlerConnected(IUnknown* object);

}  // extern "C"

}  // namespace insula
