// SPDX-License-Identifier: MIT
//
// Classes registered at run time: rows A15, B01 to B03, B27, B29, B30, B32, B34, B35, D28 to D30,
// L15, P10.
#include "counter.hpp"
#include "milestone.hpp"
#include "on_thread.hpp"
#include "recording_ps_factory.hpp"
#include "two_apartments.hpp"
#include "whereabouts.hpp"

#include <insula/apartments/mta.hpp>
#include <insula/apartments/object_context.hpp>
#include <insula/core/error_info.hpp>
#include <insula/interop/class_object.hpp>
#include <insula/interop/proxy_stub_class.hpp>
#include <insula/marshal/disconnect.hpp>

#include <thread>

namespace insula::test {
namespace {

constexpr CLSID clsid_counter = guid("0f6a1d55-5b1c-44f2-8f07-9f2b60a3c001");
constexpr CLSID clsid_factory = guid("0f6a1d55-5b1c-44f2-8f07-9f2b60a3c002");
constexpr IID iid_of_nobody = guid("0f6a1d55-5b1c-44f2-8f07-9f2b60a3c003");

/// Makes counters; counted itself.
class counter_class final : public ref_probe<IClassFactory> {
 public:
  counter_class(probe_log& mine, probe_log& made) : ref_probe(mine), made_(made) {}
  HRESULT CreateInstance(IUnknown* outer, REFIID iid, void** object) override {
    note_call();
    *object = nullptr;
    if (outer != nullptr) return CLASS_E_NOAGGREGATION;
    return make_probe<counter>(made_)->QueryInterface(iid, object);
  }
  HRESULT LockServer(BOOL) override { return S_OK; }

 private:
  ~counter_class() override = default;
  probe_log& made_;  // fixed
};

class ClassObject : public testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(on_thread(apartment_here), in_no_apartment); }
  void TearDown() override {
    EXPECT_EQ(on_thread(apartment_here), in_no_apartment);
    EXPECT_EQ(factory.instances, 0);
    EXPECT_EQ(made.instances, 0);
  }

  /// Registers a class object in the calling apartment; the table alone holds it then.
  DWORD registered(DWORD context = CLSCTX_INPROC_SERVER, DWORD flags = REGCLS_MULTIPLEUSE) {
    return registered(factory, context, flags);
  }
  DWORD registered(probe_log& log, DWORD context, DWORD flags) {
    DWORD cookie = 0;
    EXPECT_EQ(CoRegisterClassObject(clsid_counter,
                                    make_probe<counter_class>(log, made)->unknown(), context, flags,
                                    &cookie),
              S_OK);
    EXPECT_NE(cookie, 0u);
    return cookie;
  }

  template <class I = IClassFactory>
  static HRESULT class_object(com_ptr<I>* out, DWORD context = CLSCTX_INPROC_SERVER,
                              REFCLSID clsid = clsid_counter) {
    return CoGetClassObject(clsid, context, nullptr, iid_of<I>(), out->put_void());
  }
  static HRESULT class_object_code(DWORD context = CLSCTX_INPROC_SERVER,
                                   REFCLSID clsid = clsid_counter) {
    com_ptr<IClassFactory> found;
    return class_object(&found, context, clsid);
  }

  probe_log factory;
  probe_log made;
};

TEST_F(ClassObject, A15_AnImplicitMemberOfTheMtaMayUseAllOfCom) {
  on_thread([this] {
    const mta_usage mta;
    ASSERT_EQ(apartment_here(), in_mta_implicitly);
    const DWORD cookie = registered();
    com_ptr<ICounter> object;
    EXPECT_EQ(CoCreateInstance(clsid_counter, nullptr, CLSCTX_INPROC_SERVER, iid_of<ICounter>(),
                               object.put_void()),
              S_OK);
    EXPECT_EQ(class_object_code(), S_OK);
    com_ptr<IContextCallback> context;
    EXPECT_EQ(CoGetObjectContext(iid_of<IContextCallback>(), context.put_void()), S_OK);
    ULONG_PTR token = 0;
    EXPECT_EQ(CoGetContextToken(&token), S_OK);
    CLSID clsid{};
    EXPECT_EQ(CoRegisterPSClsid(iid_of_nobody, clsid_factory), S_OK);
    EXPECT_EQ(CoGetPSClsid(iid_of_nobody, &clsid), S_OK);
    EXPECT_EQ(CoLockObjectExternal(object.get(), 1, 0), S_OK);
    EXPECT_EQ(CoLockObjectExternal(object.get(), 0, 1), S_OK);
    EXPECT_EQ(CoDisconnectObject(object.get(), 0), S_OK);
    EXPECT_EQ(CoRevokeClassObject(cookie), S_OK);
    EXPECT_EQ(apartment_here(), in_mta_implicitly);
  });
}

