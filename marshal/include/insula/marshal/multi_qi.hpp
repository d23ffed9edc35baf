// SPDX-License-Identifier: MIT
#pragma once

#include <insula/core/unknown.hpp>

namespace insula {

/// One question of QueryMultipleInterfaces.
struct MULTI_QI {
  const IID* pIID;
  IUnknown* pItf;  // null on entry; the caller owns what comes back
  HRESULT hr;
};

/// Many interfaces of one object at the price of one call. Every proxy has it (Microsoft reference,
/// "IMultiQI").
struct IMultiQI : IUnknown {
  /// Fills `pItf` and `hr` of each entry whose `pItf` is null on entry; others are left alone.
  /// What the proxy already has costs no call, all the rest together one.
  /// From: the apartment that owns the proxy. Waits: as a call waits.
  /// S_OK when all were found, S_FALSE when some were, E_NOINTERFACE when none was.
  /// Fails: E_INVALIDARG; RPC_E_WRONG_THREAD; when nothing was found because the object could not
  /// be asked, the reason.
  virtual HRESULT QueryMultipleInterfaces(ULONG cMQIs, MULTI_QI* pMQIs) = 0;
};

INSULA_IID(IMultiQI, IUnknown, "00000020-0000-0000-c000-000000000046")

}  // namespace insula
