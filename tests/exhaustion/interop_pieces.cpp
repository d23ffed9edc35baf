// SPDX-License-Identifier: MIT
//
// interop: classes by id.
#include "scenario.hpp"
#include "tool.hpp"

#include <insula/apartments/sta.hpp>
#include <insula/interop/class_object.hpp>
#include <insula/interop/proxy_stub_class.hpp>
#include <insula/marshal/proxy_stub_registry.hpp>

namespace insula::test {
namespace {

constexpr CLSID gadget_class = guid("5a1d0c11-4b7e-4d0a-9c41-6f0a5b3c2001");

class gadget_factory final : public implements<gadget_factory, IClassFactory> {
 public:
  HRESULT CreateInstance(IUnknown* outer, REFIID iid, void** object) override {
    *object = nullptr;
    if (outer != nullptr) return CLASS_E_NOAGGREGATION;
    return abi_guard([&] { return make<gadget>()->QueryInterface(iid, object); });
  }
  HRESULT LockServer(BOOL) override { return S_OK; }
};

struct registration {
  DWORD cookie = 0;
  explicit registration(DWORD context) {
    const com_ptr<IClassFactory> factory = make<gadget_factory>();
    INSULA_STEP(CoRegisterClassObject(gadget_class, factory.get(), context, REGCLS_MULTIPLEUSE,
                                      &cookie));
  }
  ~registration() { (void)CoRevokeClassObject(cookie); }
  registration(const registration&) = delete;
  registration& operator=(const registration&) = delete;
};

void use_the_class(DWORD context) {
  com_ptr<IClassFactory> factory;
  INSULA_STEP(
      CoGetClassObject(gadget_class, context, nullptr, iid_of<IClassFactory>(),
      factory.put_void()));
  INSULA_STEP(factory->LockServer(1));
  com_ptr<IGadget> made;
  INSULA_STEP(factory->CreateInstance(nullptr, iid_of<IGadget>(), made.put_void()));
  LONG number = 0;
  INSULA_STEP(made->Number(&number));
  com_ptr<IGadget> another;
  INSULA_STEP(
      CoCreateInstance(gadget_class, nullptr, context, iid_of<IGadget>(), another.put_void()));
  require(number == 7, "the number of an object of a class");
}

void classes_here() {
  const sta_lease here("here");
  const registration one(CLSCTX_INPROC_SERVER);
  use_the_class(CLSCTX_INPROC_SERVER);
  INSULA_STEP(CoSuspendClassObjects());
  com_ptr<IUnknown> none;
  const HRESULT code = CoGetClassObject(gadget_class, CLSCTX_ALL, nullptr, IID_IUnknown,
                                        none.put_void());
  INSULA_STEP(CoResumeClassObjects());
  require(code == REGDB_E_CLASSNOTREG || says_shortage(code), "a class that is suspended");
}

void classes_elsewhere() {
  const sta_lease here("here");
  const sta home("home");
  home.invoke([] {
    const com_ptr<IClassFactory> factory = make<gadget_factory>();
    DWORD cookie = 0;  // ends with the apartment
    INSULA_STEP(CoRegisterClassObject(gadget_class, factory.get(), CLSCTX_LOCAL_SERVER,
                                      REGCLS_MULTIPLEUSE, &cookie));
  });
  use_the_class(CLSCTX_LOCAL_SERVER);
}

void proxy_stub_classes() {
  const sta_lease here("here");
  INSULA_STEP(CoRegisterPSClsid(iid_of<IGadget>(), CLSID_DescribedInterfaces));
  CLSID found{};
  INSULA_STEP(CoGetPSClsid(iid_of<IGadget>(), &found));
  require(found == CLSID_DescribedInterfaces, "who makes proxies");
  const sta home("home");
  const auto made = home.create<IGadget>([] { return make<gadget>(); });
  LONG number = 0;
  INSULA_STEP(made->Number(&number));
}

}  // namespace

std::vector<piece> pieces_of_interop() {
  return {{"ClassesHere", classes_here},
          {"ClassesElsewhere", classes_elsewhere},
          {"ProxyStubClasses", proxy_stub_classes}};
}

}  // namespace insula::test
