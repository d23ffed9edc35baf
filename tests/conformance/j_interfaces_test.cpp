// SPDX-License-Identifier: MIT
//
// Rows J10 to J15, J24, J29: interface pointers as parameters, and calls that call back.
#include "milestone.hpp"
#include "two_apartments.hpp"

#include <insula/core/implements.hpp>

#include <functional>
#include <string>
#include <thread>

namespace insula::test {

struct IExchange : IUnknown {
  virtual HRESULT Take(IUnknown* any, ICounter* base, IScaledCounter* derived) = 0;
  virtual HRESULT Give(ICounter** out) = 0;
  virtual HRESULT Swap(ICounter** in_out) = 0;
};
INSULA_INTERFACE(IExchange, IUnknown, "7b1f0d52-31a7-4e0c-9b57-1d2b7c4a0103",
                 (Take, in("any"), in("base"), in("derived")), (Give, out("out")),
                 (Swap, in_out("in_out")));

namespace {

class exchange final : public implements<exchange, IExchange> {
 public:
  HRESULT Take(IUnknown* any, ICounter* base, IScaledCounter* derived) override {
    return take(any, base, derived);
  }
  HRESULT Give(ICounter** out) override { return give(out); }
  HRESULT Swap(ICounter** in_out) override { return swap(in_out); }

