// SPDX-License-Identifier: MIT
#include "proxy_manager.hpp"

#include "counting_factory.hpp"
#include "probe.hpp"

#include <insula/core/error_info.hpp>
#include <insula/core/test_gate.hpp>
#include <insula/marshal/interface_packet.hpp>
#include <insula/marshal/objref.hpp>

#include <array>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace insula::test {
namespace {

using enter = trivial_exporter::enter;
using leave = trivial_exporter::leave;

class ProxyManager : public marshal_test {
 protected:
  void TearDown() override {
    for (trivial_exporter_ptr* exporter : {&home_, &away_, &third_})
      exporter->finish();
    object_.reset();
    marshal_test::TearDown();
  }

  trivial_exporter_ptr home_{"home"};
  trivial_exporter_ptr away_{"away"};
  trivial_exporter_ptr third_{"third"};
  com_ptr<probe> object_ = make<probe>();
};

class ProxyMarshaling : public ProxyManager {};
class ProxyInTheWrongPlace : public ProxyManager {};
class ProxyOfAClosedExporter : public ProxyManager {};

LONG add(trivial_exporter& where, const com_ptr<IAdder>& adder, LONG amount) {
  const enter inside(where);
  LONG total = 0;
  EXPECT_EQ(adder->Add(amount, &total), S_OK);
  return total;
}

std_objref reference_in(const com_ptr<IStream>& stream) {
  std::array<std::byte, objref_standard_size> bytes{};
  EXPECT_EQ(stream->Read(bytes.data(), static_cast<ULONG>(bytes.size()), nullptr), S_OK);
  rewind(stream);
  objref parsed;
  EXPECT_EQ(parse_objref(bytes, &parsed), S_OK);
  return std::get<objref_standard>(parsed.body).standard;
}

TEST_F(ProxyManager, IsTheObjectsOneIdentityInItsExporter) {
  const auto adder = carry<IAdder>(*home_, object_->unknown(), *away_);
  const auto scaler = query_in<IScaler>(*away_, adder.get());
  const auto again = carry<IScaler>(*home_, object_->unknown(), *away_);

  EXPECT_EQ(scaler, again);
  EXPECT_EQ(query_in<IUnknown>(*away_, adder.get()), query_in<IUnknown>(*away_, scaler.get()));
  EXPECT_EQ(live_proxy_managers(), proxy_managers_ + 1);
}

TEST_F(ProxyManager, CallsReachTheObjectAndBringTheAnswerBack) {
  const auto adder = carry<IAdder>(*home_, object_->unknown(), *away_);
  object_exporter* served_in = nullptr;
  object_->during_call = [&] { served_in = current_exporter(); };

  EXPECT_EQ(add(*away_, adder, 40), 40);
  EXPECT_EQ(add(*away_, adder, 2), 42);
  EXPECT_EQ(served_in, &*home_);
}

TEST_F(ProxyManager, GoesWithItsLastPointer) {
  auto adder = carry<IAdder>(*home_, object_->unknown(), *away_);
  auto scaler = query_in<IScaler>(*away_, adder.get());
  auto identity = query_in<IUnknown>(*away_, adder.get());
  EXPECT_EQ(references(identity), 3u);
  EXPECT_GT(references(object_), 1u);

  adder.reset();
  scaler.reset();
  EXPECT_EQ(live_proxy_managers(), proxy_managers_ + 1);
  EXPECT_GT(references(object_), 1u);
  EXPECT_EQ(identity.detach()->Release(), 0u);

  EXPECT_EQ(live_proxy_managers(), proxy_managers_);
  EXPECT_EQ(references(object_), 1u);
}

TEST_F(ProxyManager, MakesOneProxyAndOneStubForANewInterface) {
  counting_factory<IScaler> factory;
  const auto identity = carry<IUnknown>(*home_, object_->unknown(), *away_);
  EXPECT_EQ(factory.stubs(), 0);
  const int calls = home_->calls();

  const auto scaler = query_in<IScaler>(*away_, identity.get());
  EXPECT_EQ(home_->calls(), calls + 1);
  const auto again = query_in<IScaler>(*away_, identity.get());

  EXPECT_EQ(scaler, again);
  EXPECT_EQ(home_->calls(), calls + 1);
  EXPECT_EQ(factory.stubs(), 1);
  EXPECT_EQ(factory.proxies(), 1);
}

TEST_F(ProxyManager, AsksTheObjectOnceForAnInterfaceThatItLacks) {
  const auto adder = carry<IAdder>(*home_, object_->unknown(), *away_);
  const int calls = home_->calls();

  EXPECT_EQ(query_in<ILost>(*away_, adder.get(), E_NOINTERFACE), nullptr);

  EXPECT_EQ(home_->calls(), calls + 1);
  EXPECT_NE(error_description().find("the object does not have ILost"), std::string::npos)
      << error_description();
  EXPECT_NE(error_description().find("exporter 'away'"), std::string::npos);
  EXPECT_NE(error_description().find("exporter 'home'"), std::string::npos);
}

TEST_F(ProxyManager, SaysWhenNobodyKnowsHowToCarryAnInterface) {
  const auto adder = carry<IAdder>(*home_, object_->unknown(), *away_);

  EXPECT_EQ(query_in<IUndescribed>(*away_, adder.get(), E_NOINTERFACE), nullptr);

  EXPECT_NE(error_description().find("no proxy and stub are known"), std::string::npos);
  EXPECT_NE(error_description().find("INSULA_INTERFACE"), std::string::npos);
}

TEST_F(ProxyManager, QueriesForTheNullPointerAreRefused) {
  const auto adder = carry<IAdder>(*home_, object_->unknown(), *away_);
  const enter inside(*away_);
  EXPECT_EQ(adder->QueryInterface(IID_IUnknown, nullptr), E_POINTER);
}

TEST_F(ProxyManager, OfTwoThreadsThatUnmarshalFirstBothGetTheSame) {
  const auto first = marshal_in<IAdder>(*home_, object_->unknown());
  const auto second = marshal_in<IAdder>(*home_, object_->unknown());
  com_ptr<IAdder> winner;
  test_gate gate("import_table.missed", [&] { winner = unmarshal_in<IAdder>(*away_, first); });

  auto loser = unmarshal_in<IAdder>(*away_, second);

  ASSERT_TRUE(gate.reached());
  EXPECT_EQ(winner, loser);
  EXPECT_EQ(live_proxy_managers(), proxy_managers_ + 1);
  winner.reset();
  EXPECT_EQ(add(*away_, loser, 1), 1);
  loser.reset();
  EXPECT_EQ(references(object_), 1u);
}

TEST_F(ProxyManager, OfTwoThreadsThatQueryFirstBothGetTheSame) {
  auto adder = carry<IAdder>(*home_, object_->unknown(), *away_);
  com_ptr<IScaler> winner;
  test_gate gate("proxy_manager.proxy_made",
                 [&] { winner = query_in<IScaler>(*away_, adder.get()); });

  auto loser = query_in<IScaler>(*away_, adder.get());

  ASSERT_TRUE(gate.reached());
  EXPECT_EQ(winner, loser);
  winner.reset();
  adder.reset();
  loser.reset();
  EXPECT_EQ(references(object_), 1u);
}

TEST_F(ProxyManager, AnUnmarshalThatMeetsTheLastReleaseMakesANewOne) {
  auto old = carry<IAdder>(*home_, object_->unknown(), *away_);
  const auto packet = marshal_in<IAdder>(*home_, object_->unknown());
  com_ptr<IAdder> fresh;
  test_gate gate("proxy_manager.last_release",
                 [&] { fresh = unmarshal_in<IAdder>(*away_, packet); });

  old.reset();

  ASSERT_TRUE(gate.reached());
  EXPECT_EQ(add(*away_, fresh, 3), 3);
  EXPECT_EQ(live_proxy_managers(), proxy_managers_ + 1);
  // The table knows the new one, not the old one that went after it came.
  const auto again = carry<IAdder>(*home_, object_->unknown(), *away_);
  EXPECT_EQ(fresh, again);
}

TEST_F(ProxyManager, AThreadHeldInItsFirstUnmarshalGetsWhatTheOtherMade) {
  const auto first = marshal_in<IAdder>(*home_, object_->unknown());
  const auto second = marshal_in<IAdder>(*home_, object_->unknown());
  test_gate gate("import_table.missed");
  com_ptr<IAdder> held;
  std::thread other([&] { held = unmarshal_in<IAdder>(*away_, first); });
  gate.wait_until_reached();

  const auto passed = unmarshal_in<IAdder>(*away_, second);
  gate.open();
  other.join();

  EXPECT_EQ(held, passed);
  EXPECT_EQ(live_proxy_managers(), proxy_managers_ + 1);
}

TEST_F(ProxyManager, AConnectionThatFailsLeavesThePacketGood) {
  const auto stream = marshal_in<IAdder>(*home_, object_->unknown());
  home_->refuse_connections(E_OUTOFMEMORY);
  EXPECT_EQ(unmarshal_in<IAdder>(*away_, stream, E_OUTOFMEMORY), nullptr);
  EXPECT_EQ(live_proxy_managers(), proxy_managers_);
  EXPECT_GT(references(object_), 1u);

  home_->refuse_connections(S_OK);
  rewind(stream);
  auto adder = unmarshal_in<IAdder>(*away_, stream);
  EXPECT_EQ(add(*away_, adder, 1), 1);
  adder.reset();
  EXPECT_EQ(references(object_), 1u);
}

TEST_F(ProxyManager, AConnectionThatFailsDuringAQueryLosesNoReference) {
  auto adder = carry<IAdder>(*home_, object_->unknown(), *away_);
  home_->refuse_connections(E_OUTOFMEMORY);
  EXPECT_EQ(query_in<IScaler>(*away_, adder.get(), E_OUTOFMEMORY), nullptr);

  EXPECT_EQ(add(*away_, adder, 1), 1);
  adder.reset();
  EXPECT_EQ(references(object_), 1u);
}

TEST_F(ProxyManager, ShowsItsTypedProxies) {
  const auto adder = carry<IAdder>(*home_, object_->unknown(), *away_);
  const enter inside(*away_);

  interface_proxy_base* const found = find_interface_proxy(adder.get(), iid_of<IAdder>());
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->info().iid, iid_of<IAdder>());
  EXPECT_NE(found->channel(), nullptr);
  EXPECT_EQ(find_interface_proxy(adder.get(), iid_of<IScaler>()), nullptr);
  EXPECT_EQ(find_interface_proxy(object_->unknown(), iid_of<IAdder>()), nullptr);
}

