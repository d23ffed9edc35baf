// SPDX-License-Identifier: MIT
#pragma once

#include <insula/core/unknown.hpp>

namespace insula {

/// Kinds of external connections (EXTCONN enumeration).
enum EXTCONN : DWORD { EXTCONN_STRONG = 1, EXTCONN_WEAK = 2, EXTCONN_CALLABLE = 4 };

/// An object that wants to know whether anybody outside its apartment holds it implements this
/// (Microsoft reference, "IExternalConnection").
///
/// There is one connection for each interface that packets and proxies hold, and one for all locks
/// of CoLockObjectExternal together: it is added when the first of them comes and released when the
/// last goes. Called inside the object's apartment.
struct IExternalConnection : IUnknown {
  /// `kind` is EXTCONN_STRONG, `reserved` 0. The result is for diagnostics.
  virtual DWORD AddConnection(DWORD kind, DWORD reserved) = 0;
  /// `last_release_closes` is false when the object should live on without connections: its pointer
  /// came home, its apartment closes, or the last lock said so.
  virtual DWORD ReleaseConnection(DWORD kind, DWORD reserved, BOOL last_release_closes) = 0;
};

INSULA_IID(IExternalConnection, IUnknown, "00000019-0000-0000-c000-000000000046")

}  // namespace insula
