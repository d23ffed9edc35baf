// SPDX-License-Identifier: MIT
//
// A proxy and a stub of one interface, back to back.
//   loopback<I>     the pair around one object
//   loopback_test   a fixture: nothing may be left at the end
#pragma once

#include "loopback_channel.hpp"
#include "trivial_exporter.hpp"

#include <insula/core/com_ptr.hpp>
#include <insula/core/error_info.hpp>
#include <insula/core/implements.hpp>
#include <insula/core/task_memory.hpp>
#include <insula/marshal/interface.hpp>
#include <insula/marshal/proxy_stub_registry.hpp>

#include <gtest/gtest.h>

#include <cstddef>

namespace insula::test {

template <class I>
class loopback {
 public:
  explicit loopback(IUnknown* server) {
    com_ptr<IPSFactoryBuffer> factory;
    EXPECT_EQ(ps_factory_for(iid_of<I>(), factory.put()), S_OK);
    EXPECT_EQ(factory->CreateStub(iid_of<I>(), server, stub.put()), S_OK);
    channel = make<loopback_channel>(stub.get());
    void* pointer = nullptr;
    EXPECT_EQ(factory->CreateProxy(nullptr, iid_of<I>(), buffer.put(), &pointer), S_OK);
    proxy.attach(static_cast<I*>(pointer));
    EXPECT_EQ(buffer->Connect(channel.get()), S_OK);
  }
  ~loopback() {
    proxy.reset();
    buffer->Disconnect();
    stub->Disconnect();
    EXPECT_EQ(channel->buffers_out, 0);
  }
  loopback(const loopback&) = delete;
  loopback& operator=(const loopback&) = delete;

  I* operator->() const { return proxy.get(); }

  com_ptr<IRpcStubBuffer> stub;
  com_ptr<loopback_channel> channel;
  com_ptr<IRpcProxyBuffer> buffer;
  com_ptr<I> proxy;
};

/// Interface pointers in messages need an exporter to be in; both sides are in the same one, so
/// that they arrive as the objects themselves. Fields of derived fixtures may hold objects.
class loopback_test : public testing::Test {
 protected:
  loopback_test() { SetErrorInfo(0, nullptr); }
  ~loopback_test() override {
    SetErrorInfo(0, nullptr);
    EXPECT_EQ(live_objects(), objects_);
    EXPECT_EQ(live_task_allocations(), blocks_);
  }

  trivial_exporter_ptr home_{"home"};
  trivial_exporter::enter inside_{*home_};

 private:
  const std::size_t objects_ = live_objects();
  const std::size_t blocks_ = live_task_allocations();
};

/// 0x800706F4: a null pointer where the description wants a reference.
inline constexpr HRESULT null_reference = HRESULT_FROM_WIN32(RPC_X_NULL_REF_POINTER);

/// Error text of the last failure.
inline std::string why() { return error_description(); }

/// The count of an object, which is seen only by changing it.
template <class I>
ULONG count_of(I* object) {
  object->AddRef();
  return object->Release();
}

}  // namespace insula::test