TEST_F(ClassObject, B01_WithoutApartmentNothingIsCreated) {
  on_thread([] {
    void* object = &object;
    EXPECT_EQ(CoCreateInstance(clsid_counter, nullptr, CLSCTX_INPROC_SERVER, iid_of<ICounter>(),
                               &object),
              CO_E_NOTINITIALIZED);
    EXPECT_EQ(object, nullptr);
  });
}

TEST_F(ClassObject, B02_AnUnregisteredClassIsSaidSoInEveryContext) {
  on_thread([] {
    const initialised here(COINIT_APARTMENTTHREADED);
    for (const DWORD context : {CLSCTX_INPROC_SERVER, CLSCTX_INPROC_HANDLER, CLSCTX_LOCAL_SERVER,
                                CLSCTX_REMOTE_SERVER}) {
      void* object = &object;
      EXPECT_EQ(
          CoCreateInstance(clsid_counter, nullptr, context, iid_of<ICounter>(), &object),
          REGDB_E_CLASSNOTREG);
      EXPECT_EQ(object, nullptr);
      EXPECT_NE(error_description().find(to_string(clsid_counter)), std::string::npos);
    }
  });
}

TEST_F(ClassObject, B03_ANullPlaceForTheClassObjectIsRefused) {
  on_thread([] {
    const initialised here(COINIT_APARTMENTTHREADED);
    EXPECT_EQ(CoGetClassObject(clsid_counter, CLSCTX_INPROC_SERVER, nullptr,
                               iid_of<IClassFactory>(), nullptr),
              E_INVALIDARG);
  });
}

TEST_F(ClassObject, B03_WithoutApartmentThereIsNoClassObject) {
  on_thread([] { EXPECT_EQ(class_object_code(), CO_E_NOTINITIALIZED); });
}

TEST_F(ClassObject, B03_InItsOwnApartmentItIsTheObjectItself) {
  on_thread([this] {
    const initialised here(COINIT_APARTMENTTHREADED);
    const com_ptr<counter_class> object = make_probe<counter_class>(factory, made);
    DWORD cookie = 0;
    EXPECT_EQ(factory.references, 1);
    ASSERT_EQ(CoRegisterClassObject(clsid_counter, object->unknown(), CLSCTX_INPROC_SERVER,
                                    REGCLS_MULTIPLEUSE, &cookie),
              S_OK);
    EXPECT_EQ(factory.references, 2);
    com_ptr<IClassFactory> found;
    EXPECT_EQ(class_object(&found), S_OK);
    EXPECT_EQ(found.get(), object.get());
    EXPECT_EQ(factory.references, 3);
    found.reset();
    EXPECT_EQ(CoRevokeClassObject(cookie), S_OK);
    EXPECT_EQ(factory.references, 1);
  });
}

TEST_F(ClassObject, B03_FromElsewhereItIsAProxyThatWorksInTheRegisteringApartment) {
  sta home("home");
  const long home_thread = home.invoke([this] {
    (void)registered(CLSCTX_LOCAL_SERVER);
    return static_cast<long>(::gettid());
  });
  on_thread([&] {
    const initialised here(COINIT_MULTITHREADED);
    com_ptr<IClassFactory> found;
    ASSERT_EQ(class_object(&found, CLSCTX_LOCAL_SERVER), S_OK);
    com_ptr<ICounter> object;
    ASSERT_EQ(found->CreateInstance(nullptr, iid_of<ICounter>(), object.put_void()), S_OK);
    std::int64_t thread = 0;
    EXPECT_EQ(object->Thread(&thread), S_OK);
    EXPECT_EQ(thread, home_thread);
  });
}

