// SPDX-License-Identifier: MIT
#include "insula/core/error_info.hpp"

#include "insula/core/exception_info.hpp"
#include "probe.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <thread>

namespace insula::core_tests {
namespace {

com_ptr<IErrorInfo> error_saying(const char16_t* description) {
  com_ptr<ICreateErrorInfo> writer;
  EXPECT_EQ(CreateErrorInfo(writer.put()), S_OK);
  EXPECT_EQ(writer->SetDescription(const_cast<LPOLESTR>(description)), S_OK);
  return writer.as<IErrorInfo>();
}

class ErrorInfo : public testing::Test {
 protected:
  void SetUp() override { SetErrorInfo(0, nullptr); }
  void TearDown() override { SetErrorInfo(0, nullptr); }
};

TEST_F(ErrorInfo, ReadingTakesItOutOfTheSlot) {
  const com_ptr<IErrorInfo> info = error_saying(u"broken");
  EXPECT_EQ(references(info), 1u);
  EXPECT_EQ(SetErrorInfo(0, info.get()), S_OK);
  EXPECT_EQ(references(info), 2u);

  com_ptr<IErrorInfo> first;
  EXPECT_EQ(GetErrorInfo(0, first.put()), S_OK);
  EXPECT_EQ(first, info);
  EXPECT_EQ(references(info), 2u);

  com_ptr<IErrorInfo> second(info.get());
  EXPECT_EQ(GetErrorInfo(0, second.put()), S_FALSE);
  EXPECT_FALSE(second);
}

TEST_F(ErrorInfo, ReservedArgumentMustBeZero) {
  const com_ptr<IErrorInfo> info = error_saying(u"broken");
  IErrorInfo* out = nullptr;

  EXPECT_EQ(SetErrorInfo(0xdeadbeef, info.get()), E_INVALIDARG);
  EXPECT_EQ(GetErrorInfo(0xdeadbeef, &out), E_INVALIDARG);
  EXPECT_EQ(GetErrorInfo(0, nullptr), E_INVALIDARG);
  EXPECT_FALSE(has_error_info());
}

TEST_F(ErrorInfo, NullClearsTheSlot) {
  const com_ptr<IErrorInfo> info = error_saying(u"broken");
  SetErrorInfo(0, info.get());
  EXPECT_TRUE(has_error_info());

  EXPECT_EQ(SetErrorInfo(0, nullptr), S_OK);

  EXPECT_FALSE(has_error_info());
  EXPECT_EQ(references(info), 1u);
}

TEST_F(ErrorInfo, EachThreadHasItsOwn) {
  const com_ptr<IErrorInfo> mine = error_saying(u"mine");
  SetErrorInfo(0, mine.get());

  std::thread([] {
    EXPECT_FALSE(has_error_info());
    set_error(E_FAIL, "theirs");
    EXPECT_EQ(error_description(), "theirs");
  }).join();

  EXPECT_EQ(error_description(), "mine");
}

TEST_F(ErrorInfo, EndingThreadLetsGo) {
  const com_ptr<IErrorInfo> info = error_saying(u"broken");

  std::thread([&info] {
    SetErrorInfo(0, info.get());
    EXPECT_EQ(references(info), 2u);
  }).join();

  EXPECT_EQ(references(info), 1u);
}

TEST_F(ErrorInfo, FollowsTheLogicalThreadNotTheSystems) {
  error_info_slot first;
  error_info_slot second;

  current_error_info_slot() = &first;
  set_error(E_FAIL, "first");
  current_error_info_slot() = &second;
  EXPECT_FALSE(has_error_info());
  set_error(E_FAIL, "second");
  current_error_info_slot() = &first;
  EXPECT_EQ(error_description(), "first");
  current_error_info_slot() = nullptr;

  EXPECT_FALSE(has_error_info());
  EXPECT_EQ(error_description(second.current.get()), "second");
}

TEST_F(ErrorInfo, NewObjectIsEmpty) {
  com_ptr<ICreateErrorInfo> writer;
  ASSERT_EQ(CreateErrorInfo(writer.put()), S_OK);
  const auto info = writer.as<IErrorInfo>();
  GUID guid = iid_of<IShape>();
  DWORD context = 7;
  bstr text(u"old");

  EXPECT_EQ(info->GetGUID(&guid), S_OK);
  EXPECT_EQ(info->GetHelpContext(&context), S_OK);
  EXPECT_EQ(info->GetDescription(text.put()), S_OK);

  EXPECT_EQ(guid, GUID_NULL);
  EXPECT_EQ(context, 0u);
  EXPECT_EQ(text.get(), nullptr);
}

TEST_F(ErrorInfo, ObjectRefusesNullOuts) {
  const com_ptr<IErrorInfo> info = error_saying(u"x");

  EXPECT_EQ(CreateErrorInfo(nullptr), E_POINTER);
  EXPECT_EQ(info->GetGUID(nullptr), E_POINTER);
  EXPECT_EQ(info->GetSource(nullptr), E_POINTER);
  EXPECT_EQ(info->GetHelpContext(nullptr), E_POINTER);
  EXPECT_EQ(info.as<IExceptionInfo>()->GetCode(nullptr), E_POINTER);
  EXPECT_EQ(info.as<IExceptionInfo>()->GetException(nullptr), E_POINTER);
}

TEST_F(ErrorInfo, NullTextUnsetsIt) {
  const com_ptr<IErrorInfo> info = error_saying(u"x");

  EXPECT_EQ(info.as<ICreateErrorInfo>()->SetDescription(nullptr), S_OK);

  bstr text;
  EXPECT_EQ(info->GetDescription(text.put()), S_OK);
  EXPECT_EQ(text.get(), nullptr);
}

TEST_F(ErrorInfo, ObjectHasOneIdentity) {
  const com_ptr<IErrorInfo> info = error_saying(u"x");

  EXPECT_EQ(info.as<ICreateErrorInfo>().as<IUnknown>(), info.as<IUnknown>());
  EXPECT_EQ(info.as<IExceptionInfo>().as<IUnknown>(), info.as<IUnknown>());
}

TEST_F(ErrorInfo, SetErrorExplainsItsCode) {
  EXPECT_EQ(set_error(RPC_E_DISCONNECTED, "der Laden ist geschloßen", iid_of<IShape>()),
            RPC_E_DISCONNECTED);

  EXPECT_EQ(error_description(), "der Laden ist geschloßen");
  EXPECT_TRUE(has_error_info());
  com_ptr<IErrorInfo> info;
  ASSERT_EQ(GetErrorInfo(0, info.put()), S_OK);
  GUID iid{};
  HRESULT code = S_OK;
  EXPECT_EQ(info->GetGUID(&iid), S_OK);
  EXPECT_EQ(iid, iid_of<IShape>());
  EXPECT_EQ(info.as<IExceptionInfo>()->GetCode(&code), S_OK);
  EXPECT_EQ(code, RPC_E_DISCONNECTED);
}

TEST_F(ErrorInfo, DescriptionOfNothingIsEmpty) {
  EXPECT_EQ(error_description(), "");
  EXPECT_EQ(error_description(nullptr), "");
}

TEST_F(ErrorInfo, CopyHasEveryFieldAndIsAnotherObject) {
  const com_ptr<IErrorInfo> info = error_saying(u"what");
  const auto writer = info.as<ICreateErrorInfo>();
  char16_t source[] = u"who";
  char16_t help[] = u"where";
  writer->SetGUID(iid_of<INamed>());
  writer->SetSource(source);
  writer->SetHelpFile(help);
  writer->SetHelpContext(42);
  const auto exception = std::make_exception_ptr(std::runtime_error("why"));
  info.as<IExceptionInfo>()->SetException(exception);
  info.as<IExceptionInfo>()->SetCode(E_ABORT);

  const com_ptr<IErrorInfo> copy = copy_error_info(info.get());

  EXPECT_NE(copy.as<IUnknown>(), info.as<IUnknown>());
  EXPECT_EQ(references(info), 2u);  // info and writer
  GUID guid{};
  DWORD context = 0;
  bstr text;
  HRESULT code = S_OK;
  std::exception_ptr copied;
  EXPECT_EQ(copy->GetGUID(&guid), S_OK);
  EXPECT_EQ(guid, iid_of<INamed>());
  EXPECT_EQ(copy->GetHelpContext(&context), S_OK);
  EXPECT_EQ(context, 42u);
  EXPECT_EQ(copy->GetSource(text.put()), S_OK);
  EXPECT_EQ(text.str(), "who");
  EXPECT_EQ(copy->GetHelpFile(text.put()), S_OK);
  EXPECT_EQ(text.str(), "where");
  EXPECT_EQ(error_description(copy.get()), "what");
  EXPECT_EQ(copy.as<IExceptionInfo>()->GetCode(&code), S_OK);
  EXPECT_EQ(code, E_ABORT);
  EXPECT_EQ(copy.as<IExceptionInfo>()->GetException(&copied), S_OK);
  EXPECT_EQ(copied, exception);
}

/// An error object of somebody else's, which knows only its description.
class foreign_error : public implements<foreign_error, IErrorInfo> {
 public:
  HRESULT GetGUID(GUID*) override { return E_NOTIMPL; }
  HRESULT GetSource(BSTR*) override { return E_NOTIMPL; }
  HRESULT GetDescription(BSTR* out) override {
    *out = SysAllocString(u"foreign");
    return S_OK;
  }
  HRESULT GetHelpFile(BSTR*) override { return E_NOTIMPL; }
  HRESULT GetHelpContext(DWORD*) override { return E_NOTIMPL; }
};

TEST_F(ErrorInfo, CopyTakesWhatAForeignObjectTells) {
  const com_ptr<IErrorInfo> copy = copy_error_info(make<foreign_error>().get());

  EXPECT_EQ(error_description(copy.get()), "foreign");
  HRESULT code = E_FAIL;
  EXPECT_EQ(copy.as<IExceptionInfo>()->GetCode(&code), S_FALSE);
  EXPECT_EQ(copy_error_info(nullptr), nullptr);
}

TEST_F(ErrorInfo, ObjectIsReadAndWrittenFromManyThreads) {
  const com_ptr<IErrorInfo> info = error_saying(u"aaaa");
  std::thread writer([writer = info.as<ICreateErrorInfo>()] {
    char16_t text[] = u"bbbb";
    for (int i = 0; i != 500; ++i)
      writer->SetDescription(text);
  });

  for (int i = 0; i != 500; ++i) {
    const std::string text = error_description(info.get());
    EXPECT_TRUE(text == "aaaa" || text == "bbbb") << text;
  }
  writer.join();
}

}  // namespace
}  // namespace insula::core_tests
