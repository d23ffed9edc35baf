// SPDX-License-Identifier: MIT
//
// The context in which an object lives. Here that is its apartment: each has one context object.
//   CoGetObjectContext, CoGetContextToken    the calling code's
//   IObjContext, IContext                    the object itself
//   IComThreadingInfo                        about the calling thread
//   IContextCallback                         runs a function inside
//   CoGetCurrentLogicalThreadId, CoGetCurrentProcess, CoGetCallerTID    names of what is running
// Signatures, ids and meaning are those of the Microsoft reference pages of the same titles.
#pragma once

#include <insula/apartments/initialize.hpp>
#include <insula/core/unknown.hpp>

#include <cstdint>

namespace insula {

using ULONG_PTR = std::uintptr_t;
using CPFLAGS = DWORD;

struct IEnumContextProps;

/// How a thread waits for the apartments it calls.
enum THDTYPE : std::int32_t {
  THDTYPE_BLOCKMESSAGES = 0,    // it blocks: the MTA's threads
  THDTYPE_PROCESSMESSAGES = 1,  // it serves incoming calls meanwhile: an STA's thread
};

/// The context of an apartment. It has no properties: all four fail with CO_E_NOT_SUPPORTED.
struct IContext : IUnknown {
  virtual HRESULT SetProperty(REFGUID policy, CPFLAGS flags, IUnknown* value) = 0;
  virtual HRESULT RemoveProperty(REFGUID policy) = 0;
  virtual HRESULT GetProperty(REFGUID policy, CPFLAGS* flags, IUnknown** value) = 0;
  virtual HRESULT EnumContextProps(IEnumContextProps** out) = 0;
};

struct IObjContext : IContext {
  virtual void Reserved1() = 0;
  virtual void Reserved2() = 0;
  virtual void Reserved3() = 0;
  virtual void Reserved4() = 0;
  virtual void Reserved5() = 0;
  virtual void Reserved6() = 0;
  virtual void Reserved7() = 0;
};

/// Answers for the thread that asks, whichever apartment's context object is asked.
struct IComThreadingInfo : IUnknown {
  /// As CoGetApartmentType.
  virtual HRESULT GetCurrentApartmentType(APTTYPE* type) = 0;
  /// Inside the neutral apartment: of the apartment the thread belongs to.
  virtual HRESULT GetCurrentThreadType(THDTYPE* type) = 0;
  /// As CoGetCurrentLogicalThreadId.
  virtual HRESULT GetCurrentLogicalThreadId(GUID* id) = 0;
  /// Makes the calling code part of another causality, until the call it serves ends.
  /// Fails: E_INVALIDARG for GUID_NULL.
  virtual HRESULT SetCurrentLogicalThreadId(REFGUID id) = 0;
};

struct ComCallData {
  DWORD dwDispid;
  DWORD dwReserved;
  void* pUserDefined;
};

using PFNCONTEXTCALL = HRESULT (*)(ComCallData* data);

struct IContextCallback : IUnknown {
  /// Runs `callback(data)` inside the apartment of this context and gives what it returns, with its
  /// error info. `iid`, `method` and `reserved` have no meaning here.
  /// From: any thread. Waits: as a call does.
  /// Fails: E_INVALIDARG without a function; RPC_E_DISCONNECTED when the apartment has closed; what
  /// `callback` returned, or the code of what it threw.
  virtual HRESULT ContextCallback(PFNCONTEXTCALL callback, ComCallData* data, REFIID iid,
                                  int method, IUnknown* reserved) = 0;
};

INSULA_IID(IContext, IUnknown, "000001c0-0000-0000-c000-000000000046")
INSULA_IID(IObjContext, IContext, "000001c6-0000-0000-c000-000000000046")
INSULA_IID(IComThreadingInfo, IUnknown, "000001ce-0000-0000-c000-000000000046")
INSULA_IID(IContextCallback, IUnknown, "000001da-0000-0000-c000-000000000046")

extern "C" {

/// `*out` is interface `iid` of the context object of the apartment the calling code runs in; the
/// same object for everybody there. It may be used from any thread.
/// Fails: E_POINTER; CO_E_NOTINITIALIZED; E_NOINTERFACE.
HRESULT CoGetObjectContext(REFIID iid, void** out);

/// A number that is equal for two pieces of code when they run in the same apartment, and only
/// then, while the apartment exists. Fails: CO_E_NOTINITIALIZED; E_POINTER.
HRESULT CoGetContextToken(ULONG_PTR* token);

/// The id of the chain of calls that the calling code is part of: made when first asked for, the
/// same in everything that is called from there. Works without any apartment.
/// Fails: E_INVALIDARG for null.
HRESULT CoGetCurrentLogicalThreadId(GUID* id);

/// A number that is not 0 and differs for each thread of the process that asks. It is neither the
/// process's id nor the thread's.
DWORD CoGetCurrentProcess();

/// Where the call that the calling code serves came from: `*caller` is the id of the STA's thread,
/// 0 for the MTA, all bits set for the neutral apartment. S_FALSE, and 0, when it serves no call.
/// For logs. Fails: E_INVALIDARG for null.
HRESULT CoGetCallerTID(DWORD* caller);

}  // extern "C"

}  // namespace insula