TEST_F(ClassObject, B03_AnObjectCreatedFromElsewhereLivesInTheRegisteringApartment) {
  sta home("home");
  const long home_thread = home.invoke([this] {
    (void)registered(CLSCTX_LOCAL_SERVER);
    return static_cast<long>(::gettid());
  });
  on_thread([&] {
    const initialised here(COINIT_APARTMENTTHREADED);
    com_ptr<ICounter> object;
    ASSERT_EQ(CoCreateInstance(clsid_counter, nullptr, CLSCTX_LOCAL_SERVER, iid_of<ICounter>(),
                               object.put_void()),
              S_OK);
    std::int64_t thread = 0;
    EXPECT_EQ(object->Thread(&thread), S_OK);
    EXPECT_EQ(thread, home_thread);
  });
}

TEST_F(ClassObject, B03_AnInterfaceThatTheNewObjectLacksIsNoInterface) {
  sta home("home");
  home.invoke([this] { (void)registered(CLSCTX_LOCAL_SERVER); });
  on_thread([] {
    const initialised here(COINIT_MULTITHREADED);
    void* object = &object;
    EXPECT_EQ(CoCreateInstance(clsid_counter, nullptr, CLSCTX_LOCAL_SERVER, iid_of<IAbsent>(),
                               &object),
              E_NOINTERFACE);
    EXPECT_EQ(object, nullptr);
  });
}

TEST_F(ClassObject, B27_RegistrationsOfTwoApartmentsAreIndependent) {
  probe_log second;
  sta home("home");
  home.invoke([this] { (void)registered(); });
  on_thread([this, &second] {
    const initialised here(COINIT_APARTMENTTHREADED);
    const DWORD mine = registered(second, CLSCTX_INPROC_SERVER, REGCLS_MULTIPLEUSE);
    com_ptr<ICounter> object;
    ASSERT_EQ(CoCreateInstance(clsid_counter, nullptr, CLSCTX_INPROC_SERVER, iid_of<ICounter>(),
                               object.put_void()),
              S_OK);
    std::int64_t thread = 0;
    EXPECT_EQ(object->Thread(&thread), S_OK);
    EXPECT_EQ(thread, ::gettid());
    EXPECT_EQ(CoRevokeClassObject(mine), S_OK);
    EXPECT_EQ(second.instances, 0);
  });
  EXPECT_EQ(home.invoke([] { return class_object_code(); }), S_OK);
}

TEST_F(ClassObject, B27_AnInProcessRegistrationIsItsApartmentsOwn) {
  sta home("home");
  sta other("other");
  home.invoke([this] { (void)registered(); });
  const auto from_elsewhere = [] {
    EXPECT_EQ(class_object_code(CLSCTX_INPROC_SERVER), REGDB_E_CLASSNOTREG);
    EXPECT_EQ(class_object_code(CLSCTX_ALL), REGDB_E_CLASSNOTREG);
    EXPECT_NE(error_description().find("in another apartment"), std::string::npos)
        << error_description();
    void* object = &object;
    EXPECT_EQ(CoCreateInstance(clsid_counter, nullptr, CLSCTX_INPROC_SERVER, iid_of<ICounter>(),
                               &object),
              REGDB_E_CLASSNOTREG);
    EXPECT_EQ(object, nullptr);
  };
  other.invoke(from_elsewhere);
  on_thread([&] {
    const initialised here(COINIT_MULTITHREADED);
    from_elsewhere();
  });
  EXPECT_EQ(factory.calls, 0);
  EXPECT_EQ(home.invoke([] { return class_object_code(); }), S_OK);
}

TEST_F(ClassObject, B27_AskingFromElsewhereDoesNotUseUpASingleUseRegistration) {
  sta home("home");
  home.invoke([this] { (void)registered(CLSCTX_INPROC_SERVER, REGCLS_SINGLEUSE); });
  on_thread([] {
    const initialised here(COINIT_APARTMENTTHREADED);
    EXPECT_EQ(class_object_code(), REGDB_E_CLASSNOTREG);
  });
  EXPECT_EQ(home.invoke([] { return class_object_code(); }), S_OK);
  EXPECT_EQ(home.invoke([] { return class_object_code(); }), REGDB_E_CLASSNOTREG);
}

