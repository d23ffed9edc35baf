// SPDX-License-Identifier: MIT
//
// Interface pointers in every direction. Both sides are in one exporter: what arrives is the object
// itself, so that its references can be counted.
#include "loopback.hpp"

#include <map>
#include <optional>
#include <vector>

namespace insula::test {
namespace {

struct IToken : IUnknown {
  virtual std::int32_t number() = 0;
};
INSULA_INTERFACE(IToken, IUnknown, "7b1f7a40-2d1d-4d8e-9c55-3a1c40c6b004", (number));

struct IUnmarshalable : IUnknown {
  virtual HRESULT Touch() = 0;
};
INSULA_IID(IUnmarshalable, IUnknown, "7b1f7a40-2d1d-4d8e-9c55-3a1c40c6b005")

struct holder {
  IToken* token = nullptr;
};

struct IPointers : IUnknown {
  virtual HRESULT In(IToken* a, IUnknown* b, IToken* null) = 0;
  virtual HRESULT Out(IToken** a, IUnknown** b) = 0;
  virtual HRESULT Exchange(IToken** token) = 0;
  virtual HRESULT MayBeNull(IToken** token) = 0;
  virtual HRESULT Query(REFIID iid, void** out) = 0;
  virtual HRESULT Keep(const GUID* iid, IUnknown* object) = 0;
  virtual HRESULT Next(std::uint32_t count, IToken** tokens, std::uint32_t* fetched) = 0;
  virtual HRESULT Structs(const holder& in, holder& both, holder* out) = 0;
  virtual com_ptr<IToken> pass(com_ptr<IToken> a, const com_ptr<IToken>& b) = 0;
  virtual std::int32_t deep(const std::map<int, std::vector<com_ptr<IToken>>>& tokens,
                            std::optional<com_ptr<IToken>>& last) = 0;
  virtual HRESULT CannotGo(IUnmarshalable* object, IToken** out) = 0;
};
INSULA_INTERFACE(
    IPointers, IUnknown, "7b1f7a40-2d1d-4d8e-9c55-3a1c40c6b006", (In), (Out),
    (Exchange, in_out("token")), (MayBeNull, out("token", unique)),
    (Query, in("iid"), out("out", iid_is("iid"))), (Keep, in("iid"), in("object", iid_is("iid"))),
    (Next, in("count"), out("tokens", size_is("count"), length_is("fetched")), out("fetched")),
    (Structs, in, in_out, out), (pass), (deep), (CannotGo));

class token final : public implements<token, IToken, IUnmarshalable> {
 public:
  explicit token(std::int32_t number) : number_(number) {}
  std::int32_t number() override { return number_; }
  HRESULT Touch() override { return S_OK; }
  IToken* as_token() { return this; }

 private:
  std::int32_t number_;
};

class pointers final : public implements<pointers, IPointers> {
 public:
  HRESULT In(IToken* a, IUnknown* b, IToken* null) override {
    if (null != nullptr) return E_FAIL;
    seen = a->number();
    kept.copy_from(static_cast<IToken*>(a));
    other.copy_from(b);
    return S_OK;
  }
  HRESULT Out(IToken** a, IUnknown** b) override {
    if (*a != nullptr || *b != nullptr) return E_UNEXPECTED;
    kept.copy_to(a);
    if (fails) return E_FAIL;
    return S_OK;
  }
  HRESULT Exchange(IToken** one) override {
    if (*one != nullptr) (*one)->Release();
    *one = nullptr;
    kept.copy_to(one);
    return S_OK;
  }
  HRESULT MayBeNull(IToken** out) override {
    if (out == nullptr) return S_FALSE;
    kept.copy_to(out);
    return S_OK;
  }
  HRESULT Query(REFIID iid, void** out) override {
    return kept->QueryInterface(iid, out);
  }
  HRESULT Keep(const GUID* iid, IUnknown* object) override {
    if (*iid != iid_of<IToken>()) return E_FAIL;
    kept.copy_from(static_cast<IToken*>(object));
    return S_OK;
  }
  HRESULT Next(std::uint32_t count, IToken** tokens, std::uint32_t* fetched) override {
    *fetched = count - 1;
    for (std::uint32_t i = 0; i + 1 < count; ++i) kept.copy_to(&tokens[i]);
    return S_FALSE;
  }
  HRESULT Structs(const holder& in, holder& both, holder* out) override {
    out->token = both.token;
    both.token = in.token;
    if (both.token != nullptr) both.token->AddRef();
    return S_OK;
  }
  com_ptr<IToken> pass(com_ptr<IToken> a, const com_ptr<IToken>& b) override {
    return a ? a : b;
  }
  std::int32_t deep(const std::map<int, std::vector<com_ptr<IToken>>>& tokens,
                    std::optional<com_ptr<IToken>>& last) override {
    std::int32_t sum = 0;
    for (const auto& [key, list] : tokens)
      for (const auto& one : list) {
        sum += key * one->number();
        last = one;
      }
    return sum;
  }
  HRESULT CannotGo(IUnmarshalable*, IToken**) override { return S_OK; }

