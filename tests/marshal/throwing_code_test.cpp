// SPDX-License-Identifier: MIT
//
// What anybody's code throws in the middle of marshaling: nothing is lost, nothing ends.
#include "marshal_tables.hpp"
#include "probe.hpp"
#include "stub_manager.hpp"

#include <insula/core/error_info.hpp>
#include <insula/core/exception.hpp>
#include <insula/marshal/disconnect.hpp>
#include <insula/marshal/interface_packet.hpp>
#include <insula/marshal/objref.hpp>
#include <insula/marshal/proxy_stub_registry.hpp>

#include "log_lines.hpp"

#include <array>
#include <functional>
#include <stdexcept>
#include <string>

namespace insula::test {
namespace {

using enter = trivial_exporter::enter;
using packet = std::array<std::byte, objref_standard_size>;

/// An object of which every answer can be made to throw.
class unruly final : public implements<unruly, IAdder> {
 public:
  HRESULT Add(LONG amount, LONG* total) override {
    *total = amount;
    return S_OK;
  }

  HRESULT query_interface_tail(REFIID iid, void** out) {
    if (iid == iid_of<IScaler>() && throws_in_query) throw com_error(E_ABORT, "not asked so");
    if (iid == iid_of<IExternalConnection>() && throws_in_connection) {
      *out = static_cast<IExternalConnection*>(&connection_);
      AddRef();
      return S_OK;
    }
    return E_NOINTERFACE;
  }
  ~unruly() override {
    if (throws_at_end) throw std::runtime_error("the end is not nigh");
  }

  IUnknown* unknown() noexcept { return this; }

  bool throws_in_query = false;
  bool throws_in_connection = false;
  bool throws_at_end = false;

 private:
  struct connection final : IExternalConnection {
    explicit connection(unruly& object) : whole(object) {}
    HRESULT QueryInterface(REFIID iid, void** out) override {
      return whole.QueryInterface(iid, out);
    }
    ULONG AddRef() override { return whole.AddRef(); }
    ULONG Release() override { return whole.Release(); }
    DWORD AddConnection(DWORD, DWORD) override { throw std::runtime_error("nobody connects"); }
    DWORD ReleaseConnection(DWORD, DWORD, BOOL) override {
      throw std::runtime_error("nobody leaves");
    }
    unruly& whole;
  } connection_{*this};
};

/// Makes what the description makes, unless it is told to throw there.
class throwing_factory final : public implements<throwing_factory, IPSFactoryBuffer> {
 public:
  throwing_factory() { throw_if_failed(ps_factory_for(iid_of<IScaler>(), inner_.put())); }
  HRESULT CreateProxy(IUnknown* outer, REFIID iid, IRpcProxyBuffer** proxy,
                      void** pointer) override {
    if (in_create_proxy) throw com_error(E_ABORT, "no proxy today");
    return inner_->CreateProxy(outer, iid, proxy, pointer);
  }
  HRESULT CreateStub(REFIID iid, IUnknown* server, IRpcStubBuffer** stub) override;

  bool in_create_proxy = false;
  bool in_create_stub = false;
  bool in_invoke = false;
  bool in_disconnect = false;

 private:
  com_ptr<IPSFactoryBuffer> inner_;
};

class throwing_stub final : public implements<throwing_stub, IRpcStubBuffer> {
 public:
  throwing_stub(com_ptr<throwing_factory> factory, com_ptr<IRpcStubBuffer> inner)
      : factory_(std::move(factory)), inner_(std::move(inner)) {}
  HRESULT Connect(IUnknown* server) override { return inner_->Connect(server); }
  void Disconnect() override {
    inner_->Disconnect();
    if (factory_->in_disconnect) throw std::runtime_error("the stub hangs on");
  }
  HRESULT Invoke(RPCOLEMESSAGE* message, IRpcChannelBuffer* channel) override {
    if (factory_->in_invoke) throw std::runtime_error("the stub gave up");
    return inner_->Invoke(message, channel);
  }
  IRpcStubBuffer* IsIIDSupported(REFIID iid) override { return inner_->IsIIDSupported(iid); }
  ULONG CountRefs() override { return inner_->CountRefs(); }
  HRESULT DebugServerQueryInterface(void** server) override {
    return inner_->DebugServerQueryInterface(server);
  }
  void DebugServerRelease(void* server) override { inner_->DebugServerRelease(server); }