TEST_F(ProxyMarshaling, NamesTheOriginalObject) {
  const auto adder = carry<IAdder>(*home_, object_->unknown(), *away_);
  const auto of_object = marshal_in<IAdder>(*home_, object_->unknown());
  const int calls = home_->calls();
  const auto of_proxy = marshal_in<IAdder>(*away_, adder.get());

  EXPECT_EQ(home_->calls(), calls);
  EXPECT_EQ(reference_in(of_proxy), reference_in(of_object));
  const auto direct = unmarshal_in<IAdder>(*third_, of_proxy);
  EXPECT_EQ(add(*third_, direct, 6), 6);
  EXPECT_EQ(away_->calls(), 0);
}

TEST_F(ProxyMarshaling, AsksTheObjectOnceForAnInterfaceThatIsNew) {
  const auto adder = carry<IAdder>(*home_, object_->unknown(), *away_);
  const int calls = home_->calls();

  const auto scaler = carry<IScaler>(*away_, adder.get(), *third_);
  EXPECT_EQ(home_->calls(), calls + 1);
  const auto again = marshal_in<IScaler>(*away_, adder.get());

  EXPECT_EQ(home_->calls(), calls + 1);
  const enter inside(*third_);
  LONG total = 1;
  EXPECT_EQ(scaler->Scale(2, &total), S_OK);
}

