// SPDX-License-Identifier: MIT
#include <insula/interop/class_object.hpp>

#include "apartment_call.hpp"
#include "class_table.hpp"
#include "not_initialised.hpp"

#include <insula/core/error_info.hpp>
#include <insula/core/exception.hpp>
#include <insula/interop/proxy_stub_class.hpp>
#include <insula/marshal/proxy_stub_registry.hpp>

#include <optional>
#include <string>

namespace insula {
namespace {

HRESULT class_not_registered(const char* what, REFCLSID clsid) {
  return set_error(REGDB_E_CLASSNOTREG,
                   std::string(what) + ": class " + to_string(clsid) +
                       " is not registered for the contexts asked for. Register its class object "
                       "(CoRegisterClassObject) first, in an apartment that stays open.");
}

HRESULT class_not_found(const char* what, REFCLSID clsid, DWORD context) {
  const apartment here = apartment::current();
  if (!class_table::instance().only_elsewhere(clsid, context, here))
    return class_not_registered(what, clsid);
  return set_error(REGDB_E_CLASSNOTREG,
                   std::string(what) + ": class " + to_string(clsid) +
                       " is registered in-process in another apartment than " +
                       here.description() +
                       ", for that one alone. Register it here too, or for CLSCTX_LOCAL_SERVER and "
                       "ask for that.");
}

HRESULT class_object_of(DWORD cookie, const char* what, REFCLSID clsid, com_ptr<IUnknown>* out) {
  *out = class_table::instance().object(cookie);
  return *out ? S_OK : class_not_registered(what, clsid);
}

/// An interface that a class object lacks; told apart from a failure further down.
HRESULT class_lacks(REFCLSID clsid, REFIID iid, HRESULT code) {
  if (code != E_NOINTERFACE || has_error_info()) return code;
  return set_error(code,
                   "the class object of " + to_string(clsid) + " has no interface " +
                       interface_name(iid),
                   iid);
}

HRESULT new_object(IUnknown* class_object, IUnknown* outer, REFCLSID clsid, REFIID iid,
                   void** out) {
  com_ptr<IClassFactory> factory;
  const HRESULT code = query_interface(class_object, &factory);
  if (FAILED(code)) return class_lacks(clsid, iid_of<IClassFactory>(), code);
  return factory->CreateInstance(outer, iid, out);
}

}  // namespace

HRESULT call_as<&IClassFactory::CreateInstance>::refused(REFIID iid) {
  return set_error(CLASS_E_NOAGGREGATION,
                   "IClassFactory::CreateInstance: the class is another apartment's; an object can "
                   "be part of one in its own apartment alone. Pass no outer object.",
                   iid);
}

extern "C" HRESULT CoRegisterClassObject(REFCLSID clsid, IUnknown* object, DWORD context,
                                         DWORD flags, DWORD* cookie) {
  constexpr DWORD known_flags = REGCLS_MULTIPLEUSE | REGCLS_MULTI_SEPARATE | REGCLS_SUSPENDED;
  if (cookie != nullptr) *cookie = 0;
  if (object == nullptr || cookie == nullptr || (context & CLSCTX_ALL) == 0 ||
      (flags & ~known_flags) != 0)
    return set_error(E_INVALIDARG, "CoRegisterClassObject needs an object, a place for the cookie, "
                                   "a context of CLSCTX and flags of REGCLS.");
  if (current_exporter() == nullptr) return not_initialised("CoRegisterClassObject");
  return abi_guard([&] {
    com_ptr<IUnknown> kept(object);
    *cookie = class_table::instance().add(clsid, apartment::current(), kept,
                                          kept.try_as<IPSFactoryBuffer>(), context, flags);
  });
}

extern "C" HRESULT CoRevokeClassObject(DWORD cookie) {
  if (current_exporter() == nullptr) return not_initialised("CoRevokeClassObject");
  return abi_guard([&]() -> HRESULT {
    const apartment here = apartment::current();
    switch (class_table::instance().remove(cookie, here)) {
      case class_table::removal::done:
        return S_OK;
      case class_table::removal::unknown:
        return set_error(E_INVALIDARG, "CoRevokeClassObject: no class is registered under cookie " +
                                           std::to_string(cookie) +
                                           ". Registrations end with their apartment.");
      case class_table::removal::elsewhere:
        break;
    }
    return set_error(RPC_E_WRONG_THREAD,
                     "CoRevokeClassObject: the registration with cookie " + std::to_string(cookie) +
                         " was made in another apartment than " + here.description() +
                         ". Revoke it there.");
  });
}

extern "C" HRESULT CoSuspendClassObjects() {
  if (current_exporter() == nullptr) return not_initialised("CoSuspendClassObjects");
  class_table::instance().suspend_all(true);
  return S_OK;
}

extern "C" HRESULT CoResumeClassObjects() {
  if (current_exporter() == nullptr) return not_initialised("CoResumeClassObjects");
  class_table::instance().suspend_all(false);
  return S_OK;
}

extern "C" HRESULT CoGetClassObject(REFCLSID clsid, DWORD context, COSERVERINFO* server, REFIID iid,
                                    void** out) {
  constexpr const char* what = "CoGetClassObject";
  if (out != nullptr) *out = nullptr;
  if (out == nullptr || server != nullptr)
    return set_error(E_INVALIDARG, "CoGetClassObject: the result needs a place, and there is no "
                                   "other machine to name.");
  if (current_exporter() == nullptr) return not_initialised(what);
  return abi_guard([&]() -> HRESULT {
    if (clsid == CLSID_DescribedInterfaces) {
      com_ptr<IPSFactoryBuffer> factory;
      const HRESULT code = ps_factory_for(iid_of<IClassFactory>(), factory.put());
      return FAILED(code) ? code : factory->QueryInterface(iid, out);
    }
    const auto found = class_table::instance().find(clsid, context, apartment::current());
    if (!found) return class_not_found(what, clsid, context);
    const HRESULT code = bring_interface(
        found->home, iid,
        [&](com_ptr<IUnknown>* object) {
          return class_object_of(found->cookie, what, clsid, object);
        },
        out);
    return class_lacks(clsid, iid, code);
  });
}

extern "C" HRESULT CoCreateInstance(REFCLSID clsid, IUnknown* outer, DWORD context, REFIID iid,
                                    void** out) {
  constexpr const char* what = "CoCreateInstance";
  if (out == nullptr) return set_error(E_POINTER, "CoCreateInstance: the result needs a place.");
  *out = nullptr;
  if (current_exporter() == nullptr) return not_initialised(what);
  if (outer != nullptr && iid != IID_IUnknown)
    return set_error(CLASS_E_NOAGGREGATION, "CoCreateInstance: whoever aggregates an object must "
                                            "ask for its IUnknown.");
  return abi_guard([&]() -> HRESULT {
    const auto found = class_table::instance().find(clsid, context, apartment::current());
    if (!found) return class_not_found(what, clsid, context);
    if (found->home.is_current()) {
      com_ptr<IUnknown> class_object;
      const HRESULT code = class_object_of(found->cookie, what, clsid, &class_object);
      return FAILED(code) ? code : new_object(class_object.get(), outer, clsid, iid, out);
    }
    if (outer != nullptr)
      return set_error(CLASS_E_NOAGGREGATION,
                       "CoCreateInstance: class " + to_string(clsid) + " lives in " +
                           found->home.description() +
                           "; an object can be part of one in its own apartment alone.");
    return bring_interface(
        found->home, iid,
        [&](com_ptr<IUnknown>* object) {
          com_ptr<IUnknown> class_object;
          const HRESULT code = class_object_of(found->cookie, what, clsid, &class_object);
          if (FAILED(code)) return code;
          return new_object(class_object.get(), nullptr, clsid, IID_IUnknown, object->put_void());
        },
        out);
  });
}

}  // namespace insula
