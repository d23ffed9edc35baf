// SPDX-License-Identifier: MIT
#include <insula/marshal/marshal_interface.hpp>

#include "probe.hpp"

#include <insula/core/error_info.hpp>
#include <insula/marshal/interface_packet.hpp>
#include <insula/marshal/objref.hpp>
#include <insula/marshal/packet_ledger.hpp>

#include <array>
#include <cstring>
#include <string>
#include <vector>

namespace insula::test {
namespace {

using enter = trivial_exporter::enter;
using leave = trivial_exporter::leave;

class MarshalInterface : public marshal_test {};
class InterfacePacket : public marshal_test {};

std::vector<std::byte> bytes_of(const com_ptr<IStream>& stream) {
  std::vector<std::byte> bytes(200);
  ULONG got = 0;
  EXPECT_EQ(stream->Read(bytes.data(), 200, &got), S_OK);
  bytes.resize(got);
  rewind(stream);
  return bytes;
}

ULONGLONG position(const com_ptr<IStream>& stream) {
  ULARGE_INTEGER where{};
  EXPECT_EQ(stream->Seek({0}, STREAM_SEEK_CUR, &where), S_OK);
  return where.QuadPart;
}

std::array<std::byte, objref_standard_size> packet_in(trivial_exporter& exporter,
                                                      IUnknown* object) {
  const enter inside(exporter);
  std::array<std::byte, objref_standard_size> packet{};
  std::size_t written = 0;
  EXPECT_EQ(write_interface_packet(iid_of<IAdder>(), object, packet, &written), S_OK);
  EXPECT_EQ(written, packet.size());
  return packet;
}

TEST_F(MarshalInterface, APacketHoldsTheObjectUntilItIsReleased) {
  trivial_exporter_ptr home("home");
  auto object = make<probe>();
  EXPECT_EQ(references(object), 1u);

  const auto stream = marshal_in<IAdder>(*home, object->unknown());
  EXPECT_GT(references(object), 1u);

  const enter inside(*home);
  EXPECT_EQ(CoReleaseMarshalData(stream.get()), S_OK);
  EXPECT_EQ(references(object), 1u);
}

TEST_F(MarshalInterface, ThePacketIsAStandardObjectReference) {
  trivial_exporter_ptr home("home");
  auto object = make<probe>();
  const auto stream = marshal_in<IUnknown>(*home, object->unknown());

  const auto bytes = bytes_of(stream);
  objref parsed;
  ASSERT_EQ(parse_objref(bytes, &parsed), S_OK);
  ASSERT_EQ(parsed.body.index(), 0u);
  const auto& body = std::get<objref_standard>(parsed.body);

  EXPECT_EQ(bytes.size(), objref_standard_size);
  EXPECT_EQ(parsed.iid, IID_IUnknown);
  EXPECT_EQ(body.standard.flags, 0u);
  EXPECT_EQ(body.standard.public_refs, 5u);
  EXPECT_EQ(body.standard.oxid, home->id());
  EXPECT_TRUE(body.addresses.words.empty());
}

TEST_F(MarshalInterface, APointerThatComesHomeIsTheObject) {
  trivial_exporter_ptr home("home");
  auto object = make<probe>();
  const auto back = carry<IScaler>(*home, object->unknown(), *home);

  EXPECT_EQ(back.get(), static_cast<IScaler*>(object.get()));
  EXPECT_EQ(references(object), 2u);
}

TEST_F(MarshalInterface, APacketIsUsedUpAtHome) {
  trivial_exporter_ptr home("home");
  auto object = make<probe>();
  const auto stream = marshal_in<IAdder>(*home, object->unknown());
  const auto first = unmarshal_in<IAdder>(*home, stream);
  rewind(stream);
  const auto second = unmarshal_in<IAdder>(*home, stream, CO_E_OBJNOTCONNECTED);

  EXPECT_EQ(second, nullptr);
  EXPECT_EQ(first.get(), static_cast<IAdder*>(object.get()));
  EXPECT_EQ(references(object), 2u);
}

TEST_F(MarshalInterface, APacketIsUsedUpElsewhereWhileTheObjectIsHeld) {
  trivial_exporter_ptr home("home"), away("away");
  auto object = make<probe>();
  const auto stream = marshal_in<IAdder>(*home, object->unknown());
  const auto first = unmarshal_in<IAdder>(*away, stream);
  rewind(stream);

  const auto second = unmarshal_in<IAdder>(*away, stream, CO_E_OBJNOTCONNECTED);

  EXPECT_EQ(second, nullptr);
  EXPECT_NE(error_description().find("before"), std::string::npos) << error_description();
}

TEST_F(MarshalInterface, APacketOfAReleasedObjectGivesAProxyThatIsDisconnected) {
  trivial_exporter_ptr home("home"), away("away");
  auto object = make<probe>();
  const auto stream = marshal_in<IAdder>(*home, object->unknown());
  const enter inside(*away);
  ASSERT_EQ(CoReleaseMarshalData(stream.get()), S_OK);
  EXPECT_EQ(references(object), 1u);
  rewind(stream);

  const auto proxy = unmarshal_in<IAdder>(*away, stream);
  ASSERT_NE(proxy, nullptr);
  LONG total = 0;

  EXPECT_EQ(proxy->Add(1, &total), RPC_E_DISCONNECTED);
  EXPECT_EQ(query_in<IScaler>(*away, proxy.get(), RPC_E_DISCONNECTED), nullptr);
}

TEST_F(MarshalInterface, AReleasedPacketIsWorthNothingWhileItsTeardownWaits) {
  trivial_exporter_ptr home("home"), away("away");
  auto object = make<probe>();
  const auto stream = marshal_in<IAdder>(*home, object->unknown());
  home->hold_posts();
  const enter inside(*away);
  ASSERT_EQ(CoReleaseMarshalData(stream.get()), S_OK);
  EXPECT_GT(references(object), 1u);
  rewind(stream);

  const auto proxy = unmarshal_in<IAdder>(*away, stream);
  EXPECT_EQ(home->run_posts(), 1);
  EXPECT_EQ(references(object), 1u);

  LONG total = 0;
  EXPECT_EQ(proxy->Add(1, &total), RPC_E_DISCONNECTED);
}

TEST_F(MarshalInterface, TwoPacketsOfOneObjectAreReleasedOneByOne) {
  trivial_exporter_ptr home("home"), away("away");
  auto object = make<probe>();
  const auto first = marshal_in<IAdder>(*home, object->unknown());
  const auto second = marshal_in<IAdder>(*home, object->unknown());

  const enter inside(*away);
  ASSERT_EQ(CoReleaseMarshalData(first.get()), S_OK);
  EXPECT_GT(references(object), 1u);
  const auto proxy = unmarshal_in<IAdder>(*away, second);
  LONG total = 0;

  EXPECT_EQ(proxy->Add(4, &total), S_OK);
  EXPECT_EQ(total, 4);
}

TEST_F(MarshalInterface, ReleasingAPacketTwiceReleasesItOnce) {
  trivial_exporter_ptr home("home");
  auto object = make<probe>();
  const auto first = marshal_in<IAdder>(*home, object->unknown());
  const auto second = marshal_in<IAdder>(*home, object->unknown());
  const enter inside(*home);

  EXPECT_EQ(CoReleaseMarshalData(first.get()), S_OK);
  rewind(first);
  // Both packets of one interface look alike, so this one releases the other.
  EXPECT_EQ(CoReleaseMarshalData(first.get()), S_OK);
  EXPECT_EQ(references(object), 1u);
  EXPECT_EQ(CoReleaseMarshalData(second.get()), S_OK);
  EXPECT_EQ(references(object), 1u);
}

TEST_F(MarshalInterface, ReleasingAtTheEndOfTheStreamLosesNothing) {
  trivial_exporter_ptr home("home");
  auto object = make<probe>();
  const auto stream = marshal_in<IAdder>(*home, object->unknown());
  const enter inside(*home);
  ASSERT_EQ(stream->Seek({0}, STREAM_SEEK_END, nullptr), S_OK);

  EXPECT_EQ(CoReleaseMarshalData(stream.get()), STG_E_READFAULT);
  EXPECT_GT(references(object), 1u);
  rewind(stream);
  EXPECT_EQ(CoReleaseMarshalData(stream.get()), S_OK);
  EXPECT_EQ(references(object), 1u);
}

TEST_F(MarshalInterface, AMissingInterfaceAtHomeUsesThePacketUp) {
  trivial_exporter_ptr home("home");
  auto object = make<probe>();
  const auto stream = marshal_in<IUnknown>(*home, object->unknown());

  const auto nothing = unmarshal_in<ILost>(*home, stream, E_NOINTERFACE);

  EXPECT_EQ(nothing, nullptr);
  EXPECT_EQ(references(object), 1u);
}

TEST_F(MarshalInterface, AMissingInterfaceElsewhereUsesThePacketUp) {
  trivial_exporter_ptr home("home"), away("away");
  auto object = make<probe>();
  const auto stream = marshal_in<IUnknown>(*home, object->unknown());

  const auto nothing = unmarshal_in<ILost>(*away, stream, E_NOINTERFACE);

  EXPECT_EQ(nothing, nullptr);
  EXPECT_EQ(references(object), 1u);
}

TEST_F(MarshalInterface, TheNullIdAsksForTheInterfaceOfThePacket) {
  trivial_exporter_ptr home("home"), away("away");
  auto object = make<probe>();
  const auto stream = marshal_in<IAdder>(*home, object->unknown());
  const enter inside(*away);
  com_ptr<IAdder> proxy;

  ASSERT_EQ(CoUnmarshalInterface(stream.get(), IID_NULL, proxy.put_void()), S_OK);
  LONG total = 0;
  EXPECT_EQ(proxy->Add(3, &total), S_OK);
  EXPECT_EQ(total, 3);
}

TEST_F(MarshalInterface, AnotherInterfaceThanThePacketNamesCanBeAskedFor) {
  trivial_exporter_ptr home("home"), away("away");
  auto object = make<probe>();
  const auto stream = marshal_in<IAdder>(*home, object->unknown());

  const auto proxy = unmarshal_in<IScaler>(*away, stream);

  const enter inside(*away);
  LONG total = 1;
  EXPECT_EQ(proxy->Scale(3, &total), S_OK);
  EXPECT_EQ(total, 0);
}

TEST_F(MarshalInterface, RefusesNullArguments) {
  trivial_exporter_ptr home("home");
  auto object = make<probe>();
  auto stream = create_memory_stream();
  const IID& iid = iid_of<IAdder>();
  void* out = &out;

  EXPECT_EQ(CoUnmarshalInterface(stream.get(), iid, nullptr), E_INVALIDARG);
  EXPECT_NE(error_description().find("CoUnmarshalInterface: the place for the pointer is null"),
            std::string::npos);
  const enter inside(*home);
  EXPECT_EQ(CoMarshalInterface(nullptr, iid, object->unknown(), MSHCTX_INPROC, nullptr, 0),
            E_INVALIDARG);
  EXPECT_EQ(CoMarshalInterface(stream.get(), iid, nullptr, MSHCTX_INPROC, nullptr, 0),
            E_INVALIDARG);
  EXPECT_EQ(CoUnmarshalInterface(nullptr, iid, &out), E_INVALIDARG);
  EXPECT_EQ(out, nullptr);
  EXPECT_EQ(CoReleaseMarshalData(nullptr), E_INVALIDARG);
  EXPECT_EQ(CoMarshalInterThreadInterfaceInStream(iid, object->unknown(), nullptr), E_INVALIDARG);
  EXPECT_EQ(CoGetInterfaceAndReleaseStream(nullptr, iid, &out), E_INVALIDARG);
}

TEST_F(MarshalInterface, NeedsAnApartmentBeforeItReads) {
  const leave nowhere;
  auto object = make<probe>();
  auto stream = create_memory_stream();
  com_ptr<IAdder> out;

  EXPECT_EQ(CoUnmarshalInterface(stream.get(), iid_of<IAdder>(), out.put_void()),
            CO_E_NOTINITIALIZED);
  EXPECT_EQ(CoMarshalInterface(stream.get(), iid_of<IAdder>(), object->unknown(), MSHCTX_INPROC,
                               nullptr, MSHLFLAGS_NORMAL),
            CO_E_NOTINITIALIZED);
  EXPECT_EQ(CoReleaseMarshalData(stream.get()), CO_E_NOTINITIALIZED);
  EXPECT_EQ(position(stream), 0u);
}

TEST_F(MarshalInterface, AnInterfaceThatNobodyDescribedCannotTravel) {
  trivial_exporter_ptr home("home");
  auto object = make<probe>();
  auto stream = create_memory_stream();
  const enter inside(*home);

  EXPECT_EQ(CoMarshalInterface(stream.get(), iid_of<IUndescribed>(), object->unknown(),
                               MSHCTX_INPROC, nullptr, MSHLFLAGS_NORMAL),
            E_NOINTERFACE);
  EXPECT_NE(error_description().find("no proxy and stub"), std::string::npos);
  EXPECT_EQ(position(stream), 0u);
  EXPECT_EQ(references(object), 1u);
}

TEST_F(MarshalInterface, AnInterfaceThatTheObjectLacksCannotTravel) {
  trivial_exporter_ptr home("home");
  auto object = make<probe>();
  auto stream = create_memory_stream();
  const enter inside(*home);

  EXPECT_EQ(CoMarshalInterface(stream.get(), iid_of<ILost>(), object->unknown(), MSHCTX_INPROC,
                               nullptr, MSHLFLAGS_NORMAL),
            E_NOINTERFACE);
  EXPECT_NE(error_description().find("does not have ILost"), std::string::npos);
  EXPECT_EQ(references(object), 1u);
}

TEST_F(MarshalInterface, TablePacketsAndOtherProcessesAreRefusedWithASentence) {
  trivial_exporter_ptr home("home");
  auto object = make<probe>();
  auto stream = create_memory_stream();
  const enter inside(*home);
  const auto marshal = [&](DWORD destination, DWORD flags) {
    return CoMarshalInterface(stream.get(), iid_of<IAdder>(), object->unknown(), destination,
                              nullptr, flags);
  };

  EXPECT_EQ(marshal(MSHCTX_INPROC, MSHLFLAGS_TABLESTRONG), CO_E_NOT_SUPPORTED);
  EXPECT_EQ(marshal(MSHCTX_INPROC, MSHLFLAGS_TABLEWEAK), CO_E_NOT_SUPPORTED);
  EXPECT_NE(error_description().find("normal packets"), std::string::npos);
  EXPECT_EQ(marshal(MSHCTX_DIFFERENTMACHINE, MSHLFLAGS_NORMAL), CO_E_NOT_SUPPORTED);
  EXPECT_EQ(marshal(99, MSHLFLAGS_NORMAL), E_INVALIDARG);
  EXPECT_EQ(marshal(MSHCTX_INPROC, 64), E_INVALIDARG);
  EXPECT_EQ(references(object), 1u);
}

TEST_F(MarshalInterface, SaysHowLongAPacketWillBe) {
  trivial_exporter_ptr home("home");
  auto object = make<probe>();
  const enter inside(*home);
  ULONG size = 0;

  EXPECT_EQ(
      CoGetMarshalSizeMax(&size, iid_of<IAdder>(), object->unknown(), MSHCTX_INPROC, nullptr, 0),
      S_OK);
  EXPECT_EQ(size, objref_standard_size);
  EXPECT_EQ(
      CoGetMarshalSizeMax(nullptr, iid_of<IAdder>(), object->unknown(), MSHCTX_INPROC, nullptr, 0),
      E_INVALIDARG);
}

TEST_F(MarshalInterface, BytesThatAreNoPacketAreRefused) {
  trivial_exporter_ptr home("home");
  const std::array<std::byte, 80> nonsense{std::byte{1}, std::byte{2}};
  auto stream = create_memory_stream(nonsense);
  const enter inside(*home);
  com_ptr<IAdder> out;

  EXPECT_EQ(CoUnmarshalInterface(stream.get(), iid_of<IAdder>(), out.put_void()),
            RPC_E_INVALID_OBJREF);
  EXPECT_FALSE(error_description().empty());
}

TEST_F(MarshalInterface, APacketCutShortIsAReadFault) {
  trivial_exporter_ptr home("home");
  auto object = make<probe>();
  const auto whole = marshal_in<IAdder>(*home, object->unknown());
  auto bytes = bytes_of(whole);
  bytes.pop_back();
  auto part = create_memory_stream(bytes);
  const enter inside(*home);
  com_ptr<IAdder> out;

  EXPECT_EQ(CoUnmarshalInterface(part.get(), iid_of<IAdder>(), out.put_void()), STG_E_READFAULT);
  EXPECT_EQ(CoReleaseMarshalData(whole.get()), S_OK);
}

TEST_F(MarshalInterface, AForgedInterfaceIdOfALiveObjectIsRefused) {
  trivial_exporter_ptr home("home"), away("away");
  auto object = make<probe>();
  const auto stream = marshal_in<IAdder>(*home, object->unknown());
  auto bytes = bytes_of(stream);
  bytes[objref_standard_size - 12] ^= std::byte{0xff};  // inside the ipid
  auto forged = create_memory_stream(bytes);

  EXPECT_EQ(unmarshal_in<IAdder>(*away, forged, RPC_E_INVALID_OBJREF), nullptr);
  EXPECT_EQ(position(forged), objref_standard_size);

  const auto proxy = unmarshal_in<IAdder>(*away, stream);
  EXPECT_NE(proxy, nullptr);
}

TEST_F(MarshalInterface, APacketOfAClosedExporterIsNotConnected) {
  trivial_exporter_ptr home("home"), away("away");
  auto object = make<probe>();
  const auto stream = marshal_in<IAdder>(*home, object->unknown());
  home->close();
  EXPECT_EQ(references(object), 1u);

  EXPECT_EQ(unmarshal_in<IAdder>(*away, stream, CO_E_OBJNOTCONNECTED), nullptr);
  rewind(stream);
  const enter inside(*away);
  EXPECT_EQ(CoReleaseMarshalData(stream.get()), S_OK);
}

TEST_F(MarshalInterface, AStreamThatRefusesThePacketLosesNothing) {
  trivial_exporter_ptr home("home");
  auto object = make<probe>();
  // A stream in memory ends at 4 GiB: there is room for no packet.
  auto stream = create_memory_stream();
  ASSERT_EQ(stream->Seek({0xFFFFFFFF - 10}, STREAM_SEEK_SET, nullptr), S_OK);
  const enter inside(*home);

  EXPECT_EQ(CoMarshalInterface(stream.get(), iid_of<IAdder>(), object->unknown(), MSHCTX_INPROC,
                               nullptr, MSHLFLAGS_NORMAL),
            STG_E_MEDIUMFULL);
  EXPECT_EQ(references(object), 1u);
}

TEST_F(MarshalInterface, TheShortWayCarriesAPointerToAnotherExporter) {
  trivial_exporter_ptr home("home"), away("away");
  auto object = make<probe>();
  IStream* stream = nullptr;
  {
    const enter inside(*home);
    ASSERT_EQ(CoMarshalInterThreadInterfaceInStream(iid_of<IAdder>(), object->unknown(), &stream),
              S_OK);
  }
  const com_ptr<IStream> watched(stream);
  EXPECT_EQ(references(watched), 2u);

  const enter inside(*away);
  com_ptr<IAdder> proxy;
  EXPECT_EQ(CoGetInterfaceAndReleaseStream(stream, iid_of<IAdder>(), proxy.put_void()), S_OK);
  EXPECT_EQ(references(watched), 1u);
  LONG total = 0;
  EXPECT_EQ(proxy->Add(2, &total), S_OK);
}

TEST_F(MarshalInterface, TheShortWayReleasesThePacketWhenItFails) {
  trivial_exporter_ptr home("home");
  auto object = make<probe>();
  IStream* stream = nullptr;
  {
    const enter inside(*home);
    ASSERT_EQ(CoMarshalInterThreadInterfaceInStream(iid_of<IAdder>(), object->unknown(), &stream),
              S_OK);
  }
  EXPECT_GT(references(object), 1u);
  const enter inside(*home);

  EXPECT_EQ(CoGetInterfaceAndReleaseStream(stream, iid_of<IAdder>(), nullptr), E_INVALIDARG);
  EXPECT_EQ(references(object), 1u);
}

TEST_F(MarshalInterface, AnHresultTravelsAsItsFourBytes) {
  auto stream = create_memory_stream();
  const auto code = static_cast<HRESULT>(static_cast<std::int32_t>(0xdeadbeefu));
  ASSERT_EQ(CoMarshalHresult(stream.get(), code), S_OK);
  EXPECT_EQ(position(stream), 4u);
  rewind(stream);

  HRESULT raw = S_OK;
  ASSERT_EQ(stream->Read(&raw, 4, nullptr), S_OK);
  rewind(stream);
  HRESULT back = S_OK;
  EXPECT_EQ(CoUnmarshalHresult(stream.get(), &back), S_OK);
  EXPECT_EQ(raw, code);
  EXPECT_EQ(back, code);
  EXPECT_EQ(CoUnmarshalHresult(stream.get(), &back), STG_E_READFAULT);
}

TEST_F(InterfacePacket, IsConsumedInPlaceWhenItIsRead) {
  trivial_exporter_ptr home("home"), away("away");
  auto object = make<probe>();
  auto packet = packet_in(*home, object->unknown());
  const enter inside(*away);
  com_ptr<IAdder> proxy;

  ASSERT_EQ(read_interface_packet(packet, iid_of<IAdder>(), proxy.put_void()), S_OK);
  EXPECT_TRUE(objref_is_consumed(packet));
  com_ptr<IAdder> again;
  EXPECT_EQ(read_interface_packet(packet, iid_of<IAdder>(), again.put_void()),
            CO_E_OBJNOTCONNECTED);
  EXPECT_EQ(release_interface_packet(packet), S_OK);
  LONG total = 0;
  EXPECT_EQ(proxy->Add(1, &total), S_OK);
}

TEST_F(InterfacePacket, ReleasesItsReferencesOnce) {
  trivial_exporter_ptr home("home");
  auto object = make<probe>();
  auto first = packet_in(*home, object->unknown());
  auto second = packet_in(*home, object->unknown());

  EXPECT_EQ(release_interface_packet(first), S_OK);
  EXPECT_EQ(release_interface_packet(first), S_OK);
  EXPECT_GT(references(object), 1u);
  EXPECT_EQ(release_interface_packet(second), S_OK);
  EXPECT_EQ(references(object), 1u);
}

TEST_F(InterfacePacket, ABufferThatIsTooSmallCostsNothing) {
  trivial_exporter_ptr home("home");
  auto object = make<probe>();
  std::array<std::byte, objref_standard_size - 1> small{};
  std::size_t written = 1;
  const enter inside(*home);

  EXPECT_TRUE(FAILED(write_interface_packet(iid_of<IAdder>(), object->unknown(), small, &written)));
  EXPECT_EQ(written, 0u);
  EXPECT_EQ(references(object), 1u);
  EXPECT_EQ(interface_packet_size_max(iid_of<IAdder>(), object->unknown()), objref_standard_size);
  EXPECT_EQ(interface_packet_size_max(iid_of<IAdder>(), nullptr), 0u);
}

TEST_F(InterfacePacket, ALedgerReleasesWhatNobodyRead) {
  trivial_exporter_ptr home("home"), away("away");
  auto read = make<probe>();
  auto unread = make<probe>();
  std::vector<std::byte> buffer(8 + 2 * objref_standard_size);
  const auto first = packet_in(*home, read->unknown());
  const auto second = packet_in(*home, unread->unknown());
  std::memcpy(buffer.data() + 8, first.data(), first.size());
  std::memcpy(buffer.data() + 8 + first.size(), second.data(), second.size());
  packet_ledger ledger;
  ledger.add(8);
  ledger.add(8 + static_cast<std::uint32_t>(first.size()));
  com_ptr<IAdder> proxy;
  {
    const enter inside(*away);
    ASSERT_EQ(read_interface_packet(std::span(buffer).subspan(8, first.size()), iid_of<IAdder>(),
                                    proxy.put_void()),
              S_OK);
  }

  ledger.release_unconsumed(buffer);
  ledger.release_unconsumed(buffer);

  EXPECT_TRUE(ledger.empty());
  EXPECT_GT(references(read), 1u);
  EXPECT_EQ(references(unread), 1u);
}

TEST_F(InterfacePacket, RefusesEveryTruncation) {
  trivial_exporter_ptr home("home"), away("away");
  auto object = make<probe>();
  auto packet = packet_in(*home, object->unknown());
  const enter inside(*away);
  for (std::size_t size = 0; size != packet.size(); ++size) {
    std::vector<std::byte> cut(packet.begin(), packet.begin() + static_cast<std::ptrdiff_t>(size));
    com_ptr<IAdder> out;
    EXPECT_TRUE(FAILED(read_interface_packet(cut, iid_of<IAdder>(), out.put_void()))) << size;
  }
  EXPECT_EQ(release_interface_packet(packet), S_OK);
}

// A flipped flag of the reference changes nothing, and a flipped object id names an object that is
// gone, whose proxy is disconnected; all else is refused. Nothing is lost by any of it.
TEST_F(InterfacePacket, SurvivesEveryFlippedBit) {
  trivial_exporter_ptr home("home"), away("away");
  auto object = make<probe>();
  for (trivial_exporter* where : {&*home, &*away}) {
    for (std::size_t bit = 0; bit != objref_standard_size * 8; ++bit) {
      auto original = packet_in(*home, object->unknown());
      auto forged = original;
      forged[bit / 8] ^= static_cast<std::byte>(1u << bit % 8);
      const enter inside(*where);
      {
        com_ptr<IAdder> out;
        const HRESULT code = read_interface_packet(forged, iid_of<IAdder>(), out.put_void());
        EXPECT_EQ(FAILED(code), out == nullptr) << bit;
        LONG total = 0;
        if (out != nullptr) (void)out->Add(1, &total);
      }
      (void)release_interface_packet(forged);
      (void)release_interface_packet(original);
      ASSERT_EQ(references(object), 1u) << bit;
    }
  }
}

}  // namespace
}  // namespace insula::test