TEST_F(ProxyMarshaling, CarriesTheIdentityAlone) {
  const auto adder = carry<IAdder>(*home_, object_->unknown(), *away_);
  const auto identity = carry<IUnknown>(*away_, adder.get(), *third_);

  const auto scaler = query_in<IScaler>(*third_, identity.get());
  EXPECT_NE(scaler, nullptr);
}

TEST_F(ProxyMarshaling, MorePacketsThanReferencesCameAllWork) {
  auto adder = carry<IAdder>(*home_, object_->unknown(), *away_);
  std::vector<com_ptr<IStream>> packets;
  for (int i = 0; i != 6; ++i)
    packets.push_back(marshal_in<IAdder>(*away_, adder.get()));
  adder.reset();
  EXPECT_GT(references(object_), 1u);

  std::vector<com_ptr<IAdder>> adders;
  for (const auto& packet : packets)
    adders.push_back(unmarshal_in<IAdder>(*third_, packet));
  EXPECT_EQ(add(*third_, adders.back(), 1), 1);
  while (adders.size() != 1)
    adders.pop_back();
  EXPECT_GT(references(object_), 1u);
  adders.clear();

  EXPECT_EQ(references(object_), 1u);
}

TEST_F(ProxyMarshaling, APointerThatComesHomeIsTheObject) {
  const auto adder = carry<IAdder>(*home_, object_->unknown(), *away_);
  const auto back = carry<IAdder>(*away_, adder.get(), *home_);

  EXPECT_EQ(back.get(), static_cast<IAdder*>(object_.get()));
}

