// SPDX-License-Identifier: MIT
#pragma once

#include <insula/core/com_ptr.hpp>
#include <insula/core/implements.hpp>
#include <insula/marshal/proxy_stub_registry.hpp>
#include <insula/marshal/rpc.hpp>

#include <gtest/gtest.h>

namespace insula::test {

/// Stands before the compiled-in factory of interface I as long as it lives, and counts.
template <class I>
class counting_factory {
 public:
  counting_factory() {
    EXPECT_EQ(ps_factory_for(iid_of<I>(), factory_->inner.put()), S_OK);
    EXPECT_EQ(register_ps_factory(iid_of<I>(), factory_.get()), S_OK);
  }
  ~counting_factory() { EXPECT_EQ(unregister_ps_factory(iid_of<I>()), S_OK); }
  counting_factory(const counting_factory&) = delete;
  counting_factory& operator=(const counting_factory&) = delete;

  [[nodiscard]] int proxies() const { return factory_->proxies; }
  [[nodiscard]] int stubs() const { return factory_->stubs; }
  /// What the last CreateStub was given.
  [[nodiscard]] IUnknown* server() const { return factory_->server; }

 private:
  class factory final : public implements<factory, IPSFactoryBuffer> {
   public:
    HRESULT CreateProxy(IUnknown* outer, REFIID iid, IRpcProxyBuffer** proxy,
                        void** pointer) override {
      ++proxies;
      return inner->CreateProxy(outer, iid, proxy, pointer);
    }
    HRESULT CreateStub(REFIID iid, IUnknown* object, IRpcStubBuffer** stub) override {
      ++stubs;
      server = object;
      return inner->CreateStub(iid, object, stub);
    }

    com_ptr<IPSFactoryBuffer> inner;
    int proxies = 0;
    int stubs = 0;
    IUnknown* server = nullptr;
  };

  com_ptr<factory> factory_ = make<factory>();
};

}  // namespace insula::test
