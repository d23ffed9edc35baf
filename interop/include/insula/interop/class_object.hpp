// SPDX-License-Identifier: MIT
//
// Classes by id: whoever can make objects registers a class object, others ask for it or for an
// object. Signatures and meaning are those of the Microsoft reference pages of the same titles
// (combaseapi.h, unknwn.h).
//   IClassFactory                                  what a class object usually offers
//   CoRegisterClassObject, CoRevokeClassObject     registration at run time
//   CoSuspendClassObjects, CoResumeClassObjects    all of them at once
//   CoGetClassObject, CoCreateInstance             use
//
// A registration belongs to the apartment it was made in and ends with it. For CLSCTX_INPROC_SERVER
// and CLSCTX_INPROC_HANDLER it is that apartment's own: others do not find it, nor use it up. For
// CLSCTX_LOCAL_SERVER and CLSCTX_REMOTE_SERVER it is found from every apartment: from others the
// class object, and what it creates, is reached through proxies and works in the apartment of the
// registration.
#pragma once

#include <insula/marshal/interface.hpp>

namespace insula {

/// Where a class may run. Registered classes run in this process, whatever they are registered for.
enum CLSCTX : DWORD {
  CLSCTX_INPROC_SERVER = 0x1,
  CLSCTX_INPROC_HANDLER = 0x2,
  CLSCTX_LOCAL_SERVER = 0x4,
  CLSCTX_REMOTE_SERVER = 0x10,
  CLSCTX_INPROC = CLSCTX_INPROC_SERVER | CLSCTX_INPROC_HANDLER,
  CLSCTX_SERVER = CLSCTX_INPROC_SERVER | CLSCTX_LOCAL_SERVER | CLSCTX_REMOTE_SERVER,
  CLSCTX_ALL = CLSCTX_INPROC_HANDLER | CLSCTX_SERVER,
};

enum REGCLS : DWORD {
  REGCLS_SINGLEUSE = 0,       // found once
  REGCLS_MULTIPLEUSE = 1,     // found always; a local server's class is in-process at home too
  REGCLS_MULTI_SEPARATE = 2,  // found always, for the contexts it names alone
  REGCLS_SUSPENDED = 4,       // not found until CoResumeClassObjects
};

/// Another machine; there are none, so it is always null.
struct COSERVERINFO;

struct IClassFactory : IUnknown {
  /// A new object; `outer`, if not null, aggregates it, and lives in the same apartment.
  virtual HRESULT CreateInstance(IUnknown* outer, REFIID iid, void** object) = 0;
  virtual HRESULT LockServer(BOOL lock) = 0;
};

/// An object in another apartment cannot become part of one here: the class is not asked.
template <>
struct call_as<&IClassFactory::CreateInstance> {
  static HRESULT at_caller(auto remote, IUnknown*& outer, REFIID iid, void**& object) {
    if (outer == nullptr) return remote();
    if (object != nullptr) *object = nullptr;
    return refused(iid);
  }
  static HRESULT at_object(IClassFactory& factory, IUnknown* outer, REFIID iid, void** object) {
    return outer == nullptr ? factory.CreateInstance(nullptr, iid, object) : refused(iid);
  }

 private:
  static HRESULT refused(REFIID iid);
};
INSULA_INTERFACE(IClassFactory, IUnknown, "00000001-0000-0000-c000-000000000046",
                 (CreateInstance, in("outer", unique), in("iid"), out("object", iid_is("iid"))),
                 (LockServer, in("lock")));

extern "C" {

/// Makes `object` the class object of `clsid` for the contexts in `context` (CLSCTX) until it is
/// revoked or the calling apartment closes. `flags` are those of REGCLS. Any object will do;
/// several registrations of one class are independent, and code that asks in the apartment of one
/// gets that. An object that has IPSFactoryBuffer makes the proxies and stubs of every apartment
/// (CoRegisterPSClsid), whatever it is registered for: it is called through it from any thread.
/// Owns: a reference to `object`. Runs your code: QueryInterface.
/// Fails: E_INVALIDARG; CO_E_NOTINITIALIZED.
HRESULT CoRegisterClassObject(REFCLSID clsid, IUnknown* object, DWORD context, DWORD flags,
                              DWORD* cookie);

/// Ends a registration. From: the apartment that made it. Runs your code: Release.
/// Fails: E_INVALIDARG for a cookie that is none; RPC_E_WRONG_THREAD; CO_E_NOTINITIALIZED.
HRESULT CoRevokeClassObject(DWORD cookie);

/// From now on nobody finds / everybody finds what is registered in the process.
HRESULT CoSuspendClassObjects();
HRESULT CoResumeClassObjects();

/// `*out` is interface `iid` of the class object of `clsid`: the object itself in the apartment
/// that registered it, else a proxy. `server` is null.
/// Waits: as a call does, unless the registration is the calling apartment's own.
/// Runs your code: QueryInterface.
/// Fails: E_INVALIDARG; CO_E_NOTINITIALIZED; REGDB_E_CLASSNOTREG (for none of the contexts in
/// `context`, or in-process in another apartment alone); E_NOINTERFACE (no such
/// interface, or none that can be marshaled); RPC_E_DISCONNECTED when the apartment closes
/// meanwhile.
HRESULT CoGetClassObject(REFCLSID clsid, DWORD context, COSERVERINFO* server, REFIID iid,
                         void** out);

/// Makes an object of class `clsid` through its IClassFactory; `*out` is its interface `iid`, for
/// use in the calling apartment. The object lives in the apartment that registered the class.
/// Waits: as CoGetClassObject. Runs your code: the class object's.
/// Fails: as CoGetClassObject; E_POINTER for a null `out`; CLASS_E_NOAGGREGATION for an `outer`
/// when `iid` is not IUnknown's or the class is another apartment's; what CreateInstance returned.
HRESULT CoCreateInstance(REFCLSID clsid, IUnknown* outer, DWORD context, REFIID iid, void** out);

}  // extern "C"

}  // namespace insula
