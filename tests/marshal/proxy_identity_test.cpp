// SPDX-License-Identifier: MIT
//
// The two halves of an interface proxy, their counts, and inherited methods.
#include "loopback.hpp"

#include <string>

namespace insula::test {
namespace {

struct IBase : IUnknown {
  virtual HRESULT First(std::int32_t* out) = 0;
  virtual std::string second() const = 0;
};
INSULA_INTERFACE(IBase, IUnknown, "7b1f7a40-2d1d-4d8e-9c55-3a1c40c6b010", (First, out("out")),
                 (second));

struct IMiddle : IBase {
  virtual std::int32_t third() = 0;
};
INSULA_INTERFACE(IMiddle, IBase, "7b1f7a40-2d1d-4d8e-9c55-3a1c40c6b011", (third));

struct IDerived : IMiddle {
  virtual HRESULT Fourth(std::int32_t in) noexcept = 0;
};
INSULA_INTERFACE(IDerived, IMiddle, "7b1f7a40-2d1d-4d8e-9c55-3a1c40c6b012", (Fourth, in("in")));

struct IEmpty : IUnknown {};
INSULA_INTERFACE(IEmpty, IUnknown, "7b1f7a40-2d1d-4d8e-9c55-3a1c40c6b013");

class derived final : public implements<derived, IDerived, IEmpty> {
 public:
  HRESULT First(std::int32_t* out) override {
    *out = 1;
    return S_OK;
  }
  std::string second() const override { return "two"; }
  std::int32_t third() override { return 3; }
  HRESULT Fourth(std::int32_t in) noexcept override { return in == 4 ? S_OK : E_FAIL; }
};

class ProxyIdentity : public loopback_test {
 protected:
  com_ptr<IPSFactoryBuffer> factory(REFIID iid) {
    com_ptr<IPSFactoryBuffer> found;
    EXPECT_EQ(ps_factory_for(iid, found.put()), S_OK);
    return found;
  }
  com_ptr<derived> object_ = make<derived>();
};

// C11
TEST_F(ProxyIdentity, AloneItsTwoHalvesShareOneCount) {
  com_ptr<IRpcProxyBuffer> buffer;
  void* pointer = nullptr;

  EXPECT_EQ(factory(iid_of<IBase>())->CreateProxy(nullptr, iid_of<IBase>(), buffer.put(), &pointer),
            S_OK);

  EXPECT_EQ(static_cast<IBase*>(pointer)->Release(), 1u);
  EXPECT_EQ(buffer.detach()->Release(), 0u);
}

TEST_F(ProxyIdentity, AloneItAnswersForItsInterfacesAndIsItsOwnIdentity) {
  loopback<IDerived> there(static_cast<IDerived*>(object_.get()));

  EXPECT_EQ(there.proxy.as<IUnknown>().get(), static_cast<IUnknown*>(there.proxy.get()));
  EXPECT_EQ(there.proxy.as<IBase>().get(), there.proxy.get());
  EXPECT_EQ(there.proxy.as<IMiddle>().get(), there.proxy.get());
  EXPECT_EQ(there.proxy.as<IRpcProxyBuffer>(), there.buffer);
  EXPECT_EQ(there.buffer.as<IUnknown>(), there.proxy.as<IUnknown>());
  EXPECT_FALSE(there.proxy.try_as<IEmpty>());
}

struct IMarker : IUnknown {};
INSULA_IID(IMarker, IUnknown, "7b1f7a40-2d1d-4d8e-9c55-3a1c40c6b014")
class outer final : public implements<outer, IMarker> {};

TEST_F(ProxyIdentity, InsideAnotherObjectTheInterfaceBelongsToThatObject) {
  const auto whole = make<outer>();
  IMarker* identity = whole.get();
  com_ptr<IRpcProxyBuffer> buffer;
  void* pointer = nullptr;
  EXPECT_EQ(count_of(identity), 1u);

  EXPECT_EQ(
      factory(iid_of<IBase>())->CreateProxy(identity, iid_of<IBase>(), buffer.put(), &pointer),
      S_OK);

  auto* interface = static_cast<IBase*>(pointer);
  EXPECT_EQ(count_of(identity), 2u);
  EXPECT_EQ(count_of(interface), 2u);
  EXPECT_EQ(count_of(buffer.get()), 1u);
  com_ptr<IMarker> marker;
  EXPECT_EQ(interface->QueryInterface(iid_of<IMarker>(), marker.put_void()), S_OK);
  EXPECT_EQ(marker.get(), identity);
  EXPECT_NE(buffer.as<IUnknown>(), whole.as<IUnknown>());
  interface->Release();
  EXPECT_EQ(count_of(identity), 2u);
}

// F31
TEST_F(ProxyIdentity, ItKeepsItsChannelUntilItIsDisconnected) {
  loopback<IBase> there(static_cast<IDerived*>(object_.get()));
  EXPECT_EQ(count_of(there.channel.get()), 2u);

  there.buffer->Disconnect();
  EXPECT_EQ(count_of(there.channel.get()), 1u);
  there.buffer->Connect(there.channel.get());
  EXPECT_EQ(count_of(there.channel.get()), 2u);
  there.buffer->Connect(there.channel.get());
  EXPECT_EQ(count_of(there.channel.get()), 2u);
}

TEST_F(ProxyIdentity, DisconnectedItRefusesCallsByName) {
  loopback<IBase> there(static_cast<IDerived*>(object_.get()));
  there.buffer->Disconnect();
  std::int32_t out = 5;

  EXPECT_EQ(there->First(&out), CO_E_OBJNOTCONNECTED);

  EXPECT_EQ(out, 0);
  EXPECT_NE(why().find("IBase::First"), std::string::npos) << why();
}

// J24
TEST_F(ProxyIdentity, InheritedMethodsWorkThroughADerivedProxy) {
  loopback<IDerived> there(static_cast<IDerived*>(object_.get()));
  std::int32_t out = 0;

  EXPECT_EQ(there->First(&out), S_OK);
  EXPECT_EQ(out, 1);
  EXPECT_EQ(there.channel->last_method, 3u);
  EXPECT_EQ(there->second(), "two");
  EXPECT_EQ(there->third(), 3);
  EXPECT_EQ(there.channel->last_method, 5u);
  EXPECT_EQ(there->Fourth(4), S_OK);
  EXPECT_EQ(there.channel->last_method, 6u);

  EXPECT_EQ(there.channel->last_iid, iid_of<IDerived>());
}

TEST_F(ProxyIdentity, AnInterfaceWithoutMethodsHasAProxyToo) {
  loopback<IEmpty> there(static_cast<IEmpty*>(object_.get()));

  EXPECT_TRUE(there.proxy.as<IEmpty>());
}

TEST_F(ProxyIdentity, TheTypedProxyIsFoundBehindItsInterface) {
  loopback<IDerived> there(static_cast<IDerived*>(object_.get()));
  interface_proxy_base* typed = typed_proxy_of(there.buffer.get());
  ASSERT_NE(typed, nullptr);

  EXPECT_EQ(find_interface_proxy(there.proxy.get(), iid_of<IDerived>()), typed);
  EXPECT_EQ(find_interface_proxy(there.proxy.get(), iid_of<IBase>()), typed);
  EXPECT_EQ(find_interface_proxy(there.proxy.get(), iid_of<IEmpty>()), nullptr);
  EXPECT_EQ(find_interface_proxy(static_cast<IDerived*>(object_.get()), iid_of<IBase>()), nullptr);
  EXPECT_EQ(typed->info().iid, iid_of<IDerived>());
  EXPECT_EQ(count_of(there.buffer.get()), 2u);
}

}  // namespace
}  // namespace insula::test
