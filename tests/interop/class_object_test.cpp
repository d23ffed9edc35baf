// SPDX-License-Identifier: MIT
//
// What registering and asking for classes answers beyond the numbered rows, which tests/conformance
// has.
#include <insula/interop/class_object.hpp>

#include <insula/apartments/mta.hpp>
#include <insula/apartments/sta.hpp>
#include <insula/core/error_info.hpp>
#include <insula/core/implements.hpp>

#include "counter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <stdexcept>
#include <utility>

namespace insula::test {
namespace {

constexpr CLSID clsid_made = guid("3a1c7e52-0b6d-4f7e-a1c4-5e2f90b7d001");

/// A class whose CreateInstance is the test's.
class scripted_class final : public implements<scripted_class, IClassFactory> {
 public:
  using body = std::function<HRESULT(IUnknown*, REFIID, void**)>;
  explicit scripted_class(body create) : create_(std::move(create)) {}
  HRESULT CreateInstance(IUnknown* outer, REFIID iid, void** object) override {
    *object = nullptr;
    return create_(outer, iid, object);
  }
  HRESULT LockServer(BOOL) override { return S_OK; }

 private:
  const body create_;
};

class Classes : public testing::Test {
 protected:
  DWORD add(com_ptr<IUnknown> object, DWORD context = CLSCTX_INPROC_SERVER,
            DWORD flags = REGCLS_MULTIPLEUSE) {
    DWORD cookie = 0;
    EXPECT_EQ(CoRegisterClassObject(clsid_made, object.get(), context, flags, &cookie), S_OK);
    return cookie;
  }
  com_ptr<IUnknown> makes_counters() {
    return make<scripted_class>([this](IUnknown*, REFIID iid, void** out) {
      return make_probe<counter>(log)->QueryInterface(iid, out);
    });
  }
  static HRESULT find(DWORD context = CLSCTX_INPROC_SERVER) {
    com_ptr<IClassFactory> found;
    return CoGetClassObject(clsid_made, context, nullptr, iid_of<IClassFactory>(),
                            found.put_void());
  }
  static HRESULT create(IUnknown* outer, REFIID iid, void** out) {
    return CoCreateInstance(clsid_made, outer, CLSCTX_ALL, iid, out);
  }

