// SPDX-License-Identifier: MIT
//
// marshal: packets, streams, locks, factories, calls in two halves.
#include "scenario.hpp"
#include "tool.hpp"

#include <insula/apartments/mta.hpp>
#include <insula/apartments/sta.hpp>
#include <insula/core/stream.hpp>
#include <insula/marshal/call_request.hpp>
#include <insula/marshal/disconnect.hpp>
#include <insula/marshal/external_connection.hpp>
#include <insula/marshal/interface_packet.hpp>
#include <insula/marshal/marshal_interface.hpp>
#include <insula/marshal/multi_qi.hpp>
#include <insula/marshal/proxy_stub_registry.hpp>

#include <array>

namespace insula::test {
namespace {

/// Has IExternalConnection.
class watched final : public implements<watched, IGadget, IExternalConnection> {
 public:
  HRESULT Number(LONG* number) override {
    *number = 3;
    return S_OK;
  }
  DWORD AddConnection(DWORD, DWORD) override { return ++connections_; }
  DWORD ReleaseConnection(DWORD, DWORD, BOOL) override { return --connections_; }

 private:
  DWORD connections_ = 0;
};

LONG number_of(IGadget* gadget) {
  LONG number = 0;
  INSULA_STEP(gadget->Number(&number));
  return number;
}

void streams_between_threads() {
  const sta_lease here("here");
  const sta home("home");
  com_ptr<IStream> stream;
  home.invoke([&] {
    const com_ptr<IGadget> made = make<watched>();
    INSULA_STEP_OR(
        STG_E_MEDIUMFULL, CoMarshalInterThreadInterfaceInStream(iid_of<IGadget>(), made.get(),
        stream.put()));
  });
  com_ptr<IGadget> gadget;
  INSULA_STEP(
      CoGetInterfaceAndReleaseStream(stream.detach(), iid_of<IGadget>(), gadget.put_void()));
  require(number_of(gadget.get()) == 3, "the number from a stream");
}

void packets_in_a_stream() {
  const sta_lease here("here");
  const sta home("home");
  const com_ptr<IStream> stream = create_memory_stream();
  const auto rewind = [&] { INSULA_STEP(stream->Seek({0}, STREAM_SEEK_SET, nullptr)); };
  home.invoke([&] {
    const com_ptr<IGadget> made = make<gadget>();
    ULONG size = 0;
    INSULA_STEP(
        CoGetMarshalSizeMax(&size, iid_of<IGadget>(), made.get(), MSHCTX_INPROC, nullptr,
        MSHLFLAGS_NORMAL));
    for (int i = 0; i != 2; ++i)
      INSULA_STEP_OR(
          STG_E_MEDIUMFULL, CoMarshalInterface(stream.get(), iid_of<IGadget>(), made.get(),
          MSHCTX_INPROC, nullptr, MSHLFLAGS_NORMAL));
    INSULA_STEP_OR(STG_E_MEDIUMFULL, CoMarshalHresult(stream.get(), E_ACCESSDENIED));
  });
  rewind();
  com_ptr<IGadget> gadget;
  INSULA_STEP(CoUnmarshalInterface(stream.get(), iid_of<IGadget>(), gadget.put_void()));
  require(number_of(gadget.get()) == 7, "the number from a packet");
  INSULA_STEP(CoReleaseMarshalData(stream.get()));
  HRESULT code = S_OK;
  INSULA_STEP(CoUnmarshalHresult(stream.get(), &code));
  require(code == E_ACCESSDENIED, "the code from a stream");
}

// A proxy is marshaled on to a third apartment; another packet of it is never unmarshaled.
void packets_of_a_proxy() {
  const sta_lease here("here");
  const sta home("home");
  const sta third("third");
  const auto gadget = home.create<IGadget>([] { return make<watched>(); });
  std::array<std::byte, 100> packet;
  std::size_t written = 0;
  const std::size_t most = interface_packet_size_max(iid_of<IGadget>(), gadget.get());
  require(most <= packet.size(), "the size of a packet");
  INSULA_STEP(write_interface_packet(iid_of<IGadget>(), gadget.get(), packet, &written));
  try {
    third.invoke([&] {
      com_ptr<IGadget> there;
      INSULA_STEP(
          read_interface_packet(std::span(packet).first(written), iid_of<IGadget>(),
          there.put_void()));
      require(number_of(there.get()) == 3, "the number in a third apartment");
    });
  } catch (...) {
    (void)release_interface_packet(std::span(packet).first(written));
    throw;
  }
  INSULA_STEP(write_interface_packet(iid_of<IGadget>(), gadget.get(), packet, &written));
  INSULA_STEP(release_interface_packet(std::span(packet).first(written)));
}

void objects_of_closed_apartments() {
  const sta_lease here("here");
  sta home("home");
  const auto gadget = home.create<IGadget>([] { return make<watched>(); });
  com_ptr<IStream> stream;
  home.invoke([&] {
    const com_ptr<IGadget> other = make<watched>();
    INSULA_STEP_OR(
        STG_E_MEDIUMFULL, CoMarshalInterThreadInterfaceInStream(iid_of<IGadget>(), other.get(),
        stream.put()));
  });
  home.close();
  LONG number = 0;
  const HRESULT code = gadget->Number(&number);
  require(code == RPC_E_DISCONNECTED || says_shortage(code), "the code of a closed apartment");
  com_ptr<IGadget> none;
  const HRESULT gone = CoUnmarshalInterface(stream.get(), iid_of<IGadget>(), none.put_void());
  require(gone == CO_E_OBJNOTCONNECTED || says_shortage(gone), "the code of a dead packet");
}

void locks() {
  const sta_lease here("here");
  const com_ptr<IGadget> made = make<watched>();
  INSULA_STEP(CoLockObjectExternal(made.get(), 1, 1));
  const HRESULT unlocked = CoLockObjectExternal(made.get(), 0, 1);
  const HRESULT cut = CoDisconnectObject(made.get(), 0);
  step(unlocked, "CoLockObjectExternal, undone");
  step(cut, "CoDisconnectObject");
}

void several_interfaces() {
  const sta_lease here("here");
  const sta home("home");
  const auto proxy = home.create<IUnknown>([] { return make<gadget>(); });
  const auto several = proxy.as<IMultiQI>();
  MULTI_QI asked[3] = {{&iid_of<IGadget>(), nullptr, S_OK},
                       {&iid_of<IOther>(), nullptr, S_OK},
                       {&iid_of<ITool>(), nullptr, S_OK}};
  const HRESULT code = several->QueryMultipleInterfaces(3, asked);
  bool shortage_said = says_shortage(code);
  for (MULTI_QI& one : asked) {
    if (one.pItf != nullptr) one.pItf->Release();
    shortage_said = shortage_said || says_shortage(one.hr);
  }
  if (shortage_said) throw refused_step{};
  require(code == S_FALSE, "two of three interfaces");
  require(proxy.try_as<ITool>() == nullptr, "an interface that the object lacks");
}

void factories() {
  const sta_lease here("here");
  com_ptr<IPSFactoryBuffer> factory;
  INSULA_STEP(ps_factory_for(iid_of<IGadget>(), factory.put()));
  INSULA_STEP(register_ps_factory(iid_of<IGadget>(), factory.get()));
  com_ptr<IPSFactoryBuffer> found;
  const HRESULT code = find_ps_factory(iid_of<IGadget>(), found.put());
  const HRESULT gone = unregister_ps_factory(iid_of<IGadget>());
  step(code, "find_ps_factory");
  step(gone, "unregister_ps_factory");
  const com_ptr<IGadget> server = make<gadget>();
  com_ptr<IRpcStubBuffer> stub;
  INSULA_STEP(found->CreateStub(iid_of<IGadget>(), server.get(), stub.put()));
  stub->Disconnect();
  com_ptr<IRpcProxyBuffer> proxy;
  com_ptr<IGadget> pointer;
  INSULA_STEP(found->CreateProxy(nullptr, iid_of<IGadget>(), proxy.put(), pointer.put_void()));
  require(find_ps_factory(guid("5a1d0c11-4b7e-4d0a-9c41-6f0a5b3c10ff"), found.put()) ==
              REGDB_E_IIDNOTREG,
          "an interface that nobody described");
}

void calls_in_two_halves() {
  const sta_lease here("here");
  const sta home("home");
  const auto made = home.create<ITool>([] { return make<tool>(); });
  interface_proxy_base* const proxy = find_interface_proxy(made.get(), iid_of<ITool>());
  if (proxy == nullptr) throw refused_step{};
  char* copy = nullptr;
  call_request_for<decltype(&ITool::Echo)> request;
  INSULA_STEP(begin_call(*proxy, &ITool::Echo, request, "a text", &copy));
  ULONG status = 0;
  const HRESULT sent = request.channel()->SendReceive(request.hand_over(), &status);
  if (SUCCEEDED(sent)) request.replied();
  INSULA_STEP(finish_call(request, sent));
  const task_ptr<char> kept(copy);
  require(std::string_view(copy) == "a text", "an echo in two halves");
  // Written and never sent.
  call_request_for<decltype(&ITool::Take)> dropped;
  const auto gadget_here = make<gadget>();
  LONG number = 0;
  INSULA_STEP(begin_call(*proxy, &ITool::Take, dropped, gadget_here.get(), &number));
}

}  // namespace

std::vector<piece> pieces_of_marshal() {
  return {{"StreamsBetweenThreads", streams_between_threads},
          {"PacketsInAStream", packets_in_a_stream},
          {"PacketsOfAProxy", packets_of_a_proxy},
          {"ObjectsOfClosedApartments", objects_of_closed_apartments},
          {"Locks", locks},
          {"SeveralInterfaces", several_interfaces},
          {"Factories", factories},
          {"CallsInTwoHalves", calls_in_two_halves}};
}

}  // namespace insula::test
