// SPDX-License-Identifier: MIT
#include <insula/interop/proxy_stub_class.hpp>

#include "class_table.hpp"
#include "not_initialised.hpp"

#include <insula/apartments/rundown.hpp>
#include <insula/core/sentence.hpp>
#include <insula/core/exception.hpp>
#include <insula/core/implements.hpp>
#include <insula/core/thread_safety.hpp>
#include <insula/marshal/interface_info.hpp>
#include <insula/marshal/proxy_stub_registry.hpp>

#include <string>
#include <unordered_map>

namespace insula {
namespace {

/// Stands in marshal's registry for a class that is looked up when a proxy or stub is needed.
class named_class_factory final : public implements<named_class_factory, IPSFactoryBuffer> {
 public:
  static constexpr bool checks_home = false;

  explicit named_class_factory(REFCLSID clsid) : clsid_(clsid) {}

  HRESULT CreateProxy(IUnknown* outer, REFIID iid, IRpcProxyBuffer** proxy,
                      void** interface_proxy) override {
    com_ptr<IPSFactoryBuffer> factory;
    const HRESULT code = find(iid, &factory);
    return FAILED(code) ? code : factory->CreateProxy(outer, iid, proxy, interface_proxy);
  }

  HRESULT CreateStub(REFIID iid, IUnknown* server, IRpcStubBuffer** stub) override {
    com_ptr<IPSFactoryBuffer> factory;
    const HRESULT code = find(iid, &factory);
    return FAILED(code) ? code : factory->CreateStub(iid, server, stub);
  }

 private:
  HRESULT find(REFIID iid, com_ptr<IPSFactoryBuffer>* out) const {
    if (clsid_ == CLSID_DescribedInterfaces) return ps_factory_for(iid, out->put());
    *out = class_table::instance().proxy_stub_factory(clsid_);
    if (*out) return S_OK;
    return set_error(REGDB_E_CLASSNOTREG,
                     "interface " + interface_name(iid) +
                         " has its proxies and stubs made by class " + to_string(clsid_) +
                         ", of which no class object with IPSFactoryBuffer is registered. Register "
                         "one with CoRegisterClassObject.",
                     iid);
  }

  const CLSID clsid_;  // fixed
};

struct proxy_stub_classes {
  mutex guard;
  std::unordered_map<IID, CLSID> by_iid INSULA_GUARDED_BY(guard);

  static proxy_stub_classes& instance() {
    static proxy_stub_classes* const only = new proxy_stub_classes;  // threads may end after main
    return *only;
  }
};

// Nothing of the user's is run: what marshal lets go of is a named_class_factory.
std::shared_ptr<void> forget_all() noexcept {
  proxy_stub_classes& classes = proxy_stub_classes::instance();
  const mutex_lock lock(classes.guard);
  for (const auto& [iid, clsid] : classes.by_iid) (void)unregister_ps_factory(iid);
  classes.by_iid.clear();
  return nullptr;
}

}  // namespace

extern "C" HRESULT CoRegisterPSClsid(REFIID iid, REFCLSID clsid) {
  if (current_exporter() == nullptr) return not_initialised("CoRegisterPSClsid");
  return abi_guard([&]() -> HRESULT {
    [[maybe_unused]] static const bool ends_with_the_process =
        (at_process_rundown(&forget_all), true);
    const com_ptr<IPSFactoryBuffer> factory = make<named_class_factory>(clsid);
    proxy_stub_classes& classes = proxy_stub_classes::instance();
    const mutex_lock lock(classes.guard);
    const auto [at, fresh] = classes.by_iid.try_emplace(iid, clsid);
    const HRESULT code = register_ps_factory(iid, factory.get());
    if (SUCCEEDED(code)) {
      at->second = clsid;
    } else if (fresh) {
      classes.by_iid.erase(at);
    }
    return code;
  });
}

extern "C" HRESULT CoGetPSClsid(REFIID iid, CLSID* clsid) {
  if (clsid == nullptr) return set_error(E_INVALIDARG, "CoGetPSClsid: the result needs a place.");
  if (current_exporter() == nullptr) return not_initialised("CoGetPSClsid");
  {
    proxy_stub_classes& classes = proxy_stub_classes::instance();
    const mutex_lock lock(classes.guard);
    const auto found = classes.by_iid.find(iid);
    if (found != classes.by_iid.end()) {
      *clsid = found->second;
      return S_OK;
    }
  }
  if (find_interface_info(iid) != nullptr) {
    *clsid = CLSID_DescribedInterfaces;
    return S_OK;
  }
  return explain_error(
      REGDB_E_IIDNOTREG,
      [&] {
        return "CoGetPSClsid: nobody is registered to make proxies and stubs of interface " +
               interface_name(iid) +
               ". Describe it with INSULA_INTERFACE, or call CoRegisterPSClsid.";
      },
      iid);
}

}  // namespace insula
