// SPDX-License-Identifier: MIT
//
// Rows J02 to J09: pointers to values, and pointers to pointers.
#include "two_apartments.hpp"

#include <insula/core/implements.hpp>
#include <insula/core/task_memory.hpp>

#include <functional>

namespace insula::test {

struct IPointers : IUnknown {
  virtual HRESULT Three(LONG* in, LONG* out, LONG* in_out) = 0;
  virtual HRESULT Nested(LONG** out, LONG** in_out) = 0;
};
INSULA_INTERFACE(IPointers, IUnknown, "7b1f0d52-31a7-4e0c-9b57-1d2b7c4a0102",
                 (Three, in("in"), out("out"), in_out("in_out")),
                 (Nested, out("out"), in_out("in_out")));

namespace {

class pointers final : public implements<pointers, IPointers> {
 public:
  HRESULT Three(LONG* in, LONG* out, LONG* in_out) override {
    ++calls;
    return three(in, out, in_out);
  }
  HRESULT Nested(LONG** out, LONG** in_out) override {
    ++calls;
    return nested(out, in_out);
  }

  std::function<HRESULT(LONG*, LONG*, LONG*)> three;
  std::function<HRESULT(LONG**, LONG**)> nested;
  int calls = 0;
};

LONG* task_long(LONG value) {
  auto* const block = static_cast<LONG*>(CoTaskMemAlloc(sizeof(LONG)));
  *block = value;
  return block;
}

void replace(LONG** place, LONG* fresh) {
  CoTaskMemFree(*place);
  *place = fresh;
}

/// The object is told what to do, and looked at, between calls only.
class Pointers : public two_apartments {
 protected:
  pointers* object = nullptr;
  const com_ptr<IPointers> proxy = home.create<IPointers>([this] {
    auto made = make<pointers>();
    object = made.get();
    return made;
  });
  LONG in_value = 11;
  LONG out_value = 22;
  LONG both_value = 33;
};

TEST_F(Pointers, J02_WhatTheObjectWritesThroughAnInPointerStaysThere) {
  object->three = [](LONG* in, LONG*, LONG*) {
    EXPECT_EQ(*in, 11);
    *in = 99;
    return S_OK;
  };
  EXPECT_EQ(proxy->Three(&in_value, &out_value, &both_value), S_OK);
  EXPECT_EQ(in_value, 11);
}

TEST_F(Pointers, J03_AnOutValueIsZeroWhenTheObjectSeesIt) {
  LONG seen = -1;
  object->three = [&](LONG*, LONG* out, LONG*) {
    seen = *out;
    return S_OK;
  };
  EXPECT_EQ(proxy->Three(&in_value, &out_value, &both_value), S_OK);
  EXPECT_EQ(seen, 0);
  EXPECT_EQ(out_value, 0);
}

TEST_F(Pointers, J03_AnOutValueComesBack) {
  object->three = [](LONG*, LONG* out, LONG*) {
    *out = 44;
    return S_OK;
  };
  EXPECT_EQ(proxy->Three(&in_value, &out_value, &both_value), S_OK);
  EXPECT_EQ(out_value, 44);
}

TEST_F(Pointers, J03_AnInOutValueGoesBothWays) {
  LONG seen = -1;
  object->three = [&](LONG*, LONG*, LONG* in_out) {
    seen = *in_out;
    *in_out = 55;
    return S_OK;
  };
  EXPECT_EQ(proxy->Three(&in_value, &out_value, &both_value), S_OK);
  EXPECT_EQ(seen, 33);
  EXPECT_EQ(both_value, 55);
}

TEST_F(Pointers, J05_ANullInPointerIsRefusedByTheProxy) {
  EXPECT_EQ(proxy->Three(nullptr, &out_value, &both_value), HRESULT_RPC_X_NULL_REF_POINTER);
  EXPECT_EQ(object->calls, 0);
  EXPECT_EQ(out_value, 0);
  EXPECT_EQ(both_value, 33);
}

TEST_F(Pointers, J05_ANullOutPointerIsRefusedByTheProxy) {
  EXPECT_EQ(proxy->Three(&in_value, nullptr, &both_value), HRESULT_RPC_X_NULL_REF_POINTER);
  EXPECT_EQ(object->calls, 0);
  EXPECT_EQ(in_value, 11);
  EXPECT_EQ(both_value, 33);
}

TEST_F(Pointers, J05_ANullInOutPointerIsRefusedByTheProxy) {
  EXPECT_EQ(proxy->Three(&in_value, &out_value, nullptr), HRESULT_RPC_X_NULL_REF_POINTER);
  EXPECT_EQ(object->calls, 0);
  EXPECT_EQ(in_value, 11);
  EXPECT_EQ(out_value, 0);
}

TEST_F(Pointers, J05_TheCodeIsThatOfANullReferencePointer) {
  const HRESULT code = proxy->Three(nullptr, &out_value, &both_value);
  EXPECT_EQ(static_cast<std::uint32_t>(code), 0x800706F4u);
}

TEST_F(Pointers, J05_NullForAPointerToAPointerClearsTheOtherOutPointer) {
  LONG* garbage = &in_value;
  EXPECT_EQ(proxy->Nested(&garbage, nullptr), HRESULT_RPC_X_NULL_REF_POINTER);
  EXPECT_EQ(object->calls, 0);
  EXPECT_EQ(garbage, nullptr);
}

TEST_F(Pointers, J07_InnerPointersThatTheObjectSetsAreTaskMemoryOfTheCaller) {
  object->nested = [](LONG** out, LONG** in_out) {
    EXPECT_EQ(*out, nullptr);
    EXPECT_EQ(*in_out, nullptr);
    *out = task_long(1);
    *in_out = task_long(2);
    return S_OK;
  };
  const std::size_t before = live_task_allocations();
  LONG* given = nullptr;
  LONG* both = nullptr;

  EXPECT_EQ(proxy->Nested(&given, &both), S_OK);
  EXPECT_EQ(live_task_allocations(), before + 2);
  EXPECT_EQ(*given, 1);
  EXPECT_EQ(*both, 2);

  CoTaskMemFree(given);
  CoTaskMemFree(both);
  EXPECT_EQ(live_task_allocations(), before);
}

TEST_F(Pointers, J08_AnOutInnerPointerIsReplacedWithoutALookAtTheOldOne) {
  object->nested = [](LONG** out, LONG**) {
    EXPECT_EQ(*out, nullptr);
    *out = task_long(7);
    return S_OK;
  };
  const std::size_t before = live_task_allocations();
  auto* given = reinterpret_cast<LONG*>(std::uintptr_t{0x10});  // nothing can be read there
  LONG* both = nullptr;

  EXPECT_EQ(proxy->Nested(&given, &both), S_OK);
  EXPECT_EQ(*given, 7);
  EXPECT_EQ(live_task_allocations(), before + 1);
  CoTaskMemFree(given);
}

TEST_F(Pointers, J08_AnOutInnerPointerDoesNotFreeTheOldOne) {
  object->nested = [](LONG**, LONG**) { return S_OK; };
  const task_ptr<LONG> old(task_long(5));
  const std::size_t before = live_task_allocations();
  LONG* given = old.get();
  LONG* both = nullptr;

  EXPECT_EQ(proxy->Nested(&given, &both), S_OK);
  EXPECT_EQ(given, nullptr);
  EXPECT_EQ(*old, 5);
  EXPECT_EQ(live_task_allocations(), before);
}

TEST_F(Pointers, J08_AnInOutInnerPointerKeepsItsAddressAndGetsTheNewValue) {
  object->nested = [](LONG**, LONG** in_out) {
    EXPECT_EQ(**in_out, 33);
    **in_out = 66;
    return S_OK;
  };
  LONG* given = nullptr;
  LONG* both = &both_value;
  const std::size_t before = live_task_allocations();

  EXPECT_EQ(proxy->Nested(&given, &both), S_OK);
  EXPECT_EQ(both, &both_value);
  EXPECT_EQ(both_value, 66);
  EXPECT_EQ(live_task_allocations(), before);
}

TEST_F(Pointers, J08_AnInOutInnerPointerThatTheObjectReplacesKeepsItsAddressToo) {
  object->nested = [](LONG**, LONG** in_out) {
    replace(in_out, task_long(77));
    return S_OK;
  };
  LONG* given = nullptr;
  LONG* both = &both_value;
  const std::size_t before = live_task_allocations();

  EXPECT_EQ(proxy->Nested(&given, &both), S_OK);
  EXPECT_EQ(both, &both_value);
  EXPECT_EQ(both_value, 77);
  EXPECT_EQ(live_task_allocations(), before);
}

TEST_F(Pointers, J09_AnInOutInnerPointerThatTheObjectClearsBecomesNull) {
  object->nested = [](LONG**, LONG** in_out) {
    replace(in_out, nullptr);
    return S_OK;
  };
  LONG* given = nullptr;
  LONG* both = &both_value;
  const std::size_t before = live_task_allocations();

  EXPECT_EQ(proxy->Nested(&given, &both), S_OK);
  EXPECT_EQ(both, nullptr);
  EXPECT_EQ(both_value, 33);
  EXPECT_EQ(live_task_allocations(), before);
}

}  // namespace
}  // namespace insula::test