 private:
  const com_ptr<throwing_factory> factory_;
  const com_ptr<IRpcStubBuffer> inner_;
};

HRESULT throwing_factory::CreateStub(REFIID iid, IUnknown* server, IRpcStubBuffer** stub) {
  if (in_create_stub) throw com_error(E_ABORT, "no stub today");
  com_ptr<IRpcStubBuffer> made;
  const HRESULT code = inner_->CreateStub(iid, server, made.put());
  if (FAILED(code)) return code;
  *stub = make<throwing_stub>(com_ptr<throwing_factory>(this), std::move(made)).detach();
  return S_OK;
}

class registered_throwing_factory {
 public:
  registered_throwing_factory() {
    EXPECT_EQ(register_ps_factory(iid_of<IScaler>(), factory_.get()), S_OK);
  }
  ~registered_throwing_factory() { EXPECT_EQ(unregister_ps_factory(iid_of<IScaler>()), S_OK); }
  registered_throwing_factory(const registered_throwing_factory&) = delete;
  registered_throwing_factory& operator=(const registered_throwing_factory&) = delete;
  throwing_factory* operator->() const { return factory_.get(); }

 private:
  com_ptr<throwing_factory> factory_ = make<throwing_factory>();
};

/// A stream in memory whose methods throw when they are told to.
class throwing_stream final : public implements<throwing_stream, IStream> {
 public:
  HRESULT Read(void* buffer, ULONG size, ULONG* read) override {
    return inner_->Read(buffer, size, read);
  }
  HRESULT Write(const void* bytes, ULONG size, ULONG* written) override {
    if (in_write) throw com_error(E_ABORT, "the pen is dry");
    return inner_->Write(bytes, size, written);
  }
  HRESULT Seek(LARGE_INTEGER move, DWORD origin, ULARGE_INTEGER* position) override {
    if (in_seek) throw com_error(E_ABORT, "the page is lost");
    return inner_->Seek(move, origin, position);
  }
  HRESULT SetSize(ULARGE_INTEGER size) override { return inner_->SetSize(size); }
  HRESULT CopyTo(IStream*, ULARGE_INTEGER, ULARGE_INTEGER*, ULARGE_INTEGER*) override {
    return E_NOTIMPL;
  }
  HRESULT Commit(DWORD) override { return S_OK; }
  HRESULT Revert() override { return S_OK; }
  HRESULT LockRegion(ULARGE_INTEGER, ULARGE_INTEGER, DWORD) override { return E_NOTIMPL; }
  HRESULT UnlockRegion(ULARGE_INTEGER, ULARGE_INTEGER, DWORD) override { return E_NOTIMPL; }
  HRESULT Stat(STATSTG*, DWORD) override { return E_NOTIMPL; }
  HRESULT Clone(IStream**) override { return E_NOTIMPL; }

  bool in_write = false;
  bool in_seek = false;

