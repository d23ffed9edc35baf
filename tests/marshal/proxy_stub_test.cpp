// SPDX-License-Identifier: MIT
//
// The interface stub: what it holds, and which requests it takes.
#include "loopback.hpp"

#include <vector>

namespace insula::test {
namespace {

struct IServed : IUnknown {
  virtual HRESULT Touch() = 0;
};
INSULA_INTERFACE(IServed, IUnknown, "7b1f7a40-2d1d-4d8e-9c55-3a1c40c6b020", (Touch));

struct IOther : IUnknown {};
INSULA_IID(IOther, IUnknown, "7b1f7a40-2d1d-4d8e-9c55-3a1c40c6b021")

class served final : public implements<served, IOther, IServed> {
 public:
  HRESULT Touch() override {
    ++touched;
    return S_OK;
  }
  IUnknown* identity() { return static_cast<IOther*>(this); }
  int touched = 0;
};

class other final : public implements<other, IOther> {};

// A query that leaves rubbish behind when it fails.
class rude final : public IUnknown {
 public:
  HRESULT QueryInterface(REFIID, void** out) override {
    *out = reinterpret_cast<void*>(0xdeadbeef);
    return E_NOINTERFACE;
  }
  ULONG AddRef() override { return 2; }
  ULONG Release() override { return 1; }
};

class ProxyStub : public loopback_test {
 protected:
  com_ptr<IRpcStubBuffer> stub(IUnknown* server, HRESULT expected = S_OK) {
    com_ptr<IPSFactoryBuffer> factory;
    EXPECT_EQ(ps_factory_for(iid_of<IServed>(), factory.put()), S_OK);
    com_ptr<IRpcStubBuffer> made;
    EXPECT_EQ(factory->CreateStub(iid_of<IServed>(), server, made.put()), expected);
    return made;
  }
  com_ptr<served> object_ = make<served>();
};

// C09
TEST_F(ProxyStub, QueriesTheObjectForItsInterface) {
  const auto made = stub(object_->identity());
  void* server = nullptr;

  EXPECT_EQ(made->DebugServerQueryInterface(&server), S_OK);

  EXPECT_EQ(server, static_cast<IServed*>(object_.get()));
  made->Disconnect();
}

TEST_F(ProxyStub, IsNotMadeForAnObjectWithoutTheInterface) {
  const auto wrong = make<other>();

  EXPECT_FALSE(stub(static_cast<IOther*>(wrong.get()), E_NOINTERFACE));

  EXPECT_EQ(count_of(wrong.get()), 1u);
}

// F20
TEST_F(ProxyStub, ReleasedWithoutDisconnectKeepsItsReference) {
  auto made = stub(object_->identity());
  EXPECT_EQ(count_of(object_.get()), 2u);

  EXPECT_EQ(made.detach()->Release(), 0u);

  EXPECT_EQ(count_of(object_.get()), 2u);
  object_->Release();
}

// F21
TEST_F(ProxyStub, ConnectedAnewItLetsGoOfTheFormerObject) {
  const auto made = stub(object_->identity());
  const auto next = make<served>();

  EXPECT_EQ(made->Connect(next->identity()), S_OK);

  EXPECT_EQ(count_of(object_.get()), 1u);
  EXPECT_EQ(count_of(next.get()), 2u);
  made->Disconnect();
}

// F21
TEST_F(ProxyStub, AFailedConnectIsReportedAndKeepsWhatTheQueryLeft) {
  const auto made = stub(object_->identity());
  rude wrong;

  EXPECT_EQ(made->Connect(&wrong), E_NOINTERFACE);

  void* server = nullptr;
  made->DebugServerQueryInterface(&server);
  EXPECT_EQ(server, reinterpret_cast<void*>(0xdeadbeef));
  EXPECT_EQ(count_of(object_.get()), 1u);
  EXPECT_EQ(made->CountRefs(), 0u);
  made->Disconnect();
}

// F22
TEST_F(ProxyStub, DisconnectLetsGoOnce) {
  const auto made = stub(object_->identity());
  EXPECT_EQ(made->CountRefs(), 1u);

  made->Disconnect();
  EXPECT_EQ(count_of(object_.get()), 1u);
  EXPECT_EQ(made->CountRefs(), 0u);
  made->Disconnect();
  EXPECT_EQ(count_of(object_.get()), 1u);

  void* server = this;
  EXPECT_EQ(made->DebugServerQueryInterface(&server), CO_E_OBJNOTCONNECTED);
  EXPECT_EQ(server, nullptr);
}

TEST_F(ProxyStub, MadeWithoutAnObjectItWaitsForConnect) {
  const auto made = stub(nullptr);
  const auto channel = make<loopback_channel>(made.get());
  RPCOLEMESSAGE message;
  message.iMethod = 3;
  EXPECT_EQ(made->Invoke(&message, channel.get()), CO_E_OBJNOTCONNECTED);

  EXPECT_EQ(made->Connect(object_->identity()), S_OK);

  message.iMethod = 3;
  EXPECT_EQ(made->Invoke(&message, channel.get()), S_OK);
  EXPECT_EQ(object_->touched, 1);
  EXPECT_EQ(channel->FreeBuffer(&message), S_OK);
  made->Disconnect();
}

TEST_F(ProxyStub, SupportsItsOwnInterfaceOnly) {
  const auto made = stub(nullptr);

  EXPECT_EQ(made->IsIIDSupported(iid_of<IServed>()), made.get());
  EXPECT_EQ(made->IsIIDSupported(iid_of<IOther>()), nullptr);
  EXPECT_EQ(count_of(made.get()), 1u);
}

TEST_F(ProxyStub, RefusesMethodsThatTheInterfaceDoesNotHave) {
  const auto made = stub(object_->identity());
  const auto channel = make<loopback_channel>(made.get());

  for (const ULONG method : {0u, 1u, 2u, 4u, 1000u, ~0u}) {
    RPCOLEMESSAGE message;
    message.iMethod = method;
    EXPECT_EQ(made->Invoke(&message, channel.get()), RPC_E_INVALIDMETHOD) << method;
  }

  EXPECT_EQ(object_->touched, 0);
  made->Disconnect();
}

// J26
TEST_F(ProxyStub, ItsChannelSaysThatTheCallIsInTheProcess) {
  loopback<IServed> there(object_->identity());
  DWORD context = 99;
  void* data = this;

  EXPECT_EQ(there.channel->GetDestCtx(&context, &data), S_OK);

  EXPECT_EQ(context, static_cast<DWORD>(MSHCTX_INPROC));
  EXPECT_EQ(data, nullptr);
}

}  // namespace
}  // namespace insula::test
