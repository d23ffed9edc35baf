// SPDX-License-Identifier: MIT
#include "apartment_context.hpp"

#include "apartment_core.hpp"

#include <insula/core/exception.hpp>
#include <insula/core/sentence.hpp>

namespace insula {
namespace {

HRESULT has_no_properties(const char* what) noexcept {
  return explain_error(
      CO_E_NOT_SUPPORTED,
      [what] {
        return std::string(what) + ": the context of an apartment has no properties; keep what "
                                   "belongs to an object in the object.";
      },
      iid_of<IContext>());
}

}  // namespace

HRESULT apartment_context::QueryInterface(REFIID iid, void** out) {
  if (out == nullptr) return E_POINTER;
  *out = nullptr;
  if (iid == IID_IUnknown || iid == iid_of<IContext>() || iid == iid_of<IObjContext>())
    *out = static_cast<IObjContext*>(this);
  else if (iid == iid_of<IComThreadingInfo>())
    *out = static_cast<IComThreadingInfo*>(this);
  else if (iid == iid_of<IContextCallback>())
    *out = static_cast<IContextCallback*>(this);
  if (*out == nullptr) return E_NOINTERFACE;
  AddRef();
  return S_OK;
}

ULONG apartment_context::AddRef() {
  home_.AddRef();
  return references_.fetch_add(1, std::memory_order_relaxed) + 1;
}

ULONG apartment_context::Release() {
  const ULONG left = references_.fetch_sub(1, std::memory_order_relaxed) - 1;
  home_.Release();  // may end both
  return left;
}

HRESULT apartment_context::SetProperty(REFGUID, CPFLAGS, IUnknown*) {
  return has_no_properties("IContext::SetProperty");
}

HRESULT apartment_context::RemoveProperty(REFGUID) {
  return has_no_properties("IContext::RemoveProperty");
}

HRESULT apartment_context::GetProperty(REFGUID, CPFLAGS* flags, IUnknown** value) {
  if (flags == nullptr || value == nullptr) return E_POINTER;
  *flags = 0;
  *value = nullptr;
  return has_no_properties("IContext::GetProperty");
}

HRESULT apartment_context::EnumContextProps(IEnumContextProps** out) {
  if (out == nullptr) return E_POINTER;
  *out = nullptr;
  return has_no_properties("IContext::EnumContextProps");
}

HRESULT apartment_context::GetCurrentApartmentType(APTTYPE* type) {
  APTTYPEQUALIFIER qualifier{};
  return CoGetApartmentType(type, &qualifier);
}

HRESULT apartment_context::GetCurrentThreadType(THDTYPE* type) {
  if (type == nullptr) return E_INVALIDARG;
  const apartment_core* const here = thread_apartment();
  if (here == nullptr)
    return set_error(CO_E_NOTINITIALIZED,
                     "IComThreadingInfo::GetCurrentThreadType: the calling thread is in no "
                     "apartment and the process has no MTA. Enter one first.",
                     iid_of<IComThreadingInfo>());
  *type = here->kind() == apartment_kind::sta ? THDTYPE_PROCESSMESSAGES : THDTYPE_BLOCKMESSAGES;
  return S_OK;
}

HRESULT apartment_context::GetCurrentLogicalThreadId(GUID* id) {
  return CoGetCurrentLogicalThreadId(id);
}

HRESULT apartment_context::SetCurrentLogicalThreadId(REFGUID id) {
  if (id == GUID_NULL) return E_INVALIDARG;
  current_logical_thread().causality = id;
  return S_OK;
}

HRESULT apartment_context::ContextCallback(PFNCONTEXTCALL callback, ComCallData* data, REFIID, int,
                                           IUnknown*) {
  if (callback == nullptr)
    return set_error(E_INVALIDARG, "IContextCallback::ContextCallback needs a function to call.",
                     iid_of<IContextCallback>());
  const bool here = home_.is_current();
  HRESULT code = S_OK;
  com_ptr<IErrorInfo> why;
  const auto inside = [&] {
    code = abi_guard([&] { return callback(data); });
    if (here || SUCCEEDED(code)) return;
    // The error belongs to the call: it goes home by value, with the code.
    com_ptr<IErrorInfo> info;
    (void)GetErrorInfo(0, info.put());
    (void)abi_guard([&] { why = copy_error_info(info.get()); });
  };
  const HRESULT ran = abi_guard([&] { return home_.call(inside); });
  if (FAILED(ran))
    return explain_error(
        ran,
        [&] {
          return "IContextCallback::ContextCallback failed: " + home_.description() + ": " +
                 why_refused(ran, home_);
        },
        iid_of<IContextCallback>());
  if (why) (void)SetErrorInfo(0, why.get());
  return code;
}

}  // namespace insula