  std::function<HRESULT(IUnknown*, ICounter*, IScaledCounter*)> take;
  std::function<HRESULT(ICounter**)> give;
  std::function<HRESULT(ICounter**)> swap;
};

/// The object at home is told what to do between calls only.
class Interfaces : public two_apartments {
 protected:
  exchange* object = nullptr;
  const com_ptr<IExchange> proxy = home.create<IExchange>([this] {
    auto made = make<exchange>();
    object = made.get();
    return made;
  });
};

ICounter* new_counter(probe_log& log) { return make_probe<counter>(log).detach(); }

/// Something that is no pointer to an object, where an [out] pointer is to be put.
ICounter* garbage() { return reinterpret_cast<ICounter*>(std::uintptr_t{0x10}); }

TEST_F(Interfaces, J10_TheObjectCanCallBackOnEveryInterfaceItGets) {
  object->take = [](IUnknown* any, ICounter* base, IScaledCounter* derived) {
    LONG total = 0;
    com_ptr<INamed> name;
    ULONG length = 0;
    EXPECT_EQ(any->QueryInterface(iid_of<INamed>(), name.put_void()), S_OK);
    EXPECT_EQ(name->Length("three", &length), S_OK);
    EXPECT_EQ(base->Add(4, &total), S_OK);
    EXPECT_EQ(derived->Scale(10, &total), S_OK);
    EXPECT_EQ(total, 40);
    return S_OK;
  };
  const auto passed = make_probe<counter>(mine);

  EXPECT_EQ(proxy->Take(passed->unknown(), passed.get(), passed.get()), S_OK);
  EXPECT_EQ(mine.calls, 3);
}

TEST_F(Interfaces, J10_WhatWasPassedInIsReleasedAfterTheCall) {
  int during = 0;
  object->take = [&](IUnknown*, ICounter*, IScaledCounter*) {
    during = mine.references;
    return S_OK;
  };
  const auto passed = make_probe<counter>(mine);
  EXPECT_EQ(mine.references, 1);

  EXPECT_EQ(proxy->Take(passed->unknown(), passed.get(), passed.get()), S_OK);
  EXPECT_GT(during, 1);
  settle();
  EXPECT_EQ(mine.references, 1);
  EXPECT_EQ(mine.connections, 0);
}

TEST_F(Interfaces, J10_NullArrivesAsNull) {
  object->take = [](IUnknown* any, ICounter* base, IScaledCounter* derived) {
    EXPECT_EQ(any, nullptr);
    EXPECT_EQ(base, nullptr);
    EXPECT_EQ(derived, nullptr);
    return S_FALSE;
  };
  EXPECT_EQ(proxy->Take(nullptr, nullptr, nullptr), S_FALSE);
}

TEST_F(Interfaces, J11_AnOutInterfaceThatTheObjectSetsIsAProxyOfIt) {
  object->give = [this](ICounter** out) {
    EXPECT_EQ(*out, nullptr);
    *out = new_counter(log);
    return S_OK;
  };
  ICounter* given = garbage();
  ASSERT_EQ(proxy->Give(&given), S_OK);
  LONG total = 0;
  EXPECT_EQ(given->Add(6, &total), S_OK);
  EXPECT_EQ(total, 6);
  EXPECT_EQ(log.instances, 1);

  given->Release();
  settle_home();
  EXPECT_EQ(log.instances, 0);
}

TEST_F(Interfaces, J11_AnOutInterfaceThatTheObjectDoesNotSetIsNull) {
  object->give = [](ICounter**) { return S_OK; };
  ICounter* given = garbage();
  EXPECT_EQ(proxy->Give(&given), S_OK);
  EXPECT_EQ(given, nullptr);
}

TEST_F(Interfaces, J11_WhatAnOutPointerHeldBeforeIsNotReleased) {
  object->give = [this](ICounter** out) {
    *out = new_counter(log);
    return S_OK;
  };
  const auto held = make_probe<counter>(mine);
  ICounter* given = held.get();
  ASSERT_EQ(proxy->Give(&given), S_OK);
  EXPECT_EQ(mine.references, 1);
  EXPECT_EQ(mine.releases, 0);
  given->Release();
}

TEST_F(Interfaces, J12_AnInOutInterfaceThatTheObjectReplacesIsTheNewOne) {
  object->swap = [this](ICounter** in_out) {
    (*in_out)->Release();
    *in_out = new_counter(log);
    return S_OK;
  };
  ICounter* both = new_counter(mine);

  ASSERT_EQ(proxy->Swap(&both), S_OK);
  LONG total = 0;
  EXPECT_EQ(both->Add(8, &total), S_OK);
  EXPECT_EQ(log.calls, 1);
  EXPECT_EQ(mine.calls, 0);
  both->Release();
}

TEST_F(Interfaces, J12_TheOldReferenceIsReleasedExactlyOnce) {
  object->swap = [this](ICounter** in_out) {
    (*in_out)->Release();
    *in_out = new_counter(log);
    return S_OK;
  };
  const auto watched = make_probe<counter>(mine);
  ICounter* both = com_ptr<ICounter>(watched).detach();
  EXPECT_EQ(mine.references, 2);

  ASSERT_EQ(proxy->Swap(&both), S_OK);
  settle();
  EXPECT_EQ(mine.references, 1);
  EXPECT_EQ(mine.connections, 0);
  both->Release();
}

TEST_F(Interfaces, J12_AnInOutInterfaceThatTheObjectLeavesAloneIsTheSamePointer) {
  object->swap = [](ICounter**) { return S_OK; };
  const auto watched = make_probe<counter>(mine);
  ICounter* both = com_ptr<ICounter>(watched).detach();

  ASSERT_EQ(proxy->Swap(&both), S_OK);
  settle();
  EXPECT_EQ(both, static_cast<ICounter*>(watched.get()));
  EXPECT_EQ(mine.references, 2);
  both->Release();
}

TEST_F(Interfaces, J12_AnInOutInterfaceThatTheObjectClearsIsNull) {
  object->swap = [](ICounter** in_out) {
    (*in_out)->Release();
    *in_out = nullptr;
    return S_OK;
  };
  ICounter* both = new_counter(mine);

  ASSERT_EQ(proxy->Swap(&both), S_OK);
  EXPECT_EQ(both, nullptr);
  settle();
  EXPECT_EQ(mine.instances, 0);
}

TEST_F(Interfaces, J14_ACallbackEntersTheWaitingClientOnItsThread) {
  bool waiting = false;
  bool entered_while_waiting = false;
  long entered_on = 0;
  mine.on_call = [&] {
    entered_while_waiting = waiting;
    entered_on = ::gettid();
  };
  object->take = [](IUnknown*, ICounter* base, IScaledCounter*) {
    LONG total = 0;
    return base->Add(1, &total);
  };
  const auto passed = make_probe<counter>(mine);

  waiting = true;
  EXPECT_EQ(proxy->Take(nullptr, passed.get(), nullptr), S_OK);
  waiting = false;

  EXPECT_TRUE(entered_while_waiting);
  EXPECT_EQ(entered_on, ::gettid());
}

TEST_F(Interfaces, J14_ACallbackMayCallTheObjectAgain) {
  int depth = 0;
  object->take = [&](IUnknown*, ICounter* base, IScaledCounter*) {
    LONG total = 0;
    return ++depth == 3 ? S_FALSE : base->Add(1, &total);
  };
  const auto passed = make_probe<counter>(mine);
  mine.on_call = [&] { EXPECT_TRUE(SUCCEEDED(proxy->Take(nullptr, passed.get(), nullptr))); };

  EXPECT_EQ(proxy->Take(nullptr, passed.get(), nullptr), S_OK);
  EXPECT_EQ(depth, 3);
  mine.on_call = nullptr;
}

TEST_F(Interfaces, J15_TheServerSideDoesNotReleaseWhatTheObjectKept) {
  ICounter* kept = nullptr;
  object->swap = [&](ICounter** in_out) {
    kept = *in_out;  // with its reference
    *in_out = nullptr;
    return S_OK;
  };
  ICounter* both = new_counter(mine);
  ASSERT_EQ(proxy->Swap(&both), S_OK);
  EXPECT_EQ(mine.instances, 1);

  LONG total = 0;
  EXPECT_EQ(home.invoke([&] { return kept->Add(5, &total); }), S_OK);
  EXPECT_EQ(total, 5);
  home.invoke([&] { kept->Release(); });
  client.drain();
  EXPECT_EQ(mine.instances, 0);
}

TEST_F(Interfaces, J15_TheClientSideReleasesWhatTheNewPointerReplaces) {
  object->swap = [this](ICounter** in_out) {
    (*in_out)->Release();
    *in_out = new_counter(log);
    return S_OK;
  };
  ICounter* const old = new_counter(mine);
  ICounter* both = old;
  ASSERT_EQ(proxy->Swap(&both), S_OK);
  settle();

  EXPECT_NE(both, old);
  EXPECT_EQ(mine.instances, 0);
  EXPECT_EQ(log.instances, 1);
  both->Release();
}

TEST_F(Interfaces, J24_AMethodOfTheBaseIsCalledThroughTheDerivedProxy) {
  const auto derived = counter_at_home<IScaledCounter>();
  LONG total = 0;
  EXPECT_EQ(derived->Add(6, &total), S_OK);
  EXPECT_EQ(total, 6);
  EXPECT_EQ(derived->Scale(7, &total), S_OK);
  EXPECT_EQ(total, 42);
}

TEST_F(Interfaces, J24_TheBaseInterfaceOfAProxyReachesTheSameObject) {
  const auto derived = counter_at_home<IScaledCounter>();
  const auto base = derived.as<ICounter>();
  LONG total = 0;
  EXPECT_EQ(derived->Add(6, &total), S_OK);
  EXPECT_EQ(base->Add(1, &total), S_OK);
  EXPECT_EQ(total, 7);
  EXPECT_EQ(base.as<IUnknown>(), derived.as<IUnknown>());
}

TEST_F(Interfaces, J29_ACallerThatWaitsServesCallsAndSends) {
  milestone called("a call into the waiting client");
  milestone sent("a send to the waiting client");
  milestone inside("the method at home");
  object->take = [&](IUnknown*, ICounter*, IScaledCounter*) {
    inside.pass();
    called.await();  // blocks its apartment
    sent.await();
    return S_OK;
  };
  std::thread third([&] {
    inside.await();
    client.get().invoke([&] { called.pass(); });
    client.get().send([&] { sent.pass(); });
  });

  EXPECT_EQ(proxy->Take(nullptr, nullptr, nullptr), S_OK);
  EXPECT_TRUE(called.passed());
  EXPECT_TRUE(sent.passed());
  third.join();
}

TEST_F(Interfaces, J29_ACallOfManyBytesDoesNotKeepItsCallerFromServing) {
  milestone called("a call into the waiting client");
  milestone inside("the method at home");
  const std::string text(4 << 20, 'x');
  const auto name = counter_at_home<INamed>();
  home.invoke([&] {
    log.on_call = [&] {
      inside.pass();
      called.await();
    };
  });
  std::thread third([&] {
    inside.await();
    client.get().invoke([&] { called.pass(); });
  });

  ULONG length = 0;
  EXPECT_EQ(name->Length(text.c_str(), &length), S_OK);
  EXPECT_EQ(length, text.size());
  third.join();
}

}  // namespace
}  // namespace insula::test
