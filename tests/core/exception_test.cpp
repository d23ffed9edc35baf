// SPDX-License-Identifier: MIT
#include "insula/core/exception.hpp"

#include "insula/core/exception_info.hpp"
#include "probe.hpp"

#include <gtest/gtest.h>

#include <cerrno>
#include <filesystem>
#include <future>
#include <new>
#include <stdexcept>
#include <string>
#include <system_error>

namespace insula::core_tests {
namespace {

class Exceptions : public testing::Test {
 protected:
  void SetUp() override { SetErrorInfo(0, nullptr); }
  void TearDown() override { SetErrorInfo(0, nullptr); }
};

template <class E>
HRESULT code_of(const E& exception) {
  return abi_guard([&]() -> HRESULT { throw exception; });
}

TEST_F(Exceptions, WhatIsTheDescriptionWithTheCodesName) {
  EXPECT_STREQ(com_error(E_FAIL, "it broke").what(), "it broke (E_FAIL)");
  EXPECT_EQ(std::string(com_error(E_ABORT).what()), hresult_text(E_ABORT) + " (E_ABORT)");
}

TEST_F(Exceptions, SuccessThrowsNothingAndIsGivenBack) {
  EXPECT_EQ(throw_if_failed(S_OK), S_OK);
  EXPECT_EQ(throw_if_failed(S_FALSE), S_FALSE);
}

TEST_F(Exceptions, FailureThrowsWithTheErrorInfoOfTheSlot) {
  set_error(E_ACCESSDENIED, "the door is locked");
  try {
    throw_if_failed(E_ACCESSDENIED);
    FAIL() << "no exception";
  } catch (const com_error& error) {
    EXPECT_EQ(error.code(), E_ACCESSDENIED);
    EXPECT_STREQ(error.what(), "the door is locked (E_ACCESSDENIED)");
    EXPECT_TRUE(error.info());
  }
  EXPECT_FALSE(has_error_info());
}

TEST_F(Exceptions, StaleInfoOfAnotherCodeIsDropped) {
  set_error(E_ACCESSDENIED, "old news");
  try {
    throw_if_failed(E_FAIL);
    FAIL() << "no exception";
  } catch (const com_error& error) {
    EXPECT_FALSE(error.info());
    EXPECT_EQ(std::string(error.what()).find("old news"), std::string::npos);
  }
  EXPECT_FALSE(has_error_info());
}

TEST_F(Exceptions, EachKindHasItsCode) {
  EXPECT_EQ(code_of(com_error(RPC_E_TIMEOUT, "late")), RPC_E_TIMEOUT);
  EXPECT_EQ(code_of(std::bad_alloc()), E_OUTOFMEMORY);
  EXPECT_EQ(code_of(std::invalid_argument("x")), E_INVALIDARG);
  EXPECT_EQ(code_of(std::out_of_range("x")), E_BOUNDS);
  EXPECT_EQ(code_of(std::runtime_error("x")), E_FAIL);
  EXPECT_EQ(code_of(std::logic_error("x")), E_FAIL);
  EXPECT_EQ(code_of(17), E_FAIL);
}

TEST_F(Exceptions, SystemErrorsAreMappedByTheirNumber) {
  EXPECT_EQ(code_of(std::system_error(EACCES, std::generic_category())), E_ACCESSDENIED);
  EXPECT_EQ(code_of(std::system_error(ENOSPC, std::system_category())), E_DISK_FULL);
  EXPECT_EQ(code_of(std::filesystem::filesystem_error(
                "open", std::make_error_code(std::errc::no_such_file_or_directory))),
            E_FILE_NOT_FOUND);
  EXPECT_EQ(code_of(std::system_error(std::make_error_code(std::future_errc::no_state))), E_FAIL);
  EXPECT_EQ(code_of(std::system_error(0, std::generic_category())), E_FAIL);
}

TEST_F(Exceptions, ErrnoHasItsTable) {
  EXPECT_EQ(system_error_hresult(0), S_OK);
  EXPECT_EQ(system_error_hresult(EPERM), E_ACCESSDENIED);
  EXPECT_EQ(system_error_hresult(ENOTDIR), E_PATH_NOT_FOUND);
  EXPECT_EQ(system_error_hresult(ENFILE), E_TOO_MANY_OPEN_FILES);
  EXPECT_EQ(system_error_hresult(EBADF), E_HANDLE);
  EXPECT_EQ(system_error_hresult(ENOMEM), E_OUTOFMEMORY);
  EXPECT_EQ(system_error_hresult(EINVAL), E_INVALIDARG);
  EXPECT_EQ(system_error_hresult(ENOSYS), E_NOT_SUPPORTED);
  EXPECT_EQ(system_error_hresult(EBUSY), E_BUSY);
  EXPECT_EQ(system_error_hresult(EEXIST), E_ALREADY_EXISTS);
  EXPECT_EQ(system_error_hresult(ECANCELED), E_CANCELLED);
  EXPECT_EQ(system_error_hresult(ETIMEDOUT), E_TIMEOUT);
  EXPECT_EQ(system_error_hresult(ELOOP), E_FAIL);
}

TEST_F(Exceptions, GuardPassesResultsThrough) {
  EXPECT_EQ(abi_guard([] { return S_FALSE; }), S_FALSE);
  EXPECT_EQ(abi_guard([] {}), S_OK);
  EXPECT_FALSE(has_error_info());
}

TEST_F(Exceptions, GuardLeavesTheTextInTheSlot) {
  EXPECT_EQ(code_of(std::invalid_argument("seven is not even")), E_INVALIDARG);

  EXPECT_EQ(error_description(), "seven is not even");
}

TEST_F(Exceptions, OriginalExceptionComesOutAgain) {
  struct peculiar : std::runtime_error {
    using std::runtime_error::runtime_error;
    int number = 7;
  };
  const HRESULT code = code_of(peculiar("odd"));
  EXPECT_EQ(code, E_FAIL);
  try {
    throw_if_failed(code);
    FAIL() << "no exception";
  } catch (const peculiar& same) {
    EXPECT_EQ(same.number, 7);
    EXPECT_STREQ(same.what(), "odd");
  }
}

TEST_F(Exceptions, TravelsByCopiedInfo) {
  const HRESULT code = code_of(std::out_of_range("index 9"));
  com_ptr<IErrorInfo> info;
  ASSERT_EQ(GetErrorInfo(0, info.put()), S_OK);

  EXPECT_THROW(throw_hresult(code, copy_error_info(info.get())), std::out_of_range);
}

TEST_F(Exceptions, ComErrorWithInfoKeepsItsFieldsThroughTheGuard) {
  const std::size_t before = live_objects();
  {
    set_error(E_ABORT, "stopped", iid_of<INamed>());
    com_ptr<IErrorInfo> info;
    ASSERT_EQ(GetErrorInfo(0, info.put()), S_OK);

    EXPECT_EQ(code_of(com_error(E_ABORT, info)), E_ABORT);

    EXPECT_EQ(error_description(), "stopped");
    com_ptr<IErrorInfo> now;
    ASSERT_EQ(GetErrorInfo(0, now.put()), S_OK);
    GUID iid{};
    EXPECT_EQ(now->GetGUID(&iid), S_OK);
    EXPECT_EQ(iid, iid_of<INamed>());
    EXPECT_THROW(throw_hresult(E_ABORT, now), com_error);
  }
  EXPECT_EQ(live_objects(), before);  // the exception and its info do not hold each other
}

TEST_F(Exceptions, ThrowHresultWithoutInfoIsAComError) {
  try {
    throw_hresult(E_OUTOFMEMORY);
  } catch (const com_error& error) {
    EXPECT_EQ(error.code(), E_OUTOFMEMORY);
  }
}

TEST_F(Exceptions, AnExceptionWithACodeOfSuccessIsAFailure) {
  EXPECT_EQ(code_of(com_error(S_OK, "thrown all the same")), E_UNEXPECTED);
  EXPECT_EQ(code_of(com_error(S_FALSE)), E_UNEXPECTED);
}

TEST_F(Exceptions, AnExceptionWithACodeOfSuccessKeepsItsTextAndItself) {
  EXPECT_EQ(code_of(com_error(S_FALSE, "thrown all the same")), E_UNEXPECTED);
  EXPECT_NE(error_description().find("thrown all the same"), std::string::npos);
  try {
    throw_if_failed(E_UNEXPECTED);
    FAIL() << "no exception";
  } catch (const com_error& error) {
    EXPECT_EQ(error.code(), S_FALSE);
  }
}

TEST_F(Exceptions, AnExceptionWithACodeOfSuccessAndErrorInfoIsAFailure) {
  set_error(E_ABORT, "said before");
  com_ptr<IErrorInfo> info;
  ASSERT_EQ(GetErrorInfo(0, info.put()), S_OK);
  EXPECT_EQ(code_of(com_error(S_OK, info)), E_UNEXPECTED);
  EXPECT_EQ(error_description(), "said before");
}

}  // namespace
}  // namespace insula::core_tests
