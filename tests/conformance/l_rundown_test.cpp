// SPDX-License-Identifier: MIT
//
// Rows L01 to L06, L09: apartments that end while others still hold what is theirs.
#include "counter.hpp"
#include "host_sta.hpp"
#include "milestone.hpp"
#include "on_thread.hpp"
#include "two_apartments.hpp"

#include <insula/apartments/mta.hpp>

#include <optional>
#include <thread>

namespace insula::test {
namespace {

/// One object whose life the test watches.
class Rundown : public testing::Test {
 protected:
  com_ptr<ICounter> counter_in(const apartment& where) {
    return where.create<ICounter>([this] { return make_probe<counter>(log); });
  }
  /// A packet of a new counter of `where`, for a thread that will come later.
  com_ptr<IStream> packet_from(const apartment& where) {
    com_ptr<IStream> stream;
    where.invoke([&] { stream = packet_of<ICounter>(make_probe<counter>(log)->unknown()); });
    return stream;
  }

  void expect_in_use() const {
    EXPECT_EQ(log.instances, 1);
    EXPECT_EQ(log.connections, 1);
  }
  void expect_ended(int last_release_closes) const {
    EXPECT_EQ(log.instances, 0);
    EXPECT_EQ(log.references, 0);
    EXPECT_EQ(log.connections, 0);
    EXPECT_EQ(log.last_release_closes, last_release_closes);
  }

