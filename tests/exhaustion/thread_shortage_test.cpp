// SPDX-License-Identifier: MIT
//
// What is said when the system gives no thread, and what goes on working afterwards.
#include "log_lines.hpp"
#include "milestone.hpp"
#include "shortage.hpp"
#include "tool.hpp"

#include <insula/apartments/async.hpp>
#include <insula/apartments/mta.hpp>
#include <insula/apartments/sta.hpp>
#include <insula/marshal/marshal_interface.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace insula::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

template <class F>
com_error thrown_by(F body) {
  try {
    body();
  } catch (const com_error& error) {
    return error;
  }
  return com_error(S_OK, "nothing was thrown");
}

TEST(ThreadShortage, AnStaWithoutAThreadSaysSo) {
  const com_error error = thrown_by([] {
    const shortage none(resource::thread, 1, true);
    const sta home("home");
  });
  EXPECT_EQ(error.code(), RPC_E_OUT_OF_RESOURCES);
  EXPECT_THAT(error.what(), HasSubstr("gave no thread for the STA 'home'"));
}

/// The test's thread is in an STA; the MTA has an object, and no thread of its own yet.
class MtaWithoutThreads : public testing::Test {
 protected:
  MtaWithoutThreads() {
    com_ptr<IStream> packet;
    throw_if_failed(CoMarshalInterThreadInterfaceInStream(
        iid_of<IGadget>(), static_cast<IGadget*>(make<gadget>().get()), packet.put()));
    here.emplace("here");
    throw_if_failed(
        CoUnmarshalInterface(packet.get(), iid_of<IGadget>(), object.put_void()));
  }

  const mta_usage usage;
  std::optional<sta_lease> here;
  com_ptr<IGadget> object;
};

TEST_F(MtaWithoutThreads, RefusesACallAndSaysWhy) {
  LONG number = 0;
  const log_lines lines;
  {
    const shortage none(resource::thread, 1, true);
    EXPECT_EQ(object->Number(&number), RPC_E_OUT_OF_RESOURCES);
  }
  EXPECT_THAT(error_description(), HasSubstr("the system gives no more"));
  EXPECT_EQ(object->Number(&number), S_OK);
}

TEST_F(MtaWithoutThreads, RefusesInvokedWorkAndSaysWhy) {
  const log_lines lines;
  const com_error error = thrown_by([&] {
    const shortage none(resource::thread, 1, true);
    usage.get().invoke([] {});
  });
  EXPECT_EQ(error.code(), RPC_E_OUT_OF_RESOURCES);
  EXPECT_THAT(error.what(), HasSubstr("the system gives no more"));
  EXPECT_EQ(usage.get().invoke([] { return 3; }), 3);
}

TEST_F(MtaWithoutThreads, SaysInTheLogThatPostedWorkWasNotRun) {
  const log_lines lines;
  {
    const shortage none(resource::thread, 1, true);
    usage.get().post([] {});
  }
  EXPECT_THAT(lines.text(), HasSubstr("was not run: all threads of the MTA"));
}

/// Calls into `home` have no answer before `release`.
class TimeoutsWithoutAThread : public testing::Test {
 protected:
  void block_home() {
    home.post([this] { released.await(); });
  }
  future<HRESULT> timed_call() {
    return async(async_options{.timeout = 1ns}, object, &IGadget::Number, &number);
  }

  milestone released{"the end of the test"};
  LONG number = 0;
  const sta_lease here{"here"};
  const sta home{"home"};
  const com_ptr<IGadget> object = home.create<IGadget>([] { return make<gadget>(); });
};

TEST_F(TimeoutsWithoutAThread, RefuseTheCallThroughItsFuture) {
  future<HRESULT> refused;
  {
    const shortage none(resource::thread, 1, true);
    refused = timed_call();
  }
  EXPECT_EQ(refused.get(), RPC_E_OUT_OF_RESOURCES);
  EXPECT_THAT(error_description(), HasSubstr("no thread to watch over timeouts"));
}

TEST_F(TimeoutsWithoutAThread, AreThereAgainForTheNextCall) {
  {
    const shortage none(resource::thread, 1);
    EXPECT_EQ(timed_call().get(), RPC_E_OUT_OF_RESOURCES);
  }
  block_home();
  EXPECT_EQ(timed_call().get(), RPC_E_TIMEOUT);
  released.pass();
}

}  // namespace
}  // namespace insula::test