 private:
  const com_ptr<IStream> inner_ = create_memory_stream();
};

class ThrowingCode : public marshal_test {
 protected:
  template <class I>
  static HRESULT packed(trivial_exporter& exporter, IUnknown* object, packet* bytes) {
    const enter inside(exporter);
    std::size_t written = 0;
    return write_interface_packet(iid_of<I>(), object, *bytes, &written);
  }
  template <class I>
  static HRESULT unpacked(trivial_exporter& importer, packet& bytes, com_ptr<I>* out) {
    const enter inside(importer);
    return read_interface_packet(bytes, iid_of<I>(), out->put_void());
  }
};

TEST_F(ThrowingCode, AQueryThatThrowsLeavesNoExport) {
  trivial_exporter_ptr home("home");
  const auto object = make<unruly>();
  object->throws_in_query = true;
  packet bytes{};

  EXPECT_EQ(packed<IScaler>(*home, object->unknown(), &bytes), E_ABORT);

  EXPECT_NE(error_description().find("not asked so"), std::string::npos) << error_description();
  EXPECT_EQ(references(object), 1u);
  EXPECT_EQ(live_stub_managers(), stub_managers_);
}

TEST_F(ThrowingCode, AQueryThatThrowsLeavesAnEarlierExportAsItIs) {
  trivial_exporter_ptr home("home"), away("away");
  const auto object = make<unruly>();
  packet good{};
  packet bad{};
  ASSERT_EQ(packed<IAdder>(*home, object->unknown(), &good), S_OK);
  object->throws_in_query = true;
  EXPECT_EQ(packed<IScaler>(*home, object->unknown(), &bad), E_ABORT);

  com_ptr<IAdder> proxy;
  ASSERT_EQ(unpacked(*away, good, &proxy), S_OK);
  proxy.reset();

  EXPECT_EQ(references(object), 1u);
  EXPECT_EQ(live_stub_managers(), stub_managers_);
}

TEST_F(ThrowingCode, APacketWhoseObjectThrowsAtHomeIsUsedUp) {
  trivial_exporter_ptr home("home");
  const auto object = make<unruly>();
  packet bytes{};
  ASSERT_EQ(packed<IAdder>(*home, object->unknown(), &bytes), S_OK);
  object->throws_in_query = true;
  com_ptr<IScaler> back;

  EXPECT_EQ(unpacked(*home, bytes, &back), E_ABORT);

  EXPECT_FALSE(back);
  EXPECT_TRUE(objref_is_consumed(bytes));
  EXPECT_EQ(references(object), 1u);
  EXPECT_EQ(live_stub_managers(), stub_managers_);
}

TEST_F(ThrowingCode, APacketWhoseObjectThrowsAtHomeTakesNoOtherPacketAlong) {
  trivial_exporter_ptr home("home");
  const auto object = make<unruly>();
  packet first{};
  packet second{};
  ASSERT_EQ(packed<IAdder>(*home, object->unknown(), &first), S_OK);
  ASSERT_EQ(packed<IAdder>(*home, object->unknown(), &second), S_OK);
  object->throws_in_query = true;
  com_ptr<IScaler> none;
  EXPECT_EQ(unpacked(*home, first, &none), E_ABORT);
  EXPECT_EQ(release_interface_packet(first), S_OK);

  com_ptr<IAdder> back;
  EXPECT_EQ(unpacked(*home, second, &back), S_OK);
  EXPECT_EQ(references(object), 2u);
}

TEST_F(ThrowingCode, AnInterfaceAskedOfAProxyThatThrowsCostsNoReference) {
  trivial_exporter_ptr home("home"), away("away");
  const auto object = make<unruly>();
  object->throws_in_query = true;
  auto proxy = carry<IAdder>(*home, object->unknown(), *away);

  EXPECT_EQ(query_in<IScaler>(*away, proxy.get(), E_ABORT), nullptr);
  proxy.reset();

  EXPECT_EQ(references(object), 1u);
  EXPECT_EQ(live_stub_managers(), stub_managers_);
}

TEST_F(ThrowingCode, AFactoryThatThrowsForAStubLeavesNoExport) {
  registered_throwing_factory factory;
  factory->in_create_stub = true;
  trivial_exporter_ptr home("home");
  const auto object = make<probe>();
  packet bytes{};

  EXPECT_EQ(packed<IScaler>(*home, object->unknown(), &bytes), E_ABORT);

  EXPECT_EQ(references(object), 1u);
  EXPECT_EQ(live_stub_managers(), stub_managers_);
}

TEST_F(ThrowingCode, AFactoryThatThrowsForAProxyLeavesThePacketGood) {
  registered_throwing_factory factory;
  trivial_exporter_ptr home("home"), away("away");
  const auto object = make<probe>();
  packet bytes{};
  ASSERT_EQ(packed<IScaler>(*home, object->unknown(), &bytes), S_OK);
  factory->in_create_proxy = true;
  com_ptr<IScaler> proxy;
  EXPECT_EQ(unpacked(*away, bytes, &proxy), E_ABORT);
  EXPECT_FALSE(objref_is_consumed(bytes));

  factory->in_create_proxy = false;
  EXPECT_EQ(unpacked(*away, bytes, &proxy), S_OK);
  proxy.reset();

  EXPECT_EQ(references(object), 1u);
}

TEST_F(ThrowingCode, AFactoryThatThrowsForAProxyGivesBackWhatTheQueryBrought) {
  registered_throwing_factory factory;
  trivial_exporter_ptr home("home"), away("away");
  const auto object = make<probe>();
  auto proxy = carry<IAdder>(*home, object->unknown(), *away);
  factory->in_create_proxy = true;

  EXPECT_EQ(query_in<IScaler>(*away, proxy.get(), E_ABORT), nullptr);
  proxy.reset();

  EXPECT_EQ(references(object), 1u);
  EXPECT_EQ(live_stub_managers(), stub_managers_);
}

TEST_F(ThrowingCode, AStubThatThrowsInInvokeIsAServerFault) {
  registered_throwing_factory factory;
  trivial_exporter_ptr home("home"), away("away");
  const auto object = make<probe>();
  auto proxy = carry<IScaler>(*home, object->unknown(), *away);
  factory->in_invoke = true;
  {
    const enter inside(*away);
    LONG total = 0;
    EXPECT_EQ(proxy->Scale(2, &total), RPC_E_SERVERFAULT);
    EXPECT_NE(error_description().find("the stub gave up"), std::string::npos)
        << error_description();
  }
  proxy.reset();
  EXPECT_EQ(references(object), 1u);
}

TEST_F(ThrowingCode, AStubThatThrowsInDisconnectIsLetGo) {
  const log_lines log;
  registered_throwing_factory factory;
  trivial_exporter_ptr home("home"), away("away");
  const auto object = make<probe>();
  factory->in_disconnect = true;
  carry<IScaler>(*home, object->unknown(), *away).reset();

  EXPECT_EQ(references(object), 1u);
  EXPECT_EQ(live_stub_managers(), stub_managers_);
  EXPECT_NE(log.text().find("the stub hangs on"), std::string::npos) << log.text();
}

TEST_F(ThrowingCode, AnExternalConnectionThatThrowsIsContainedAndTheObjectReleased) {
  const log_lines log;
  trivial_exporter_ptr home("home"), away("away");
  const auto object = make<unruly>();
  object->throws_in_connection = true;
  auto proxy = carry<IAdder>(*home, object->unknown(), *away);
  EXPECT_GT(references(object), 1u);
  proxy.reset();

  EXPECT_EQ(references(object), 1u);
  EXPECT_NE(log.text().find("nobody connects"), std::string::npos) << log.text();
  EXPECT_NE(log.text().find("nobody leaves"), std::string::npos) << log.text();
}

TEST_F(ThrowingCode, AnExternalConnectionThatThrowsForALockIsContained) {
  const log_lines log;
  trivial_exporter_ptr home("home");
  const auto object = make<unruly>();
  object->throws_in_connection = true;
  const enter inside(*home);

  EXPECT_EQ(CoLockObjectExternal(object->unknown(), 1, 0), S_OK);
  EXPECT_GT(references(object), 1u);
  EXPECT_EQ(CoLockObjectExternal(object->unknown(), 0, 1), S_OK);

  EXPECT_EQ(references(object), 1u);
  EXPECT_NE(log.text().find("nobody leaves"), std::string::npos) << log.text();
}

TEST_F(ThrowingCode, AnObjectWhoseEndThrowsIsGoneWithItsLastProxy) {
  const log_lines log;
  trivial_exporter_ptr home("home"), away("away");
  auto object = make<unruly>();
  object->throws_at_end = true;
  auto proxy = carry<IAdder>(*home, object->unknown(), *away);
  object.reset();
  proxy.reset();

  EXPECT_EQ(live_stub_managers(), stub_managers_);
  EXPECT_NE(log.text().find("the end is not nigh"), std::string::npos) << log.text();
}

TEST_F(ThrowingCode, AnObjectWhoseEndThrowsDoesNotKeepItsExporterFromClosing) {
  const log_lines log;
  trivial_exporter_ptr home("home"), away("away");
  auto object = make<unruly>();
  object->throws_at_end = true;
  const auto other = make<probe>();
  auto proxy = carry<IAdder>(*home, object->unknown(), *away);
  const auto second = carry<IAdder>(*home, other->unknown(), *away);
  object.reset();
  home->close();

  EXPECT_EQ(references(other), 1u);
  EXPECT_NE(log.text().find("the end is not nigh"), std::string::npos) << log.text();
}

TEST_F(ThrowingCode, AStreamThatThrowsWhenThePacketIsWrittenLeavesNoExport) {
  trivial_exporter_ptr home("home");
  const auto object = make<probe>();
  const auto stream = make<throwing_stream>();
  stream->in_write = true;
  const enter inside(*home);

  EXPECT_EQ(CoMarshalInterface(stream.get(), iid_of<IAdder>(), object->unknown(), MSHCTX_INPROC,
                               nullptr, MSHLFLAGS_NORMAL),
            E_ABORT);

  EXPECT_EQ(references(object), 1u);
  EXPECT_EQ(live_stub_managers(), stub_managers_);
}

TEST_F(ThrowingCode, AStreamThatThrowsInSeekStillGivesItsPointer) {
  trivial_exporter_ptr home("home"), away("away");
  const auto object = make<probe>();
  auto stream = make<throwing_stream>();
  {
    const enter inside(*home);
    ASSERT_EQ(CoMarshalInterface(stream.get(), iid_of<IAdder>(), object->unknown(), MSHCTX_INPROC,
                                 nullptr, MSHLFLAGS_NORMAL),
              S_OK);
    ASSERT_EQ(stream->Seek({0}, STREAM_SEEK_SET, nullptr), S_OK);
  }
  stream->in_seek = true;
  const enter inside(*away);
  com_ptr<IAdder> proxy;

  EXPECT_EQ(CoGetInterfaceAndReleaseStream(stream.detach(), iid_of<IAdder>(), proxy.put_void()),
            S_OK);

  EXPECT_TRUE(proxy);
}

}  // namespace
}  // namespace insula::test
