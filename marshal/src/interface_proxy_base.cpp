// SPDX-License-Identifier: MIT
#include <insula/marshal/interface_proxy_base.hpp>

namespace insula {

interface_proxy_base::~interface_proxy_base() = default;

HRESULT interface_proxy_base::QueryInterface(REFIID iid, void** out) {
  if (out == nullptr) return E_POINTER;
  *out = nullptr;
  const bool is_identity = iid == iid_of<IUnknown>();
  if (iid == iid_of<IRpcProxyBuffer>() || (is_identity && outer_ != nullptr)) {
    *out = static_cast<IRpcProxyBuffer*>(this);
    AddRef();
    return S_OK;
  }
  if (iid == IID_interface_proxy_base) {
    *out = this;
    AddRef();
    return S_OK;
  }
  if (is_identity || info_->derives_from(iid)) {
    *out = interface_;
    outer_add_ref();
    return S_OK;
  }
  return E_NOINTERFACE;
}

ULONG interface_proxy_base::AddRef() {
  return references_.fetch_add(1, std::memory_order_relaxed) + 1;
}

ULONG interface_proxy_base::Release() {
  const ULONG left = references_.fetch_sub(1, std::memory_order_acq_rel) - 1;
  if (left == 0) delete this;
  return left;
}

HRESULT interface_proxy_base::Connect(IRpcChannelBuffer* channel) {
  if (channel == nullptr) return E_POINTER;
  channel_.copy_from(channel);
  return S_OK;
}

void interface_proxy_base::Disconnect() { channel_.reset(); }

HRESULT interface_proxy_base::outer_query_interface(REFIID iid, void** out) {
  return outer_ != nullptr ? outer_->QueryInterface(iid, out) : QueryInterface(iid, out);
}

ULONG interface_proxy_base::outer_add_ref() {
  return outer_ != nullptr ? outer_->AddRef() : AddRef();
}

ULONG interface_proxy_base::outer_release() {
  return outer_ != nullptr ? outer_->Release() : Release();
}

interface_proxy_base* typed_proxy_of(IRpcProxyBuffer* proxy) {
  void* found = nullptr;
  if (proxy == nullptr || FAILED(proxy->QueryInterface(IID_interface_proxy_base, &found)))
    return nullptr;
  auto* typed = static_cast<interface_proxy_base*>(found);
  typed->Release();
  return typed;
}

HRESULT is_proxy(IUnknown* object) {
  com_ptr<IInterfaceProxySource> source;
  const HRESULT code = query_interface(object, &source);
  return code == E_NOINTERFACE ? S_FALSE : code;
}

interface_proxy_base* find_interface_proxy(IUnknown* object, REFIID iid) {
  com_ptr<IUnknown> keeps;
  return find_interface_proxy(object, iid, &keeps);
}

interface_proxy_base* find_interface_proxy(IUnknown* object, REFIID iid,
                                           com_ptr<IUnknown>* keeps) {
  if (object == nullptr) return nullptr;
  com_ptr<IInterfaceProxySource> source;
  if (SUCCEEDED(query_interface(object, &source))) {
    interface_proxy_base* const typed = source ? source->find(iid) : nullptr;
    if (typed != nullptr) *keeps = std::move(source);
    return typed;
  }
  void* found = nullptr;
  if (FAILED(object->QueryInterface(IID_interface_proxy_base, &found))) return nullptr;
  com_ptr<interface_proxy_base> typed(static_cast<interface_proxy_base*>(found), take_ownership);
  if (!typed->info().derives_from(iid)) return nullptr;
  interface_proxy_base* const borrowed = typed.get();
  *keeps = std::move(typed);
  return borrowed;
}

}  // namespace insula
