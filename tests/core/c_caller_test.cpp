// SPDX-License-Identifier: MIT
#include "c_caller.h"

#include "insula/core/abi.h"
#include "insula/core/bstr.hpp"
#include "insula/core/com_ptr.hpp"
#include "insula/core/implements.hpp"
#include "insula/core/stream.hpp"
#include "insula/core/task_memory.hpp"
#include "probe.hpp"

#include <gtest/gtest.h>

#include <string_view>

namespace insula::core_tests {
namespace {

class adder : public implements<adder, INamed, IAdder> {
 public:
  HRESULT Name(const char**) override { return E_NOTIMPL; }
  HRESULT Add(LONG by, LONG* total) override {
    *total = total_ += by;
    return S_OK;
  }
  HRESULT Describe(GUID, BSTR*) override { return E_NOTIMPL; }

 private:
  LONG total_ = 0;  // owner: the test
};

TEST(CAbi, CCallsACppObject) {
  const com_ptr<adder> object = make<adder>();
  LONG total = 0;

  EXPECT_EQ(c_adds_twice(object.as<IUnknown>().get(), 21, &total), S_OK);

  EXPECT_EQ(total, 42);
  EXPECT_EQ(references(object), 1u);
}

TEST(CAbi, CCountsTheReferencesOfACppObject) {
  const com_ptr<adder> object = make<adder>();
  const com_ptr<IUnknown> identity = object.as<IUnknown>();

  EXPECT_EQ(c_counts_references(identity.get()), 2u);
}

TEST(CAbi, CIsToldThatAnInterfaceIsMissing) {
  LONG total = 0;

  EXPECT_EQ(c_adds_twice(make<square>().as<IUnknown>().get(), 1, &total), E_NOINTERFACE);
}

TEST(CAbi, CReadsAndWritesIdsAndFreesTaskMemory) {
  char16_t again[39] = {};
  int owned = -2;
  EXPECT_EQ(c_spells(u"{0BE35203-8F91-11CE-9DE3-00AA004BB851}", again, 39, &owned), S_OK);
  EXPECT_EQ(std::u16string_view(again), u"{0BE35203-8F91-11CE-9DE3-00AA004BB851}");
  EXPECT_EQ(owned, 1);
  EXPECT_EQ(c_spells(u"{0BE35203", again, 39, &owned), CO_E_CLASSSTRING);
}

TEST(CAbi, CReadsAStream) {
  const com_ptr<IStream> stream = create_memory_stream(std::as_bytes(std::span("bytes", 5)));
  char buffer[8] = {};
  ULONG read = 0;

  EXPECT_EQ(c_reads(stream.get(), buffer, 8, &read), S_OK);

  EXPECT_EQ(std::string_view(buffer, read), "bytes");
  EXPECT_EQ(references(stream), 1u);
}

TEST(CAbi, CppCallsACObject) {
  int ended = 0;
  com_ptr<IAdder> object(c_makes_an_adder(&ended), take_ownership);
  ASSERT_TRUE(object);
  EXPECT_EQ(references(object), 1u);
  LONG total = 0;

  EXPECT_EQ(object->Add(5, &total), S_OK);
  EXPECT_EQ(object->Add(6, &total), S_OK);
  EXPECT_EQ(total, 11);

  EXPECT_EQ(ended, 0);
  object.reset();
  EXPECT_EQ(ended, 1);
}

TEST(CAbi, CppQueriesACObject) {
  int ended = 0;
  {
    const com_ptr<IAdder> object(c_makes_an_adder(&ended), take_ownership);
    const com_ptr<IUnknown> identity = object.as<IUnknown>();

    EXPECT_EQ(references(object), 2u);
    EXPECT_EQ(identity.as<IAdder>(), object);
    EXPECT_FALSE(object.try_as<INamed>());
  }
  EXPECT_EQ(ended, 1);
}

TEST(CAbi, StructuresAndStringsCross) {
  const std::size_t before = live_task_allocations();
  int ended = 0;
  const com_ptr<IAdder> object(c_makes_an_adder(&ended), take_ownership);
  {
    bstr text;
    EXPECT_EQ(object->Describe(iid_of<IUnknown>(), text.put()), S_OK);
    EXPECT_EQ(text.str(), "the root");
    EXPECT_EQ(object->Describe(GUID_NULL, text.put()), S_FALSE);
  }
  EXPECT_EQ(live_task_allocations(), before);
}

TEST(CAbi, CSeesTheSameSizesAndCodes) {
  const c_view view = c_sees();

  EXPECT_EQ(view.guid_size, sizeof(GUID));
  EXPECT_EQ(view.pointer_size, sizeof(void*));
  EXPECT_EQ(view.no_interface, E_NOINTERFACE);
  EXPECT_EQ(view.wrong_thread, RPC_E_WRONG_THREAD);
  EXPECT_EQ(view.not_all_interfaces, CO_S_NOTALLINTERFACES);
  EXPECT_EQ(view.failed_says, 1);
  EXPECT_EQ(view.unknown_id, iid_of<IUnknown>());
}

}  // namespace
}  // namespace insula::core_tests