TEST_F(ProxyMarshaling, OfADisconnectedObjectSaysSo) {
  const auto adder = carry<IAdder>(*home_, object_->unknown(), *away_);
  home_->close();
  auto stream = create_memory_stream();
  const enter inside(*away_);

  EXPECT_EQ(CoMarshalInterface(stream.get(), iid_of<IAdder>(), adder.get(), MSHCTX_INPROC, nullptr,
                               MSHLFLAGS_NORMAL),
            RPC_E_DISCONNECTED);
  EXPECT_FALSE(error_description().empty());
}

TEST_F(ProxyMarshaling, AnObjectThatPassesQuestionsOnToAProxyIsAnObject) {
  class wrapper : public implements<wrapper, IScaler> {
   public:
    explicit wrapper(com_ptr<IAdder> inner) : inner_(std::move(inner)) {}
    HRESULT Scale(LONG, LONG* total) override {
      *total = -1;
      return S_OK;
    }
    HRESULT query_interface_tail(REFIID iid, void** out) {
      return inner_->QueryInterface(iid, out);
    }

   private:
    com_ptr<IAdder> inner_;
  };
  const auto outer = make<wrapper>(carry<IAdder>(*home_, object_->unknown(), *away_));
  const auto stream = marshal_in<IScaler>(*away_, outer.get());

  EXPECT_EQ(reference_in(stream).oxid, away_->id());
  const auto scaler = unmarshal_in<IScaler>(*third_, stream);
  const enter inside(*third_);
  LONG total = 0;
  EXPECT_EQ(scaler->Scale(1, &total), S_OK);
  EXPECT_EQ(total, -1);
}

TEST_F(ProxyInTheWrongPlace, AnswersNoQueryNotEvenForItsIdentity) {
  const auto adder = carry<IAdder>(*home_, object_->unknown(), *away_);
  const int calls = home_->calls();
  for (const IID& iid : {IID_IUnknown, iid_of<IMultiQI>(), iid_of<IAdder>(), iid_of<ILost>()}) {
    const enter inside(*third_);
    void* out = &out;
    EXPECT_EQ(adder->QueryInterface(iid, &out), RPC_E_WRONG_THREAD);
    EXPECT_EQ(out, nullptr);
  }
  EXPECT_EQ(home_->calls(), calls);
  EXPECT_NE(error_description().find("belongs to exporter 'away'"), std::string::npos);
  EXPECT_NE(error_description().find("used in exporter 'third'"), std::string::npos);
  EXPECT_NE(error_description().find("agile_ref"), std::string::npos);
}

TEST_F(ProxyInTheWrongPlace, AnswersNoQueryOnAThreadWithoutAnApartment) {
  const auto adder = carry<IAdder>(*home_, object_->unknown(), *away_);
  const leave nowhere;
  void* out = nullptr;

  EXPECT_EQ(adder->QueryInterface(iid_of<IMultiQI>(), &out), RPC_E_WRONG_THREAD);
  EXPECT_NE(error_description().find("no apartment"), std::string::npos);
}

TEST_F(ProxyInTheWrongPlace, CannotBeMarshaled) {
  const auto adder = carry<IAdder>(*home_, object_->unknown(), *away_);
  auto stream = create_memory_stream();
  const enter inside(*third_);

  EXPECT_EQ(CoMarshalInterface(stream.get(), iid_of<IAdder>(), adder.get(), MSHCTX_INPROC, nullptr,
                               MSHLFLAGS_NORMAL),
            RPC_E_WRONG_THREAD);
  EXPECT_NE(error_description().find("belongs to exporter 'away'"), std::string::npos);
}

