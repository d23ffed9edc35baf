// SPDX-License-Identifier: MIT
//
// Objects whose end throws, and error objects that throw, between apartments.
#include "log_lines.hpp"
#include "test_interfaces.hpp"

#include <insula/apartments/mta.hpp>
#include <insula/apartments/rundown.hpp>
#include <insula/apartments/sta.hpp>
#include <insula/core/error_info.hpp>
#include <insula/core/implements.hpp>
#include <insula/marshal/proxy_stub_registry.hpp>

#include <gtest/gtest.h>

#include <future>
#include <stdexcept>
#include <string>

namespace insula::test {
namespace {

/// Ends with an exception.
class bad_loser final : public implements<bad_loser, INamed> {
 public:
  explicit bad_loser(std::promise<void>* ending = nullptr) : ending_(ending) {}
  ~bad_loser() override {
    if (ending_ != nullptr) ending_->set_value();
    throw std::runtime_error("one more round");
  }
  HRESULT Length(const char*, ULONG* length) override {
    *length = 1;
    return S_OK;
  }

 private:
  std::promise<void>* const ending_;
};

/// An error object of which nothing can be read, and an object that fails with it.
class unreadable final : public implements<unreadable, IErrorInfo> {
 public:
  HRESULT GetGUID(GUID*) override { throw std::runtime_error("no guid"); }
  HRESULT GetSource(BSTR*) override { throw std::runtime_error("no source"); }
  HRESULT GetDescription(BSTR*) override { throw std::runtime_error("no description"); }
  HRESULT GetHelpFile(BSTR*) override { throw std::runtime_error("no help"); }
  HRESULT GetHelpContext(DWORD*) override { throw std::runtime_error("no context"); }
  HRESULT query_interface_tail(REFIID, void**) { throw std::runtime_error("no interface"); }
};
class fails_darkly final : public implements<fails_darkly, INamed> {
 public:
  HRESULT Length(const char*, ULONG* length) override {
    *length = 0;
    SetErrorInfo(0, make<unreadable>().get());
    return E_ACCESSDENIED;
  }
};

class ThrowingEnd : public testing::Test {
 protected:
  /// Returns when all that was asked of `where` before has been done.
  static void settle(const apartment& where) {
    where.invoke([] {});
  }
  void expect_logged() const {
    EXPECT_NE(log.text().find("bad_loser threw: one more round"), std::string::npos) << log.text();
  }

  sta_lease here{"here"};
  const log_lines log;
};

TEST_F(ThrowingEnd, OfAnObjectInAnStaLeavesTheApartmentServing) {
  const sta home("home");
  auto proxy = home.create<INamed>([] { return make<bad_loser>(); });
  proxy.reset();
  settle(home);
  expect_logged();

  const auto next = home.create<INamed>([] { return make<fails_darkly>(); });
  ULONG length = 1;
  EXPECT_EQ(next->Length("", &length), E_ACCESSDENIED);
}

TEST_F(ThrowingEnd, OfAnObjectInTheMtaLeavesTheApartmentServing) {
  const mta_usage mta;
  std::promise<void> ending;
  auto proxy = mta.get().create<INamed>([&] { return make<bad_loser>(&ending); });
  proxy.reset();
  ending.get_future().get();
  ULONG length = 1;
  EXPECT_EQ(mta.get().create<INamed>([] { return make<fails_darkly>(); })->Length("", &length),
            E_ACCESSDENIED);
}

TEST_F(ThrowingEnd, OfAnObjectThatClientsHoldLetsItsApartmentClose) {
  com_ptr<INamed> proxy;
  {
    const sta home("home");
    proxy = home.create<INamed>([] { return make<bad_loser>(); });
  }
  expect_logged();
  ULONG length = 0;
  EXPECT_TRUE(FAILED(proxy->Length("", &length)));
}

TEST_F(ThrowingEnd, OfWhatPostedWorkHoldsIsContained) {
  const sta home("home");
  home.post([] { const com_ptr<INamed> object = make<bad_loser>(); });
  std::promise<void> done;
  home.post([&] { done.set_value(); });
  done.get_future().get();
  expect_logged();
}

TEST_F(ThrowingEnd, AtRundownKeepsNobodyElseFromRunning) {
  bool ran = false;
  {
    const sta home("home");
    home.invoke([&] {
      at_rundown([] { const com_ptr<INamed> object = make<bad_loser>(); });
      at_rundown([&] { ran = true; });
    });
  }
  EXPECT_TRUE(ran);
  expect_logged();
}

/// Makes no proxies.
class no_proxies final : public implements<no_proxies, IPSFactoryBuffer> {
 public:
  static constexpr bool checks_home = false;
  no_proxies() { EXPECT_EQ(ps_factory_for(iid_of<INamed>(), inner_.put()), S_OK); }
  HRESULT CreateProxy(IUnknown*, REFIID, IRpcProxyBuffer**, void**) override {
    throw std::runtime_error("no proxies today");
  }
  HRESULT CreateStub(REFIID iid, IUnknown* server, IRpcStubBuffer** stub) override {
    return inner_->CreateStub(iid, server, stub);
  }

 private:
  com_ptr<IPSFactoryBuffer> inner_;
};

TEST_F(ThrowingEnd, OfTheWayOutOfCreateLeavesNoObjectBehind) {
  const sta home("home");
  std::promise<void> ending;
  ASSERT_EQ(register_ps_factory(iid_of<INamed>(), make<no_proxies>().get()), S_OK);
  EXPECT_THROW((void)home.create<INamed>([&] { return make<bad_loser>(&ending); }),
               std::runtime_error);
  EXPECT_EQ(unregister_ps_factory(iid_of<INamed>()), S_OK);
  ending.get_future().get();
  settle(home);
  expect_logged();
}

TEST_F(ThrowingEnd, AnErrorObjectThatThrowsArrivesAsTheCodeAlone) {
  const sta home("home");
  const auto object = home.create<INamed>([] { return make<fails_darkly>(); });
  ULONG length = 1;
  EXPECT_EQ(object->Length("", &length), E_ACCESSDENIED);
  EXPECT_EQ(length, 0u);
  EXPECT_EQ(error_description().find("no "), std::string::npos) << error_description();
}

}  // namespace
}  // namespace insula::test
