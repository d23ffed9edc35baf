// SPDX-License-Identifier: MIT
//
// What a callee learns of its caller, and a client of the other end: CoGetCallerTID,
// CoIsHandlerConnected.
#include "on_thread.hpp"
#include "test_interfaces.hpp"

#include <insula/apartments/mta.hpp>
#include <insula/apartments/neutral.hpp>
#include <insula/apartments/object_context.hpp>
#include <insula/apartments/sta.hpp>
#include <insula/core/implements.hpp>
#include <insula/marshal/disconnect.hpp>

#include <gtest/gtest.h>

#include <unistd.h>

namespace insula::test {
namespace {

/// Tells who calls: the result of CoGetCallerTID as that of the method.
class asks_who final : public implements<asks_who, ICounter> {
 public:
  HRESULT Add(LONG, LONG* total) override {
    DWORD caller = 42;
    const HRESULT code = CoGetCallerTID(&caller);
    *total = static_cast<LONG>(caller);
    return code;
  }
  HRESULT Thread(std::int64_t* id) override {
    *id = ::gettid();
    return S_OK;
  }
};

class Caller : public testing::Test {
 protected:
  static void expect_caller(const com_ptr<ICounter>& callee, LONG expected) {
    LONG caller = 42;
    EXPECT_EQ(callee->Add(0, &caller), S_OK);
    EXPECT_EQ(caller, expected);
  }

  sta_lease here{"here"};
  sta home{"home"};
};

TEST_F(Caller, InAnStaIsNamedByItsThread) {
  expect_caller(home.create<ICounter>([] { return make<asks_who>(); }), ::gettid());
}

TEST_F(Caller, InTheMtaIsZero) {
  const mta_usage mta;
  on_thread([&] {
    expect_caller(home.create<ICounter>([] { return make<asks_who>(); }), 0);
  });
}

TEST_F(Caller, InTheNeutralApartmentIsAllBitsSet) {
  insula::neutral().invoke([&] {
    expect_caller(home.create<ICounter>([] { return make<asks_who>(); }), -1);
  });
}

TEST_F(Caller, IsNobodyWhereNoCallIsServed) {
  DWORD caller = 42;
  EXPECT_EQ(CoGetCallerTID(&caller), S_FALSE);
  EXPECT_EQ(caller, 0u);
  EXPECT_EQ(CoGetCallerTID(nullptr), E_INVALIDARG);
  const com_ptr<ICounter> own = make<asks_who>();
  LONG said = 42;
  EXPECT_EQ(own->Add(0, &said), S_FALSE);
}

TEST_F(Caller, SeesThatAnObjectIsConnectedUntilItIsNot) {
  asks_who* object = nullptr;
  const auto proxy = home.create<ICounter>([&] {
    com_ptr<asks_who> made = make<asks_who>();
    object = made.get();
    return made;
  });
  EXPECT_NE(CoIsHandlerConnected(proxy.get()), 0);
  home.invoke([&] { EXPECT_EQ(CoDisconnectObject(object, 0), S_OK); });
  EXPECT_EQ(CoIsHandlerConnected(proxy.get()), 0);
}

TEST_F(Caller, SeesThatTheApartmentOfAnObjectHasClosed) {
  const auto proxy = home.create<ICounter>([] { return make<asks_who>(); });
  home.close();
  EXPECT_EQ(CoIsHandlerConnected(proxy.get()), 0);
}

TEST_F(Caller, OfAnObjectInItsOwnApartmentIsAlwaysConnected) {
  const com_ptr<ICounter> own = make<asks_who>();
  EXPECT_NE(CoIsHandlerConnected(own.get()), 0);
  EXPECT_EQ(CoIsHandlerConnected(nullptr), 0);
  on_thread([&] {
    const sta_lease elsewhere("elsewhere");
    const auto proxy = home.create<ICounter>([] { return make<asks_who>(); });
    EXPECT_NE(CoIsHandlerConnected(proxy.get()), 0);
  });
}

TEST_F(Caller, WithAProxyOfAnotherApartmentIsNotConnected) {
  const auto proxy = home.create<ICounter>([] { return make<asks_who>(); });
  home.invoke([&] { EXPECT_EQ(CoIsHandlerConnected(proxy.get()), 0); });
  EXPECT_NE(CoIsHandlerConnected(proxy.get()), 0);
}

}  // namespace
}  // namespace insula::test