  probe_log log;
};

TEST_F(Rundown, L01_AnStaThatUninitialisesReleasesItsObjectsAtOnce) {
  const sta_lease client("client");
  host_sta server;
  const auto proxy = counter_in(server.get());
  expect_in_use();

  server.leave();
  expect_ended(0);
}

TEST_F(Rundown, L01_TheObjectIsReleasedInsideUninitialise) {
  const sta_lease client("client");
  host_sta server;
  const auto proxy = counter_in(server.get());
  int left = -1;
  server.after_leaving([&] { left = log.instances; });

  server.leave();
  EXPECT_EQ(left, 0);
}

TEST_F(Rundown, L01_TheObjectEndsOnItsOwnThread) {
  const sta_lease client("client");
  host_sta server;
  const auto proxy = counter_in(server.get());
  long ended_on = 0;
  log.on_end = [&] { ended_on = ::gettid(); };
  const long server_thread = server->invoke([] { return static_cast<long>(::gettid()); });

  server.leave();
  EXPECT_EQ(ended_on, server_thread);
}

TEST_F(Rundown, L01_TheLateReleaseOfTheProxyIsHarmless) {
  const sta_lease client("client");
  host_sta server;
  auto proxy = counter_in(server.get());
  server.leave();
  const int released = log.connections_released;

  EXPECT_EQ(proxy.detach()->Release(), 0u);
  EXPECT_EQ(log.connections_released, released);
  EXPECT_EQ(log.instances, 0);
}

TEST_F(Rundown, L01_AnStaWithItsOwnThreadDoesTheSameWhenItIsClosed) {
  const sta_lease client("client");
  sta server("server");
  const auto proxy = counter_in(server);
  expect_in_use();

  server.close();
  expect_ended(0);
}

TEST_F(Rundown, L01_APacketThatNobodyUnpackedHoldsTheObjectNoLonger) {
  host_sta server;
  const auto stream = packet_from(server.get());
  expect_in_use();

  server.leave();
  expect_ended(0);
}

TEST_F(Rundown, L02_AnStaThatUninitialisesGivesItsReferencesBack) {
  sta server("server");
  const auto stream = packet_from(server);
  ICounter* kept = nullptr;
  on_thread([&] {
    ASSERT_EQ(CoInitializeEx(nullptr, COINIT_APARTMENTTHREADED), S_OK);
    kept = unpacked<ICounter>(stream).detach();
    expect_in_use();
    CoUninitialize();
    server.invoke([] {});
    expect_ended(1);
  });
  EXPECT_EQ(kept->Release(), 0u);
}

TEST_F(Rundown, L03_ACallThroughAProxyOfAnStaThatWasLeftIsNotConnected) {
  sta server("server");
  const auto stream = packet_from(server);
  on_thread([&] {
    ASSERT_EQ(CoInitializeEx(nullptr, COINIT_APARTMENTTHREADED), S_OK);
    const auto proxy = unpacked<ICounter>(stream);
    LONG total = 0;
    EXPECT_EQ(proxy->Add(1, &total), S_OK);
    CoUninitialize();

    EXPECT_EQ(proxy->Add(1, &total), CO_E_OBJNOTCONNECTED);
    EXPECT_EQ(log.calls, 1);
  });
}

TEST_F(Rundown, L03_TheSameFromAThreadThatHasAnApartmentAgain) {
  sta server("server");
  const auto stream = packet_from(server);
  on_thread([&] {
    ASSERT_EQ(CoInitializeEx(nullptr, COINIT_APARTMENTTHREADED), S_OK);
    const auto proxy = unpacked<ICounter>(stream);
    CoUninitialize();
    ASSERT_EQ(CoInitializeEx(nullptr, COINIT_APARTMENTTHREADED), S_OK);

    LONG total = 0;
    EXPECT_EQ(proxy->Add(1, &total), CO_E_OBJNOTCONNECTED);
    CoUninitialize();
  });
}

TEST_F(Rundown, L04_ThePointerCanBeReleasedByAThreadWithoutAnApartment) {
  sta server("server");
  const auto stream = packet_from(server);
  on_thread([&] {
    ASSERT_EQ(CoInitializeEx(nullptr, COINIT_APARTMENTTHREADED), S_OK);
    auto proxy = unpacked<ICounter>(stream);
    const auto second = proxy.as<INamed>();
    CoUninitialize();

    EXPECT_EQ(proxy.detach()->Release(), 1u);
    EXPECT_EQ(com_ptr<INamed>(second).detach()->Release(), 1u);
  });
}

TEST_F(Rundown, L04_TheLastReleaseReturnsZero) {
  sta server("server");
  const auto stream = packet_from(server);
  on_thread([&] {
    ASSERT_EQ(CoInitializeEx(nullptr, COINIT_APARTMENTTHREADED), S_OK);
    auto proxy = unpacked<ICounter>(stream);
    CoUninitialize();
    EXPECT_EQ(proxy.detach()->Release(), 0u);
  });
  server.invoke([] {});
  expect_ended(1);
}

TEST_F(Rundown, L05_TheMtaGivesItsReferencesBackWhenItsLastMemberLeaves) {
  sta server("server");
  const auto stream = packet_from(server);
  on_thread([&] {
    ASSERT_EQ(CoInitializeEx(nullptr, COINIT_MULTITHREADED), S_OK);
    auto proxy = unpacked<ICounter>(stream);
    LONG total = 0;
    EXPECT_EQ(proxy->Add(1, &total), S_OK);
    expect_in_use();
    CoUninitialize();

    server.invoke([] {});
    expect_ended(1);
    EXPECT_EQ(proxy.detach()->Release(), 0u);
  });
}

TEST_F(Rundown, L05_AMemberThatLeavesBeforeTheLastGivesNothingBack) {
  sta server("server");
  const auto stream = packet_from(server);
  const mta_usage held;
  com_ptr<ICounter> proxy;
  on_thread([&] {
    ASSERT_EQ(CoInitializeEx(nullptr, COINIT_MULTITHREADED), S_OK);
    proxy = unpacked<ICounter>(stream);
    CoUninitialize();
  });
  server.invoke([] {});
  expect_in_use();

  LONG total = 0;
  EXPECT_EQ(proxy->Add(1, &total), S_OK);
  proxy.reset();
  server.invoke([] {});
  expect_ended(1);
}

/// A thread that is the whole MTA and ends without CoUninitialize when it is told to.
class careless_mta {
 public:
  template <class F>
  explicit careless_mta(F make_packet)
      : thread_([this, make_packet] {
          EXPECT_EQ(CoInitializeEx(nullptr, COINIT_MULTITHREADED), S_OK);
          packet_ = make_packet();
          ready_.pass();
          end_.await();
        }) {
    ready_.await();
  }
  com_ptr<IStream> packet() { return packet_; }
  void end() {
    end_.pass();
    thread_.join();
  }

