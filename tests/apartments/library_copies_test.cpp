// SPDX-License-Identifier: MIT
//
// Two copies of the library in one process. Not when it is built shared: then there is only one.
#if defined(INSULA_SECOND_COPY)

#include <insula/apartments/sta.hpp>

#include "on_thread.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <dlfcn.h>

#include <string>

namespace insula::test {
namespace {

using testing::HasSubstr;
using testing::Not;

class TwoCopies : public testing::Test {
 protected:
  void SetUp() override {
    module_ = ::dlopen(INSULA_SECOND_COPY, RTLD_NOW | RTLD_LOCAL);
    ASSERT_NE(module_, nullptr) << ::dlerror();
  }
  // The module stays: threads of this program hold thread-local objects of it.

  template <class F>
  F* function(const char* name) {
    return reinterpret_cast<F*>(::dlsym(module_, name));
  }
  std::string where() { return function<const char*()>("insula_test_asks_where_it_is")(); }

 private:
  void* module_ = nullptr;
};

TEST_F(TwoCopies, AreSaidWhenOneIsUsedInAnApartmentOfTheOther) {
  const sta home("home");
  const std::string said = home.invoke([&] { return where(); });
  EXPECT_THAT(said, HasSubstr("another copy of Insula"));
  EXPECT_THAT(said, HasSubstr("'home'"));
  EXPECT_THAT(said, HasSubstr("linked into the program"));
  EXPECT_THAT(said, HasSubstr(INSULA_SECOND_COPY));
}

TEST_F(TwoCopies, ThatNeverMeetDoNotDisturbEachOther) {
  EXPECT_EQ(function<int()>("insula_test_works_alone")(), 7);
  EXPECT_THAT(on_thread([&] { return where(); }), Not(HasSubstr("another copy")));
}

}  // namespace
}  // namespace insula::test

#endif