TEST_F(ClassObject, B27_WhatOneApartmentHasForItselfDoesNotHideTheLocalServerOfAnother) {
  probe_log second;
  sta first_home("first");
  sta home("home");
  first_home.invoke([&] { (void)registered(second, CLSCTX_INPROC_SERVER, REGCLS_MULTIPLEUSE); });
  const long home_thread = home.invoke([this] {
    (void)registered(CLSCTX_LOCAL_SERVER);
    return static_cast<long>(::gettid());
  });
  on_thread([&] {
    const initialised here(COINIT_APARTMENTTHREADED);
    com_ptr<ICounter> object;
    ASSERT_EQ(CoCreateInstance(clsid_counter, nullptr, CLSCTX_ALL, iid_of<ICounter>(),
                               object.put_void()),
              S_OK);
    std::int64_t thread = 0;
    EXPECT_EQ(object->Thread(&thread), S_OK);
    EXPECT_EQ(thread, home_thread);
  });
}

TEST_F(ClassObject, B34_ALocalServerForSingleUseIsUsedUpFromAnywhere) {
  sta home("home");
  home.invoke([this] { (void)registered(CLSCTX_LOCAL_SERVER, REGCLS_SINGLEUSE); });
  on_thread([] {
    const initialised here(COINIT_APARTMENTTHREADED);
    EXPECT_EQ(class_object_code(CLSCTX_LOCAL_SERVER), S_OK);
    EXPECT_EQ(class_object_code(CLSCTX_LOCAL_SERVER), REGDB_E_CLASSNOTREG);
  });
  EXPECT_EQ(home.invoke([] { return class_object_code(CLSCTX_LOCAL_SERVER); }),
            REGDB_E_CLASSNOTREG);
}

TEST_F(ClassObject, B29_TheRegistrationIsNotBackWhenTheThreadIsInitialisedAgain) {
  on_thread([this] {
    ASSERT_EQ(CoInitializeEx(nullptr, COINIT_APARTMENTTHREADED), S_OK);
    (void)registered();
    EXPECT_EQ(class_object_code(), S_OK);
    CoUninitialize();
    ASSERT_EQ(CoInitializeEx(nullptr, COINIT_APARTMENTTHREADED), S_OK);
    EXPECT_EQ(class_object_code(), REGDB_E_CLASSNOTREG);
    CoUninitialize();
  });
}

TEST_F(ClassObject, B30_AnyObjectCanBeRegistered) {
  on_thread([this] {
    const initialised here(COINIT_APARTMENTTHREADED);
    DWORD cookie = 0;
    EXPECT_EQ(CoRegisterClassObject(clsid_counter, make_probe<counter>(made)->unknown(),
                                    CLSCTX_LOCAL_SERVER, REGCLS_MULTIPLEUSE, &cookie),
              S_OK);
    EXPECT_EQ(class_object_code(), E_NOINTERFACE);
    EXPECT_EQ(CoRevokeClassObject(cookie), S_OK);
  });
}

TEST_F(ClassObject, B32_ASuspendedClassIsFoundAfterResuming) {
  on_thread([this] {
    const initialised here(COINIT_APARTMENTTHREADED);
    const DWORD cookie =
        registered(CLSCTX_LOCAL_SERVER, REGCLS_MULTIPLEUSE | REGCLS_SUSPENDED);
    EXPECT_EQ(class_object_code(CLSCTX_LOCAL_SERVER), REGDB_E_CLASSNOTREG);
    EXPECT_EQ(CoResumeClassObjects(), S_OK);
    EXPECT_EQ(class_object_code(CLSCTX_LOCAL_SERVER), S_OK);
    EXPECT_EQ(CoRevokeClassObject(cookie), S_OK);
  });
}