 private:
  milestone ready_{"the packet of the MTA thread"};
  milestone end_{"the end of the MTA thread"};
  com_ptr<IStream> packet_;
  std::thread thread_;
};

TEST_F(Rundown, L06_AnMtaThreadThatJustEndsReleasesTheObjects) {
  const sta_lease client("client");
  careless_mta server([&] { return packet_of<ICounter>(make_probe<counter>(log)->unknown()); });
  const auto proxy = unpacked<ICounter>(server.packet());
  LONG total = 0;
  EXPECT_EQ(proxy->Add(1, &total), S_OK);
  expect_in_use();

  server.end();
  expect_ended(0);
}

TEST_F(Rundown, L06_TheProxyIsDeadAndCanBeReleased) {
  const sta_lease client("client");
  careless_mta server([&] { return packet_of<ICounter>(make_probe<counter>(log)->unknown()); });
  auto proxy = unpacked<ICounter>(server.packet());
  server.end();

  LONG total = 0;
  EXPECT_EQ(proxy->Add(1, &total), RPC_E_DISCONNECTED);
  EXPECT_EQ(proxy.detach()->Release(), 0u);
}

TEST_F(Rundown, L06_AnStaThreadThatJustEndsReleasesTheObjectsToo) {
  const mta_lease client;
  com_ptr<ICounter> proxy;
  milestone ready("the packet of the STA thread");
  com_ptr<IStream> stream;
  std::thread server([&] {
    EXPECT_EQ(CoInitializeEx(nullptr, COINIT_APARTMENTTHREADED), S_OK);
    stream = packet_of<ICounter>(make_probe<counter>(log)->unknown());
    ready.pass();
  });
  ready.await();
  server.join();

  expect_ended(0);
}

TEST_F(Rundown, L09_ACallOfAStaleProxyIsDisconnected) {
  const sta_lease client("client");
  sta server("server");
  const auto proxy = counter_in(server);
  server.close();

  LONG total = 7;
  EXPECT_EQ(proxy->Add(1, &total), RPC_E_DISCONNECTED);
  EXPECT_EQ(total, 0);
  EXPECT_EQ(log.calls, 0);
}

TEST_F(Rundown, L09_AQueryOfAStaleProxyIsDisconnected) {
  const sta_lease client("client");
  sta server("server");
  const auto proxy = counter_in(server);
  server.close();

  void* out = this;
  EXPECT_EQ(proxy->QueryInterface(iid_of<INamed>(), &out), RPC_E_DISCONNECTED);
  EXPECT_EQ(out, nullptr);
}

TEST_F(Rundown, L09_APacketOfAnApartmentThatIsGoneIsNotConnected) {
  const sta_lease client("client");
  host_sta server;
  const auto stream = packet_from(server.get());
  server.leave();

  EXPECT_EQ(unpacked<ICounter>(stream, CO_E_OBJNOTCONNECTED), nullptr);
}

TEST_F(Rundown, L09_ACallThatWaitsInAnApartmentThatClosesComesBack) {
  const sta_lease client("client");
  sta server("server");
  const auto proxy = counter_in(server);
  milestone inside("the method");
  milestone closing("the closing of the server");
  server.invoke([&] {
    log.on_call = [&] {
      inside.pass();
      closing.await();
    };
  });
  std::thread closer([&] {
    inside.await();
    closing.pass();
    server.close();
  });

  LONG total = 0;
  EXPECT_EQ(proxy->Add(1, &total), S_OK);  // accepted before the closing
  closer.join();
  log.on_call = nullptr;
  EXPECT_EQ(proxy->Add(1, &total), RPC_E_DISCONNECTED);
  EXPECT_EQ(log.instances, 0);
}

}  // namespace
}  // namespace insula::test
