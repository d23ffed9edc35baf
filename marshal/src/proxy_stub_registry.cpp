// SPDX-License-Identifier: MIT
#include <insula/marshal/proxy_stub_registry.hpp>

#include <insula/core/com_ptr.hpp>
#include <insula/core/error_info.hpp>
#include <insula/marshal/interface_info.hpp>
#include <insula/marshal/interface_registration.hpp>

#include "interface_stub.hpp"

#include <memory>
#include <mutex>
#include <new>
#include <shared_mutex>
#include <string>
#include <unordered_map>

namespace insula {

namespace {

// Makes proxies and stubs from descriptions. One object, which is always there.
class described_factory final : public IPSFactoryBuffer {
 public:
  HRESULT QueryInterface(REFIID iid, void** out) override {
    if (out == nullptr) return E_POINTER;
    *out = nullptr;
    if (iid != iid_of<IUnknown>() && iid != iid_of<IPSFactoryBuffer>()) return E_NOINTERFACE;
    *out = static_cast<IPSFactoryBuffer*>(this);
    return S_OK;
  }
  ULONG AddRef() override { return 2; }
  ULONG Release() override { return 1; }

  HRESULT CreateProxy(IUnknown* outer, REFIID iid, IRpcProxyBuffer** proxy,
                      void** interface_proxy) override {
    if (proxy == nullptr || interface_proxy == nullptr) return E_POINTER;
    *proxy = nullptr;
    *interface_proxy = nullptr;
    const interface_marshaler* marshaler = find_interface_marshaler(iid);
    if (marshaler == nullptr) return E_NOINTERFACE;
    interface_proxy_base* made = marshaler->create_proxy(outer);
    if (made == nullptr) return E_OUTOFMEMORY;
    made->outer_add_ref();
    *interface_proxy = made->interface_pointer();
    *proxy = made;
    return S_OK;
  }

  HRESULT CreateStub(REFIID iid, IUnknown* server, IRpcStubBuffer** stub) override {
    if (stub == nullptr) return E_POINTER;
    *stub = nullptr;
    const interface_marshaler* marshaler = find_interface_marshaler(iid);
    if (marshaler == nullptr) return E_NOINTERFACE;
    com_ptr<interface_stub> made(new (std::nothrow) interface_stub(*marshaler), take_ownership);
    if (!made) return E_OUTOFMEMORY;
    if (server != nullptr)
      if (const HRESULT code = made->Connect(server); FAILED(code)) return code;
    *stub = made.detach();
    return S_OK;
  }
};

described_factory& the_described_factory() noexcept {
  static described_factory& one = *new described_factory;
  return one;
}

struct registered_factories {
  std::shared_mutex mutex;
  std::unordered_map<GUID, com_ptr<IPSFactoryBuffer>> by_iid;  // behind mutex
};

// Never destroyed: somebody's static object may still marshal at the end.
registered_factories& factories() noexcept {
  static registered_factories& all = *new registered_factories;
  return all;
}

}  // namespace

HRESULT ps_factory_for(REFIID iid, IPSFactoryBuffer** out) noexcept {
  if (out == nullptr) return E_POINTER;
  *out = nullptr;
  if (find_interface_marshaler(iid) == nullptr) return CLASS_E_CLASSNOTAVAILABLE;
  *out = &the_described_factory();
  return S_OK;
}

HRESULT find_ps_factory(REFIID iid, IPSFactoryBuffer** out) noexcept {
  if (out == nullptr) return E_POINTER;
  *out = nullptr;
  {
    const std::shared_lock lock(factories().mutex);
    const auto found = factories().by_iid.find(iid);
    if (found != factories().by_iid.end()) {
      found->second.copy_to(out);
      return S_OK;
    }
  }
  if (SUCCEEDED(ps_factory_for(iid, out))) return S_OK;
  try {
    return set_error(REGDB_E_IIDNOTREG,
                     "nobody knows how to marshal interface " + to_string(iid) +
                         ": describe it with INSULA_INTERFACE in this program, or register a "
                         "factory with register_ps_factory",
                     iid);
  } catch (...) {
    return REGDB_E_IIDNOTREG;
  }
}

HRESULT register_ps_factory(REFIID iid, IPSFactoryBuffer* factory) noexcept {
  if (factory == nullptr) return E_POINTER;
  com_ptr<IPSFactoryBuffer> kept(factory);
  try {
    const std::unique_lock lock(factories().mutex);
    swap(factories().by_iid[iid], kept);
  } catch (const std::bad_alloc&) {
    return E_OUTOFMEMORY;
  }
  // The former one goes here, outside the lock.
  return S_OK;
}

HRESULT unregister_ps_factory(REFIID iid) noexcept {
  com_ptr<IPSFactoryBuffer> last;
  const std::unique_lock lock(factories().mutex);
  const auto found = factories().by_iid.find(iid);
  if (found == factories().by_iid.end()) return REGDB_E_IIDNOTREG;
  swap(found->second, last);
  factories().by_iid.erase(found);
  return S_OK;
}

void clear_registered_ps_factories() noexcept {
  std::unordered_map<GUID, com_ptr<IPSFactoryBuffer>> last;
  const std::unique_lock lock(factories().mutex);
  factories().by_iid.swap(last);
}

}  // namespace insula
