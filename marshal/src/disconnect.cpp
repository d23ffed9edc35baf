// SPDX-License-Identifier: MIT
#include <insula/marshal/disconnect.hpp>

#include "failure_text.hpp"
#include "marshal_tables.hpp"
#include "proxy_manager.hpp"

#include <insula/core/error_info.hpp>
#include <insula/core/exception.hpp>

namespace insula {

namespace {

/// What both functions need to know first: where this is, and which object is meant.
HRESULT find_object(std::string_view attempt, IUnknown* object, object_exporter** home,
                    com_ptr<IUnknown>* identity) {
  if (object == nullptr) return E_INVALIDARG;
  *home = current_exporter();
  if (*home == nullptr) return fail_without_apartment(attempt, IID_IUnknown);
  return query_interface(object, identity);
}

}  // namespace

extern "C" HRESULT CoLockObjectExternal(IUnknown* object, BOOL lock, BOOL last_unlock_releases) {
  return abi_guard([&]() -> HRESULT {
    object_exporter* home = nullptr;
    com_ptr<IUnknown> identity;
    HRESULT code = find_object("CoLockObjectExternal", object, &home, &identity);
    if (FAILED(code)) return code;
    export_table& exports = home->tables().exports;
    if (lock == 0) {
      if (const com_ptr<stub_manager> known = exports.find(identity.get()))
        known->unlock_external(last_unlock_releases != 0);
      return S_OK;
    }
    if (const com_ptr<IStandardProxy> proxy = identity.try_as<IStandardProxy>())
      return set_error(CO_E_NOT_SUPPORTED,
                       text_failed("CoLockObjectExternal", IID_IUnknown, &proxy->manager().home(),
                                   "this is a proxy; lock the object where it lives"));
    com_ptr<stub_manager> manager;
    code = exports.hold(identity.get(), &manager);
    if (FAILED(code)) return code;
    const stub_manager::held_export held(*manager);
    manager->lock_external();
    return S_OK;
  });
}

extern "C" BOOL CoIsHandlerConnected(IUnknown* object) {
  if (object == nullptr) return 0;
  BOOL connected = 0;
  (void)abi_guard([&] {
    com_ptr<IStandardProxy> proxy;
    const HRESULT code = query_interface(object, &proxy);
    connected = code == E_NOINTERFACE || (SUCCEEDED(code) && proxy->manager().connected());
  });
  return connected;
}

extern "C" HRESULT CoDisconnectObject(IUnknown* object, DWORD) {
  return abi_guard([&]() -> HRESULT {
    object_exporter* home = nullptr;
    com_ptr<IUnknown> identity;
    const HRESULT code = find_object("CoDisconnectObject", object, &home, &identity);
    if (FAILED(code)) return code;
    if (const com_ptr<stub_manager> known = home->tables().exports.find(identity.get()))
      known->disconnect();
    return S_OK;
  });
}

}  // namespace insula
