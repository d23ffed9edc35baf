// SPDX-License-Identifier: MIT
//
// Watches the proxies and stubs of one interface from the place where COM lets others make them.
//   ps_record                what was seen; outlives the factory
//   recording_ps_factory     makes what the compiled-in description makes, and notes it
//   registered_ps_factory    has it registered as long as it lives
#pragma once

#include <insula/core/com_ptr.hpp>
#include <insula/core/exception.hpp>
#include <insula/core/implements.hpp>
#include <insula/marshal/proxy_stub_registry.hpp>
#include <insula/marshal/rpc.hpp>

#include <atomic>
#include <cstddef>
#include <cstring>
#include <utility>
#include <vector>

namespace insula::test {

struct ps_record {
  std::atomic<int> proxies_made{0};
  std::atomic<int> stubs_made{0};
  std::atomic<int> invoked{0};
  std::atomic<IUnknown*> server{nullptr};  // as CreateStub got it last; not counted
  std::atomic<DWORD> context{0xFFFFFFFF};  // of the channel of the last Invoke
  std::atomic<void*> context_data{nullptr};
  std::atomic<HRESULT> context_code{E_UNEXPECTED};
  std::vector<std::byte> request;  // of the last Invoke; read it when the call has returned
};

class recording_stub final : public implements<recording_stub, IRpcStubBuffer> {
 public:
  recording_stub(ps_record& record, com_ptr<IRpcStubBuffer> inner)
      : record_(record), inner_(std::move(inner)) {}

  HRESULT Connect(IUnknown* server) override { return inner_->Connect(server); }
  void Disconnect() override { inner_->Disconnect(); }
  HRESULT Invoke(RPCOLEMESSAGE* message, IRpcChannelBuffer* channel) override {
    ++record_.invoked;
    const auto* const first = static_cast<const std::byte*>(message->Buffer);
    record_.request.assign(first, first + message->cbBuffer);
    DWORD context = 0xFFFFFFFF;
    void* data = this;
    record_.context_code = channel->GetDestCtx(&context, &data);
    record_.context = context;
    record_.context_data = data;
    return inner_->Invoke(message, channel);
  }
  IRpcStubBuffer* IsIIDSupported(REFIID iid) override { return inner_->IsIIDSupported(iid); }
  ULONG CountRefs() override { return inner_->CountRefs(); }
  HRESULT DebugServerQueryInterface(void** server) override {
    return inner_->DebugServerQueryInterface(server);
  }
  void DebugServerRelease(void* server) override { inner_->DebugServerRelease(server); }

 private:
  ps_record& record_;                   // fixed
  const com_ptr<IRpcStubBuffer> inner_;  // fixed
};

class recording_ps_factory final : public implements<recording_ps_factory, IPSFactoryBuffer> {
 public:
  static constexpr bool checks_home = false;

  recording_ps_factory(ps_record& record, REFIID iid) : record_(record) {
    throw_if_failed(ps_factory_for(iid, inner_.put()));
  }

  HRESULT CreateProxy(IUnknown* outer, REFIID iid, IRpcProxyBuffer** proxy,
                      void** interface_proxy) override {
    ++record_.proxies_made;
    return inner_->CreateProxy(outer, iid, proxy, interface_proxy);
  }
  HRESULT CreateStub(REFIID iid, IUnknown* server, IRpcStubBuffer** stub) override {
    ++record_.stubs_made;
    record_.server = server;
    com_ptr<IRpcStubBuffer> made;
    const HRESULT code = inner_->CreateStub(iid, server, made.put());
    *stub = FAILED(code) ? nullptr : make<recording_stub>(record_, std::move(made)).detach();
    return code;
  }

 private:
  ps_record& record_;               // fixed
  com_ptr<IPSFactoryBuffer> inner_;  // fixed
};

template <class I>
class registered_ps_factory {
 public:
  explicit registered_ps_factory(ps_record& record) {
    const auto factory = make<recording_ps_factory>(record, iid_of<I>());
    throw_if_failed(register_ps_factory(iid_of<I>(), factory.get()));
  }
  ~registered_ps_factory() { (void)unregister_ps_factory(iid_of<I>()); }
  registered_ps_factory(const registered_ps_factory&) = delete;
  registered_ps_factory& operator=(const registered_ps_factory&) = delete;
};

}  // namespace insula::test