TEST_F(ClassObject, B35_AMultipleUseLocalClassIsFoundInProcess) {
  on_thread([this] {
    const initialised here(COINIT_APARTMENTTHREADED);
    const DWORD cookie = registered(CLSCTX_LOCAL_SERVER, REGCLS_MULTIPLEUSE);
    EXPECT_EQ(class_object_code(CLSCTX_INPROC_SERVER), S_OK);
    // In this apartment; the others reach it as the local server that it is.
    sta other("other");
    EXPECT_EQ(other.invoke([] { return class_object_code(CLSCTX_INPROC_SERVER); }),
              REGDB_E_CLASSNOTREG);
    EXPECT_EQ(other.invoke([] { return class_object_code(CLSCTX_LOCAL_SERVER); }), S_OK);
    EXPECT_EQ(CoRevokeClassObject(cookie), S_OK);
  });
}

TEST_F(ClassObject, D28_NobodyKnowsAnUnknownInterface) {
  on_thread([] {
    const initialised here(COINIT_APARTMENTTHREADED);
    CLSID clsid{};
    EXPECT_EQ(CoGetPSClsid(iid_of_nobody, &clsid), REGDB_E_IIDNOTREG);
    EXPECT_EQ(CoGetPSClsid(iid_of_nobody, nullptr), E_INVALIDARG);
  });
}

TEST_F(ClassObject, D28_ADescribedInterfaceHasTheClassOfDescriptions) {
  on_thread([] {
    const initialised here(COINIT_APARTMENTTHREADED);
    CLSID clsid{};
    EXPECT_EQ(CoGetPSClsid(iid_of<ICounter>(), &clsid), S_OK);
    EXPECT_EQ(clsid, CLSID_DescribedInterfaces);
    com_ptr<IPSFactoryBuffer> found;
    EXPECT_EQ(class_object(&found, CLSCTX_INPROC_SERVER, clsid), S_OK);
  });
}

TEST_F(ClassObject, D29_AProxyStubClassIsSeenByOtherApartmentsAndOutlivesItsOwn) {
  on_thread([] {
    const mta_usage keeps_the_process;
    const auto seen = [] {
      const initialised here(COINIT_APARTMENTTHREADED);
      CLSID clsid{};
      EXPECT_EQ(CoGetPSClsid(iid_of_nobody, &clsid), S_OK);
      EXPECT_EQ(clsid, clsid_factory);
    };
    on_thread([&seen] {
      const initialised here(COINIT_APARTMENTTHREADED);
      EXPECT_EQ(CoRegisterPSClsid(iid_of_nobody, clsid_factory), S_OK);
      on_thread(seen);
    });
    on_thread(seen);
  });
}

TEST_F(ClassObject, D29_ItsClassObjectMakesTheStubsAndProxies) {
  ps_record record;
  sta home("home");
  home.invoke([&] {
    DWORD cookie = 0;
    ASSERT_EQ(CoRegisterClassObject(clsid_factory,
                                    make<recording_ps_factory>(record, iid_of<ICounter>()).get(),
                                    CLSCTX_INPROC_SERVER, REGCLS_MULTIPLEUSE, &cookie),
              S_OK);
    ASSERT_EQ(CoRegisterPSClsid(iid_of<ICounter>(), clsid_factory), S_OK);
  });
  on_thread([&] {
    const initialised here(COINIT_MULTITHREADED);
    const com_ptr<ICounter> proxy =
        home.create<ICounter>([this] { return make_probe<counter>(made); });
    LONG total = 0;
    EXPECT_EQ(proxy->Add(5, &total), S_OK);
    EXPECT_EQ(total, 5);
  });
  EXPECT_EQ(record.stubs_made, 1);
  EXPECT_EQ(record.proxies_made, 1);
}

TEST_F(ClassObject, D29_AnInterfaceWhoseClassIsNotRegisteredCannotBeMarshaled) {
  on_thread([this] {
    const initialised here(COINIT_APARTMENTTHREADED);
    ASSERT_EQ(CoRegisterPSClsid(iid_of<ICounter>(), clsid_factory), S_OK);
    com_ptr<IStream> packet;
    const com_ptr<counter> object = make_probe<counter>(made);
    EXPECT_EQ(CoMarshalInterThreadInterfaceInStream(iid_of<ICounter>(), object->unknown(),
                                                    packet.put()),
              REGDB_E_CLASSNOTREG);
  });
}