TEST_F(ProxyInTheWrongPlace, CanBeReleased) {
  auto adder = carry<IAdder>(*home_, object_->unknown(), *away_);
  const leave nowhere;

  EXPECT_EQ(adder.detach()->Release(), 0u);
  EXPECT_EQ(references(object_), 1u);
}

TEST_F(ProxyOfAClosedExporter, GaveItsReferencesBack) {
  const auto adder = carry<IAdder>(*home_, object_->unknown(), *away_);
  EXPECT_GT(references(object_), 1u);

  away_->close();

  EXPECT_EQ(references(object_), 1u);
}

TEST_F(ProxyOfAClosedExporter, AnswersNothingAndIsReleasedAsEver) {
  auto adder = carry<IAdder>(*home_, object_->unknown(), *away_);
  away_->close();
  const leave nowhere;
  LONG total = 0;
  void* out = nullptr;

  EXPECT_EQ(adder->Add(1, &total), CO_E_OBJNOTCONNECTED);
  EXPECT_EQ(adder->QueryInterface(IID_IUnknown, &out), CO_E_OBJNOTCONNECTED);
  EXPECT_NE(error_description().find("exporter 'away', which has closed"), std::string::npos);
  EXPECT_EQ(adder.detach()->Release(), 0u);
}

TEST_F(ProxyOfAClosedExporter, IsHarmlessWhenTheHomeClosedFirst) {
  auto adder = carry<IAdder>(*home_, object_->unknown(), *away_);
  home_->close();
  EXPECT_EQ(references(object_), 1u);
  {
    const enter inside(*away_);
    LONG total = 0;
    EXPECT_EQ(adder->Add(1, &total), RPC_E_DISCONNECTED);
  }
  EXPECT_EQ(query_in<IScaler>(*away_, adder.get(), RPC_E_DISCONNECTED), nullptr);

  EXPECT_EQ(adder.detach()->Release(), 0u);
}

TEST_F(ProxyOfAClosedExporter, IsNotMadeAnyMore) {
  const auto stream = marshal_in<IAdder>(*home_, object_->unknown());
  away_->close();

  EXPECT_EQ(unmarshal_in<IAdder>(*away_, stream, CO_E_NOTINITIALIZED), nullptr);

  rewind(stream);
  const enter inside(*home_);
  EXPECT_EQ(CoReleaseMarshalData(stream.get()), S_OK);
  EXPECT_EQ(references(object_), 1u);
}

// Many threads inside each exporter at once pass the same objects around; at the end every count is
// where it began.
TEST_F(ProxyManager, ManyThreadsLeaveEveryCountWhereItWas) {
  auto other = make<probe>();
  const auto work = [&](unsigned seed) {
    com_ptr<IAdder> kept;
    for (unsigned round = 0; round != 1000; ++round) {
      seed = seed * 1664525u + 1013904223u;
      probe& object = (seed >> 16) % 2 == 0 ? *object_ : *other;
      const auto adder = carry<IAdder>(*home_, object.unknown(), *away_);
      if (adder == nullptr) return;
      if ((seed >> 18) % 2 == 0) {
        EXPECT_NE(query_in<IScaler>(*away_, adder.get()), nullptr);
      }
      const auto packet = marshal_in<IAdder>(*away_, adder.get());
      switch ((seed >> 20) % 4) {
        case 0:
          kept = unmarshal_in<IAdder>(*third_, packet);
          break;
        case 1:
          EXPECT_EQ(unmarshal_in<IAdder>(*home_, packet).get(), static_cast<IAdder*>(&object));
          break;
        case 2: {
          const enter inside(*third_);
          EXPECT_EQ(CoReleaseMarshalData(packet.get()), S_OK);
          break;
        }
        default:
          (void)add(*third_, unmarshal_in<IAdder>(*third_, packet), 1);
      }
    }
  };
  std::vector<std::thread> threads;
  for (unsigned i = 1; i != 5; ++i)
    threads.emplace_back(work, i);
  for (std::thread& thread : threads)
    thread.join();

  EXPECT_EQ(references(object_), 1u);
  EXPECT_EQ(references(other), 1u);
  EXPECT_EQ(live_proxy_managers(), proxy_managers_);
  EXPECT_EQ(live_stub_managers(), stub_managers_);
}

}  // namespace
}  // namespace insula::test
