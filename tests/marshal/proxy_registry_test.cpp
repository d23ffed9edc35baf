// SPDX-License-Identifier: MIT
//
// Who makes the proxies and stubs of an interface.
#include "loopback.hpp"

#include <string>

namespace insula::test {
namespace {

struct IKnown : IUnknown {
  virtual HRESULT Touch() = 0;
};
INSULA_INTERFACE(IKnown, IUnknown, "7b1f7a40-2d1d-4d8e-9c55-3a1c40c6b060", (Touch));

struct IUnheardOf : IUnknown {};
INSULA_IID(IUnheardOf, IUnknown, "7b1f7a40-2d1d-4d8e-9c55-3a1c40c6b061")

class own_factory final : public implements<own_factory, IPSFactoryBuffer> {
 public:
  HRESULT CreateProxy(IUnknown*, REFIID, IRpcProxyBuffer**, void**) override { return E_FAIL; }
  HRESULT CreateStub(REFIID, IUnknown*, IRpcStubBuffer**) override { return E_FAIL; }
};

class ProxyRegistry : public loopback_test {
 protected:
  ~ProxyRegistry() override { clear_registered_ps_factories(); }
  com_ptr<IPSFactoryBuffer> find(REFIID iid, HRESULT expected = S_OK) {
    com_ptr<IPSFactoryBuffer> found;
    EXPECT_EQ(find_ps_factory(iid, found.put()), expected);
    return found;
  }
};

// J25
TEST_F(ProxyRegistry, DescriptionsHaveOneFactoryForWhatTheyDescribe) {
  com_ptr<IPSFactoryBuffer> found;
  EXPECT_EQ(ps_factory_for(iid_of<IKnown>(), found.put()), S_OK);
  EXPECT_EQ(find(iid_of<IKnown>()), found);

  EXPECT_EQ(ps_factory_for(iid_of<IUnheardOf>(), found.put()), CLASS_E_CLASSNOTAVAILABLE);
  EXPECT_FALSE(found);
}

TEST_F(ProxyRegistry, AnInterfaceThatNobodyKnowsIsNamedWithTheCure) {
  EXPECT_FALSE(find(iid_of<IUnheardOf>(), REGDB_E_IIDNOTREG));

  EXPECT_NE(why().find("7B1F7A40-2D1D-4D8E-9C55-3A1C40C6B061"), std::string::npos) << why();
  EXPECT_NE(why().find("INSULA_INTERFACE"), std::string::npos) << why();
}

TEST_F(ProxyRegistry, AFactoryRegisteredAtRunTimeComesBeforeTheDescriptions) {
  const auto mine = make<own_factory>();
  const auto described = find(iid_of<IKnown>());

  EXPECT_EQ(register_ps_factory(iid_of<IKnown>(), mine.get()), S_OK);
  EXPECT_EQ(find(iid_of<IKnown>()).get(), mine.get());

  EXPECT_EQ(unregister_ps_factory(iid_of<IKnown>()), S_OK);
  EXPECT_EQ(find(iid_of<IKnown>()), described);
  EXPECT_EQ(unregister_ps_factory(iid_of<IKnown>()), REGDB_E_IIDNOTREG);
}

TEST_F(ProxyRegistry, HoldsOneReferenceToARegisteredFactory) {
  const auto mine = make<own_factory>();
  const auto next = make<own_factory>();

  register_ps_factory(iid_of<IUnheardOf>(), mine.get());
  EXPECT_EQ(count_of(mine.get()), 2u);
  register_ps_factory(iid_of<IUnheardOf>(), next.get());
  EXPECT_EQ(count_of(mine.get()), 1u);
  EXPECT_EQ(count_of(next.get()), 2u);
  clear_registered_ps_factories();
  EXPECT_EQ(count_of(next.get()), 1u);

  EXPECT_FALSE(find(iid_of<IUnheardOf>(), REGDB_E_IIDNOTREG));
}

TEST_F(ProxyRegistry, NullsAreRefused) {
  EXPECT_EQ(find_ps_factory(iid_of<IKnown>(), nullptr), E_POINTER);
  EXPECT_EQ(ps_factory_for(iid_of<IKnown>(), nullptr), E_POINTER);
  EXPECT_EQ(register_ps_factory(iid_of<IKnown>(), nullptr), E_POINTER);
}

TEST_F(ProxyRegistry, TheDescribedFactoryRefusesWhatItDoesNotDescribe) {
  const auto factory = find(iid_of<IKnown>());
  com_ptr<IRpcProxyBuffer> proxy;
  com_ptr<IRpcStubBuffer> stub;
  void* pointer = this;

  EXPECT_EQ(factory->CreateProxy(nullptr, iid_of<IUnheardOf>(), proxy.put(), &pointer),
            E_NOINTERFACE);
  EXPECT_EQ(pointer, nullptr);
  EXPECT_EQ(factory->CreateStub(iid_of<IUnheardOf>(), nullptr, stub.put()), E_NOINTERFACE);
}

}  // namespace
}  // namespace insula::test