TEST_F(ClassObject, D30_RegistrationsOfProxyStubClassesEndWithTheLastApartment) {
  on_thread([] {
    ASSERT_EQ(CoInitializeEx(nullptr, COINIT_APARTMENTTHREADED), S_OK);
    EXPECT_EQ(CoRegisterPSClsid(iid_of_nobody, clsid_factory), S_OK);
    CoUninitialize();
    ASSERT_EQ(CoInitializeEx(nullptr, COINIT_APARTMENTTHREADED), S_OK);
    CLSID clsid{};
    EXPECT_EQ(CoGetPSClsid(iid_of_nobody, &clsid), REGDB_E_IIDNOTREG);
    CoUninitialize();
  });
}

TEST_F(ClassObject, D30_MarshalingIsBackToTheDescriptionThen) {
  on_thread([this] {
    ASSERT_EQ(CoInitializeEx(nullptr, COINIT_APARTMENTTHREADED), S_OK);
    EXPECT_EQ(CoRegisterPSClsid(iid_of<ICounter>(), clsid_factory), S_OK);
    CoUninitialize();
    const initialised again(COINIT_APARTMENTTHREADED);
    const com_ptr<IStream> packet = packet_of<ICounter>(make_probe<counter>(made)->unknown());
    EXPECT_TRUE(unpacked<ICounter>(packet));
  });
}

TEST_F(ClassObject, L15_ARegistrationIsRemovedWhenItsStaCloses) {
  const mta_usage others;
  on_thread([this] {
    ASSERT_EQ(CoInitializeEx(nullptr, COINIT_APARTMENTTHREADED), S_OK);
    (void)registered(CLSCTX_LOCAL_SERVER);
    EXPECT_EQ(factory.instances, 1);
    EXPECT_EQ(class_object_code(CLSCTX_LOCAL_SERVER), S_OK);
    CoUninitialize();
    EXPECT_EQ(factory.instances, 0);
  });
  EXPECT_EQ(on_thread([] { return class_object_code(CLSCTX_LOCAL_SERVER); }),
            REGDB_E_CLASSNOTREG);
}

TEST_F(ClassObject, L15_ARegistrationIsRemovedWhenTheMtaCloses) {
  sta other("other");
  on_thread([this] {
    ASSERT_EQ(CoInitializeEx(nullptr, COINIT_MULTITHREADED), S_OK);
    (void)registered(CLSCTX_LOCAL_SERVER);
    EXPECT_EQ(factory.instances, 1);
    CoUninitialize();
    EXPECT_EQ(factory.instances, 0);
  });
  EXPECT_EQ(other.invoke([] { return class_object_code(CLSCTX_LOCAL_SERVER); }),
            REGDB_E_CLASSNOTREG);
}

TEST_F(ClassObject, L15_TheCookieIsWorthNothingThen) {
  on_thread([this] {
    ASSERT_EQ(CoInitializeEx(nullptr, COINIT_APARTMENTTHREADED), S_OK);
    const DWORD cookie = registered();
    CoUninitialize();
    const initialised again(COINIT_APARTMENTTHREADED);
    EXPECT_EQ(CoRevokeClassObject(cookie), E_INVALIDARG);
  });
}

TEST_F(ClassObject, P10_RevokingInAnotherApartmentIsWrongThread) {
  sta home("home");
  const DWORD cookie = home.invoke([this] { return registered(); });
  for (const DWORD model : {COINIT_MULTITHREADED, COINIT_APARTMENTTHREADED}) {
    on_thread([&] {
      const initialised here(model);
      EXPECT_EQ(CoRevokeClassObject(cookie), RPC_E_WRONG_THREAD);
    });
  }
  EXPECT_EQ(factory.instances, 1);
  EXPECT_EQ(home.invoke([cookie] { return CoRevokeClassObject(cookie); }), S_OK);
  EXPECT_EQ(factory.instances, 0);
}

TEST_F(ClassObject, P10_AnyThreadOfTheMtaMayRevokeWhatAnotherRegistered) {
  on_thread([this] {
    const initialised here(COINIT_MULTITHREADED);
    const DWORD cookie = registered();
    EXPECT_EQ(on_thread([cookie] { return CoRevokeClassObject(cookie); }), S_OK);
  });
}

}  // namespace
}  // namespace insula::test
