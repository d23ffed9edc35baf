// SPDX-License-Identifier: MIT
//
// Rows C08, C09, C11, J25, J26: the factories of proxies and stubs, and what they make.
#include "recording_ps_factory.hpp"
#include "two_apartments.hpp"

#include <string>
#include <vector>

namespace insula::test {
namespace {

class ProxyStub : public two_apartments {
 protected:
  com_ptr<IPSFactoryBuffer> factory_for(REFIID iid) {
    com_ptr<IPSFactoryBuffer> factory;
    EXPECT_EQ(ps_factory_for(iid, factory.put()), S_OK);
    return factory;
  }
  ps_record record;
};

TEST_F(ProxyStub, C08_AnInterfaceInUseHasOneProxyAndOneStub) {
  const registered_ps_factory<INamed> watched(record);
  const auto object = counter_at_home<IUnknown>();
  EXPECT_EQ(record.proxies_made, 0);
  EXPECT_EQ(record.stubs_made, 0);

  const auto first = object.as<INamed>();
  const auto second = object.as<INamed>();
  ULONG length = 0;
  EXPECT_EQ(first->Length("seven", &length), S_OK);
  EXPECT_EQ(second->Length("three", &length), S_OK);

  EXPECT_EQ(record.proxies_made, 1);
  EXPECT_EQ(record.stubs_made, 1);
}

TEST_F(ProxyStub, C08_ACallPassesThroughTheStubThatWasMade) {
  const registered_ps_factory<INamed> watched(record);
  const auto name = counter_at_home<IUnknown>().as<INamed>();
  EXPECT_EQ(record.invoked, 0);

  ULONG length = 0;
  EXPECT_EQ(name->Length("seven", &length), S_OK);
  EXPECT_EQ(length, 5u);
  EXPECT_EQ(record.invoked, 1);
  EXPECT_EQ(log.calls, 1);
}

TEST_F(ProxyStub, C08_AfterTheLastReleaseTheStubAndTheObjectAreGone) {
  const registered_ps_factory<INamed> watched(record);
  const std::size_t before = live_objects();
  {
    const auto name = counter_at_home<IUnknown>().as<INamed>();
    EXPECT_GT(live_objects(), before);
  }
  settle_home();
  EXPECT_EQ(log.instances, 0);
  EXPECT_EQ(live_objects(), before);
}

TEST_F(ProxyStub, C09_TheStubGetsTheControllingUnknown) {
  const registered_ps_factory<INamed> watched(record);
  com_ptr<counter> object;
  const auto name = home.create<INamed>([&] { return object = make_probe<counter>(log); });

  ASSERT_NE(static_cast<void*>(static_cast<INamed*>(object.get())),
            static_cast<void*>(object->unknown()));
  EXPECT_EQ(record.server, object->unknown());
  home.invoke([&] { object.reset(); });
}

TEST_F(ProxyStub, C09_TheStubAsksForTheInterfaceItself) {
  std::vector<IID> asked;
  const auto object = make_probe<counter>(log);
  const auto factory = factory_for(iid_of<INamed>());
  log.on_query = [&](REFIID iid) { asked.push_back(iid); };

  com_ptr<IRpcStubBuffer> stub;
  EXPECT_EQ(factory->CreateStub(iid_of<INamed>(), object->unknown(), stub.put()), S_OK);
  EXPECT_EQ(asked, std::vector<IID>{iid_of<INamed>()});
  EXPECT_EQ(log.references, 2);

  stub->Disconnect();
  EXPECT_EQ(log.references, 1);
  log.on_query = nullptr;
}

TEST_F(ProxyStub, C11_AProxyWithoutAnOuterObjectCountsDownToNothing) {
  com_ptr<IRpcProxyBuffer> buffer;
  void* raw = nullptr;
  ASSERT_EQ(factory_for(iid_of<ICounter>())
                ->CreateProxy(nullptr, iid_of<ICounter>(), buffer.put(), &raw),
            S_OK);

  EXPECT_EQ(static_cast<ICounter*>(raw)->Release(), 1u);
  EXPECT_EQ(buffer.detach()->Release(), 0u);
}

TEST_F(ProxyStub, C11_AProxyThatIsNotConnectedRefusesCalls) {
  com_ptr<IRpcProxyBuffer> buffer;
  void* raw = nullptr;
  ASSERT_EQ(factory_for(iid_of<ICounter>())
                ->CreateProxy(nullptr, iid_of<ICounter>(), buffer.put(), &raw),
            S_OK);
  const com_ptr<ICounter> proxy(static_cast<ICounter*>(raw), take_ownership);

  LONG total = 5;
  EXPECT_EQ(proxy->Add(1, &total), CO_E_OBJNOTCONNECTED);
  EXPECT_EQ(total, 0);
}

TEST_F(ProxyStub, J25_AnInterfaceThatIsDescribedHasAFactory) {
  com_ptr<IPSFactoryBuffer> factory;
  EXPECT_EQ(ps_factory_for(iid_of<ICounter>(), factory.put()), S_OK);
  EXPECT_NE(factory, nullptr);
}

TEST_F(ProxyStub, J25_AnInterfaceThatIsNotDescribedHasNone) {
  com_ptr<IPSFactoryBuffer> factory;
  EXPECT_EQ(ps_factory_for(iid_of<IHidden>(), factory.put()), CLASS_E_CLASSNOTAVAILABLE);
  EXPECT_EQ(factory, nullptr);
}

TEST_F(ProxyStub, J26_TheStubSeesThatTheCallerIsInTheProcess) {
  const registered_ps_factory<INamed> watched(record);
  const auto name = counter_at_home<INamed>();
  ULONG length = 0;
  ASSERT_EQ(name->Length("seven", &length), S_OK);

  EXPECT_EQ(record.context_code, S_OK);
  EXPECT_EQ(record.context, MSHCTX_INPROC);
  EXPECT_EQ(record.context_data, nullptr);
}

}  // namespace
}  // namespace insula::test