  probe_log log;
  const sta_lease here{"here"};
};

TEST_F(Classes, AreFoundByTheContextsTheyWereRegisteredForAlone) {
  add(makes_counters(), CLSCTX_LOCAL_SERVER, REGCLS_MULTI_SEPARATE);
  EXPECT_EQ(find(CLSCTX_INPROC_SERVER), REGDB_E_CLASSNOTREG);
  EXPECT_EQ(find(CLSCTX_LOCAL_SERVER), S_OK);
  EXPECT_EQ(find(CLSCTX_ALL), S_OK);
}

TEST_F(Classes, ForSingleUseAreFoundOnce) {
  add(makes_counters(), CLSCTX_INPROC_SERVER, REGCLS_SINGLEUSE);
  EXPECT_EQ(find(), S_OK);
  EXPECT_EQ(find(), REGDB_E_CLASSNOTREG);
}

TEST_F(Classes, RegisteredSuspendedAreFoundAfterResuming) {
  add(makes_counters(), CLSCTX_INPROC_SERVER, REGCLS_MULTIPLEUSE | REGCLS_SUSPENDED);
  EXPECT_EQ(find(), REGDB_E_CLASSNOTREG);
  EXPECT_EQ(CoResumeClassObjects(), S_OK);
  EXPECT_EQ(find(), S_OK);
}

TEST_F(Classes, AreNotFoundWhileAllAreSuspended) {
  add(makes_counters());
  EXPECT_EQ(CoSuspendClassObjects(), S_OK);
  EXPECT_EQ(find(), REGDB_E_CLASSNOTREG);
  EXPECT_EQ(CoResumeClassObjects(), S_OK);
  EXPECT_EQ(find(), S_OK);
}

TEST_F(Classes, WithWrongArgumentsAreNotRegistered) {
  const auto object = makes_counters();
  DWORD cookie = 7;
  EXPECT_EQ(CoRegisterClassObject(clsid_made, nullptr, CLSCTX_INPROC_SERVER, REGCLS_MULTIPLEUSE,
                                  &cookie),
            E_INVALIDARG);
  EXPECT_EQ(cookie, 0u);
  EXPECT_EQ(CoRegisterClassObject(clsid_made, object.get(), CLSCTX_INPROC_SERVER,
                                  REGCLS_MULTIPLEUSE, nullptr),
            E_INVALIDARG);
  EXPECT_EQ(CoRegisterClassObject(clsid_made, object.get(), 0, REGCLS_MULTIPLEUSE, &cookie),
            E_INVALIDARG);
  EXPECT_EQ(CoRegisterClassObject(clsid_made, object.get(), CLSCTX_INPROC_SERVER, 0x40, &cookie),
            E_INVALIDARG);
  EXPECT_EQ(find(), REGDB_E_CLASSNOTREG);
}

TEST_F(Classes, AreHeldOnceEachTimeTheyAreRegistered) {
  const auto object = makes_counters();
  EXPECT_EQ(references_of(object), 1u);
  const DWORD first = add(object);
  const DWORD second = add(object);
  EXPECT_NE(first, second);
  EXPECT_EQ(references_of(object), 3u);
  EXPECT_EQ(CoRevokeClassObject(first), S_OK);
  EXPECT_EQ(CoRevokeClassObject(first), E_INVALIDARG);
  EXPECT_EQ(CoRevokeClassObject(second), S_OK);
  EXPECT_EQ(references_of(object), 1u);
}

TEST_F(Classes, OfOtherMachinesAreRefused) {
  add(makes_counters());
  COSERVERINFO* const machine = reinterpret_cast<COSERVERINFO*>(this);
  com_ptr<IClassFactory> found;
  EXPECT_EQ(CoGetClassObject(clsid_made, CLSCTX_ALL, machine, iid_of<IClassFactory>(),
                             found.put_void()),
            E_INVALIDARG);
}

TEST_F(Classes, WithoutAFactoryCreateNothingAndSaySo) {
  add(com_ptr<IUnknown>(make_probe<counter>(log)->unknown()));
  com_ptr<ICounter> made;
  EXPECT_EQ(create(nullptr, iid_of<ICounter>(), made.put_void()), E_NOINTERFACE);
  EXPECT_THAT(error_description(), testing::HasSubstr("has no interface IClassFactory"));
}

TEST_F(Classes, WhatCreateInstanceReturnsIsTheResult) {
  add(make<scripted_class>([](IUnknown*, REFIID, void**) {
    return set_error(E_ACCESSDENIED, "the drawer is locked");
  }));
  com_ptr<ICounter> made;
  EXPECT_EQ(create(nullptr, iid_of<ICounter>(), made.put_void()), E_ACCESSDENIED);
  EXPECT_EQ(error_description(), "the drawer is locked");
}

TEST_F(Classes, WhatCreateInstanceReturnsElsewhereIsTheResultToo) {
  const sta home("home");
  home.invoke([this] {
    add(make<scripted_class>([](IUnknown*, REFIID, void**) {
          return set_error(E_ACCESSDENIED, "the drawer is locked");
        }),
        CLSCTX_LOCAL_SERVER);
  });
  com_ptr<ICounter> made;
  EXPECT_EQ(create(nullptr, iid_of<ICounter>(), made.put_void()), E_ACCESSDENIED);
  EXPECT_EQ(error_description(), "the drawer is locked");
}

TEST_F(Classes, WhatCreateInstanceThrowsElsewhereIsAnErrorHere) {
  const sta home("home");
  home.invoke([this] {
    add(make<scripted_class>(
            [](IUnknown*, REFIID, void**) -> HRESULT { throw std::runtime_error("no wood"); }),
        CLSCTX_LOCAL_SERVER);
  });
  com_ptr<ICounter> made;
  EXPECT_EQ(create(nullptr, iid_of<ICounter>(), made.put_void()), E_FAIL);
  EXPECT_EQ(error_description(), "no wood");
}

TEST_F(Classes, AggregateOnlyByTheirIUnknown) {
  add(makes_counters());
  const auto outer = make_probe<counter>(log);
  com_ptr<ICounter> made;
  EXPECT_EQ(create(outer->unknown(), iid_of<ICounter>(), made.put_void()), CLASS_E_NOAGGREGATION);
  EXPECT_THAT(error_description(), testing::HasSubstr("must ask for its IUnknown"));
}

TEST_F(Classes, GetTheOuterObjectInTheirOwnApartment) {
  IUnknown* seen = nullptr;
  add(make<scripted_class>([&](IUnknown* outer, REFIID, void**) {
    seen = outer;
    return CLASS_E_NOAGGREGATION;
  }));
  const auto outer = make_probe<counter>(log);
  com_ptr<IUnknown> made;
  EXPECT_EQ(create(outer->unknown(), IID_IUnknown, made.put_void()), CLASS_E_NOAGGREGATION);
  EXPECT_EQ(seen, outer->unknown());
}

TEST_F(Classes, OfAnotherApartmentCannotBeAggregated) {
  const sta home("home");
  home.invoke([this] { add(makes_counters(), CLSCTX_LOCAL_SERVER); });
  const auto outer = make_probe<counter>(log);
  com_ptr<IUnknown> made;
  EXPECT_EQ(create(outer->unknown(), IID_IUnknown, made.put_void()), CLASS_E_NOAGGREGATION);
  EXPECT_THAT(error_description(), testing::HasSubstr("in its own apartment alone"));
  EXPECT_EQ(log.instances, 1);
}

// The class object itself, in an STA and in the MTA, asked through a proxy.
void expect_no_aggregation_from_afar(const apartment& home, IUnknown* outer, probe_log& made) {
  int entered = 0;
  const com_ptr<IClassFactory> factory = home.create<IClassFactory>([&] {
    return make<scripted_class>([&](IUnknown*, REFIID iid, void** out) {
      ++entered;
      return make_probe<counter>(made)->QueryInterface(iid, out);
    });
  });
  void* object = &object;
  EXPECT_EQ(factory->CreateInstance(outer, IID_IUnknown, &object), CLASS_E_NOAGGREGATION);
  EXPECT_EQ(object, nullptr);
  EXPECT_EQ(entered, 0);
  EXPECT_THAT(error_description(), testing::HasSubstr("in its own apartment alone"));

  com_ptr<ICounter> alone;
  EXPECT_EQ(factory->CreateInstance(nullptr, iid_of<ICounter>(), alone.put_void()), S_OK);
  EXPECT_EQ(entered, 1);
  LONG total = 0;
  EXPECT_EQ(alone->Add(4, &total), S_OK);
  EXPECT_EQ(total, 4);
  EXPECT_EQ(factory->LockServer(1), S_OK);
}

TEST_F(Classes, ReachedThroughAProxyDoNotAggregateAndAreNotAsked) {
  probe_log made;
  const auto outer = make_probe<counter>(log);
  {
    const sta home("home");
    expect_no_aggregation_from_afar(home, outer->unknown(), made);
  }
  {
    const mta_usage mta;
    expect_no_aggregation_from_afar(mta.get(), outer->unknown(), made);
  }
  EXPECT_EQ(references_of(outer), 1u);
  EXPECT_EQ(made.instances, 0);
}

}  // namespace
}  // namespace insula::test