  std::int32_t seen = 0;
  bool fails = false;
  com_ptr<IToken> kept;
  com_ptr<IUnknown> other;
};

class ParameterInterface : public loopback_test {
 protected:
  com_ptr<pointers> object_ = make<pointers>();
  com_ptr<token> token_ = make<token>(42);
  IPointers* server() { return object_.get(); }
  IToken* mine() { return token_->as_token(); }
};

TEST_F(ParameterInterface, InPointersCanBeUsedAndKept) {
  loopback<IPointers> there(server());
  EXPECT_EQ(count_of(mine()), 1u);

  EXPECT_EQ(there->In(mine(), mine(), nullptr), S_OK);

  EXPECT_EQ(object_->seen, 42);
  EXPECT_EQ(count_of(mine()), 3u);
  object_->kept.reset();
  object_->other.reset();
  EXPECT_EQ(count_of(mine()), 1u);
}

TEST_F(ParameterInterface, WhatAnOutPointerHoldsBeforeIsNeverLookedAt) {
  loopback<IPointers> there(server());
  object_->kept.copy_from(mine());
  auto* garbage = reinterpret_cast<IToken*>(0x10);
  IToken* a = garbage;
  IUnknown* b = reinterpret_cast<IUnknown*>(0x10);

  EXPECT_EQ(there->Out(&a, &b), S_OK);

  EXPECT_EQ(a, mine());
  EXPECT_EQ(b, nullptr);
  EXPECT_EQ(count_of(mine()), 3u);
  a->Release();
}

TEST_F(ParameterInterface, OutPointersOfAFailedMethodComeBackToo) {
  loopback<IPointers> there(server());
  object_->kept.copy_from(mine());
  object_->fails = true;
  com_ptr<IToken> a;
  com_ptr<IUnknown> b;

  EXPECT_EQ(there->Out(a.put(), b.put()), E_FAIL);

  EXPECT_EQ(a.get(), mine());
}

TEST_F(ParameterInterface, AReplacedInOutPointerIsReleasedOnce) {
  loopback<IPointers> there(server());
  const auto other = make<token>(7);
  object_->kept.copy_from(other->as_token());
  com_ptr<IToken> mutable_pointer(mine());
  IToken* pointer = mutable_pointer.detach();
  EXPECT_EQ(count_of(mine()), 2u);

  EXPECT_EQ(there->Exchange(&pointer), S_OK);

  EXPECT_EQ(pointer, other->as_token());
  EXPECT_EQ(count_of(mine()), 1u);
  EXPECT_EQ(count_of(other->as_token()), 3u);
  pointer->Release();
}

TEST_F(ParameterInterface, AnInOutPointerThatStaysKeepsItsCount) {
  loopback<IPointers> there(server());
  object_->kept.copy_from(mine());
  IToken* pointer = mine();
  pointer->AddRef();
  EXPECT_EQ(count_of(mine()), 3u);

  EXPECT_EQ(there->Exchange(&pointer), S_OK);

  EXPECT_EQ(pointer, mine());
  EXPECT_EQ(count_of(mine()), 3u);
  pointer->Release();
}

TEST_F(ParameterInterface, AnInOutPointerMayBecomeNullAndBack) {
  loopback<IPointers> there(server());
  IToken* pointer = mine();
  pointer->AddRef();

  EXPECT_EQ(there->Exchange(&pointer), S_OK);
  EXPECT_EQ(pointer, nullptr);
  EXPECT_EQ(count_of(mine()), 1u);

  object_->kept.copy_from(mine());
  EXPECT_EQ(there->Exchange(&pointer), S_OK);
  EXPECT_EQ(pointer, mine());
  pointer->Release();
}

TEST_F(ParameterInterface, ANullOutPointerIsRefusedUnlessItIsUnique) {
  loopback<IPointers> there(server());
  com_ptr<IUnknown> b;

  EXPECT_EQ(there->Out(nullptr, b.put()), HRESULT_RPC_X_NULL_REF_POINTER);
  EXPECT_EQ(there->MayBeNull(nullptr), S_FALSE);
}

TEST_F(ParameterInterface, AVoidPointerIsOfTheInterfaceThatTheIdNames) {
  loopback<IPointers> there(server());
  object_->kept.copy_from(mine());
  com_ptr<IToken> out;
  void* lost = &out;

  EXPECT_EQ(there->Query(iid_of<IToken>(), out.put_void()), S_OK);
  EXPECT_EQ(out.get(), mine());
  EXPECT_EQ(there->Query(iid_of<IPointers>(), &lost), E_NOINTERFACE);
  EXPECT_EQ(lost, nullptr);
}

TEST_F(ParameterInterface, AnInPointerIsOfTheInterfaceThatTheIdNames) {
  loopback<IPointers> there(server());
  const GUID iid = iid_of<IToken>();

  EXPECT_EQ(there->Keep(&iid, mine()), S_OK);

  EXPECT_EQ(object_->kept.get(), mine());
}

TEST_F(ParameterInterface, ArraysOfPointersComeBackUpToTheirLength) {
  loopback<IPointers> there(server());
  object_->kept.copy_from(mine());
  auto* untouched = reinterpret_cast<IToken*>(0x10);
  IToken* tokens[3] = {untouched, untouched, untouched};
  std::uint32_t fetched = 0;

  EXPECT_EQ(there->Next(3, tokens, &fetched), S_FALSE);

  EXPECT_EQ(fetched, 2u);
  EXPECT_EQ(tokens[1], mine());
  EXPECT_EQ(count_of(mine()), 4u);
  tokens[0]->Release();
  tokens[1]->Release();
}

TEST_F(ParameterInterface, PointersInsideStructsFollowTheSameRules) {
  loopback<IPointers> there(server());
  const auto other = make<token>(7);
  const holder in{mine()};
  holder both{other->as_token()};
  both.token->AddRef();
  holder out;

  EXPECT_EQ(there->Structs(in, both, &out), S_OK);

  EXPECT_EQ(both.token, mine());
  EXPECT_EQ(out.token, other->as_token());
  EXPECT_EQ(count_of(mine()), 2u);
  EXPECT_EQ(count_of(other->as_token()), 2u);
  both.token->Release();
  out.token->Release();
}

TEST_F(ParameterInterface, SmartPointersTravelByValueAndAsResults) {
  loopback<IPointers> there(server());
  const com_ptr<IToken> first(mine());

  EXPECT_EQ(there->pass(first, nullptr), first);
  EXPECT_EQ(there->pass(nullptr, first), first);
  EXPECT_EQ(there->pass(nullptr, nullptr), nullptr);

  EXPECT_EQ(count_of(mine()), 2u);
}

TEST_F(ParameterInterface, SmartPointersTravelAtAnyDepth) {
  loopback<IPointers> there(server());
  const com_ptr<IToken> one(mine());
  std::optional<com_ptr<IToken>> last;

  EXPECT_EQ(there->deep({{1, {one, one}}, {2, {one}}, {3, {}}}, last), 168);

  EXPECT_EQ(*last, one);
  last.reset();
  EXPECT_EQ(count_of(mine()), 2u);
}

TEST_F(ParameterInterface, APointerThatNobodyCanMarshalIsNamedInTheError) {
  loopback<IPointers> there(server());
  auto* out = reinterpret_cast<IToken*>(0x10);

  EXPECT_EQ(there->CannotGo(token_.get(), &out), RPC_E_CLIENT_CANTMARSHAL_DATA);

  EXPECT_EQ(out, nullptr);
  EXPECT_EQ(there.channel->served, 0);
  EXPECT_NE(why().find("IPointers::CannotGo: parameter 1 could not be written"), std::string::npos)
      << why();
  EXPECT_NE(why().find("no proxy and stub are known"), std::string::npos) << why();
}

TEST_F(ParameterInterface, PointersOfARequestThatIsNotReadAreGivenBack) {
  loopback<IPointers> there(server());
  there.channel->on_request = [](RPCOLEMESSAGE& request) { request.cbBuffer -= 8; };

  EXPECT_EQ(there->In(mine(), mine(), nullptr), RPC_E_SERVER_CANTUNMARSHAL_DATA);

  EXPECT_EQ(object_->seen, 0);
  EXPECT_EQ(count_of(mine()), 1u);
}

TEST_F(ParameterInterface, PointersOfAReplyThatIsNotReadAreGivenBack) {
  loopback<IPointers> there(server());
  object_->kept.copy_from(mine());
  there.channel->on_reply = [](RPCOLEMESSAGE& reply) { reply.cbBuffer -= 1; };
  auto* a = reinterpret_cast<IToken*>(0x10);
  auto* b = reinterpret_cast<IUnknown*>(0x10);

  EXPECT_EQ(there->Out(&a, &b), RPC_E_CLIENT_CANTUNMARSHAL_DATA);

  EXPECT_EQ(a, nullptr);
  EXPECT_EQ(b, nullptr);
  EXPECT_EQ(count_of(mine()), 2u);
}

TEST_F(ParameterInterface, PointersOfARequestThatIsNotSentAreGivenBack) {
  loopback<IPointers> there(server());
  there.channel->fail_send = RPC_E_DISCONNECTED;

  EXPECT_EQ(there->In(mine(), mine(), nullptr), RPC_E_DISCONNECTED);

  EXPECT_EQ(count_of(mine()), 1u);
}

}  // namespace
}  // namespace insula::test
