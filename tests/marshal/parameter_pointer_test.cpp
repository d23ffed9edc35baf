// SPDX-License-Identifier: MIT
//
// Pointers to pointers, pointers inside structs, and containers, in every direction.
#include "loopback.hpp"

#include <chrono>
#include <cstring>
#include <map>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <tuple>
#include <unordered_map>
#include <variant>
#include <vector>

namespace insula::test {
namespace {

struct node {
  std::int32_t value = 0;
  node* next = nullptr;
};
INSULA_FIELDS(node, (next, one));

struct shared_pair {
  full_ptr<std::int32_t> a;
  full_ptr<std::int32_t> b;
};

struct record {
  std::string name;
  std::vector<std::optional<std::uint8_t>> bytes;
  std::map<std::u16string, std::variant<std::int32_t, std::string>> fields;
  std::chrono::system_clock::time_point when{};
  friend bool operator==(const record&, const record&) = default;
};

struct INested : IUnknown {
  virtual HRESULT OutPointer(std::int32_t** out) = 0;
  virtual HRESULT BothPointer(std::int32_t** both, std::int32_t what) = 0;
  virtual HRESULT ListIn(const node* list, std::int64_t* sum) = 0;
  virtual HRESULT ListOut(std::int32_t length, node* list) = 0;
  virtual HRESULT ListBoth(node& list) = 0;
  virtual HRESULT Aliased(const shared_pair& in, bool* same) = 0;
  virtual HRESULT ReferenceInside(ref_ptr<std::int32_t> in, std::int32_t* out) = 0;
  virtual HRESULT Records(const record& in, record& both, record* out) = 0;
  virtual std::unordered_map<std::string, std::vector<std::uint32_t>> index(
      std::vector<std::string> words) = 0;
  virtual std::tuple<bool, std::optional<std::string>> maybe(std::optional<std::string> text) = 0;
};
INSULA_INTERFACE(INested, IUnknown, "7b1f7a40-2d1d-4d8e-9c55-3a1c40c6b007",
                 (OutPointer, out("out")), (BothPointer, in_out("both"), in("what")),
                 (ListIn, in, out), (ListOut, in, out("list")), (ListBoth),
                 (Aliased, in, out("same")), (ReferenceInside, in, out), (Records, in, in_out, out),
                 (index), (maybe));

std::int32_t* task_int(std::int32_t value) {
  return new (CoTaskMemAlloc(sizeof(std::int32_t))) std::int32_t(value);
}

class nested final : public implements<nested, INested> {
 public:
  enum : std::int32_t { change, set_null, replace };

  HRESULT OutPointer(std::int32_t** out) override {
    if (*out != nullptr) return E_UNEXPECTED;
    *out = task_int(17);
    return S_OK;
  }
  HRESULT BothPointer(std::int32_t** both, std::int32_t what) override {
    if (what == change) **both += 1;
    if (what == set_null || what == replace) CoTaskMemFree(*both);
    if (what == set_null) *both = nullptr;
    if (what == replace) *both = task_int(99);
    return S_OK;
  }
  HRESULT ListIn(const node* list, std::int64_t* sum) override {
    for (; list != nullptr; list = list->next) *sum += list->value;
    return S_OK;
  }
  HRESULT ListOut(std::int32_t length, node* list) override {
    for (list->value = length; list->value > 1; list = list->next)
      list->next = new (CoTaskMemAlloc(sizeof(node))) node{list->value - 1, nullptr};
    return S_OK;
  }
  HRESULT ListBoth(node& list) override {
    for (node* one = &list; one != nullptr; one = one->next) one->value *= 2;
    return S_OK;
  }
  HRESULT Aliased(const shared_pair& in, bool* same) override {
    *same = in.a.pointee == in.b.pointee;
    return S_OK;
  }
  HRESULT ReferenceInside(ref_ptr<std::int32_t> in, std::int32_t* out) override {
    *out = *in;
    return S_OK;
  }
  HRESULT Records(const record& in, record& both, record* out) override {
    *out = both;
    both = in;
    return S_OK;
  }
  std::unordered_map<std::string, std::vector<std::uint32_t>> index(
      std::vector<std::string> words) override {
    std::unordered_map<std::string, std::vector<std::uint32_t>> result;
    for (std::uint32_t i = 0; i != words.size(); ++i) result[words[i]].push_back(i);
    return result;
  }
  std::tuple<bool, std::optional<std::string>> maybe(std::optional<std::string> text) override {
    return {text.has_value(), text};
  }
};

class ParameterPointer : public loopback_test {
 protected:
  com_ptr<nested> object_ = make<nested>();
  INested* server() { return object_.get(); }
};

TEST_F(ParameterPointer, AnOutPointerToAPointerComesInTaskMemory) {
  loopback<INested> there(server());
  std::int32_t before = 1;
  std::int32_t* out = &before;

  EXPECT_EQ(there->OutPointer(&out), S_OK);

  EXPECT_EQ(*out, 17);
  EXPECT_EQ(before, 1);
  CoTaskMemFree(out);
}

TEST_F(ParameterPointer, AnInOutPointerKeepsItsAddressAndGetsTheNewValueThere) {
  loopback<INested> there(server());
  std::int32_t value = 5;
  std::int32_t* both = &value;

  EXPECT_EQ(there->BothPointer(&both, nested::change), S_OK);

  EXPECT_EQ(both, &value);
  EXPECT_EQ(value, 6);
}

TEST_F(ParameterPointer, AnInOutPointerThatTheCalleeReplacedKeepsItsAddressToo) {
  loopback<INested> there(server());
  std::int32_t value = 5;
  std::int32_t* both = &value;

  EXPECT_EQ(there->BothPointer(&both, nested::replace), S_OK);

  EXPECT_EQ(both, &value);
  EXPECT_EQ(value, 99);
}

TEST_F(ParameterPointer, AnInOutPointerThatTheCalleeSetToNullIsNull) {
  loopback<INested> there(server());
  std::int32_t value = 5;
  std::int32_t* both = &value;

  EXPECT_EQ(there->BothPointer(&both, nested::set_null), S_OK);

  EXPECT_EQ(both, nullptr);
  EXPECT_EQ(value, 5);
}

TEST_F(ParameterPointer, ANullInOutPointerGetsTaskMemory) {
  loopback<INested> there(server());
  std::int32_t* both = nullptr;

  EXPECT_EQ(there->BothPointer(&both, nested::replace), S_OK);

  ASSERT_NE(both, nullptr);
  EXPECT_EQ(*both, 99);
  CoTaskMemFree(both);
}

TEST_F(ParameterPointer, ANullPointerToAPointerIsRefused) {
  loopback<INested> there(server());

  EXPECT_EQ(there->OutPointer(nullptr), HRESULT_RPC_X_NULL_REF_POINTER);
  EXPECT_EQ(there->BothPointer(nullptr, nested::change), HRESULT_RPC_X_NULL_REF_POINTER);
}

TEST_F(ParameterPointer, ListsGoInAndOut) {
  loopback<INested> there(server());
  node third{3, nullptr};
  node second{2, &third};
  const node first{1, &second};
  std::int64_t sum = 0;

  EXPECT_EQ(there->ListIn(&first, &sum), S_OK);
  EXPECT_EQ(sum, 6);

  node out{};
  EXPECT_EQ(there->ListOut(3, &out), S_OK);
  ASSERT_NE(out.next, nullptr);
  EXPECT_EQ(out.next->next->value, 1);
  CoTaskMemFree(out.next->next);
  CoTaskMemFree(out.next);
}

TEST_F(ParameterPointer, AnInOutListIsChangedWhereItLies) {
  loopback<INested> there(server());
  node second{2, nullptr};
  node first{1, &second};

  EXPECT_EQ(there->ListBoth(first), S_OK);

  EXPECT_EQ(first.value, 2);
  EXPECT_EQ(first.next, &second);
  EXPECT_EQ(second.value, 4);
}

TEST_F(ParameterPointer, ACycleOfPlainPointersIsRefusedByTheCaller) {
  loopback<INested> there(server());
  node one{1, nullptr};
  one.next = &one;
  std::int64_t sum = 7;

  EXPECT_EQ(there->ListIn(&one, &sum), RPC_E_CLIENT_CANTMARSHAL_DATA);

  EXPECT_EQ(sum, 0);
  EXPECT_EQ(there.channel->served, 0);
}

TEST_F(ParameterPointer, FullPointersInsideStructsKeepTheirAliases) {
  loopback<INested> there(server());
  std::int32_t one = 1;
  std::int32_t other = 1;
  bool same = false;

  EXPECT_EQ(there->Aliased({&one, &one}, &same), S_OK);
  EXPECT_TRUE(same);
  EXPECT_EQ(there->Aliased({&one, &other}, &same), S_OK);
  EXPECT_FALSE(same);
}

TEST_F(ParameterPointer, ANullReferencePointerInsideIsRefused) {
  loopback<INested> there(server());
  std::int32_t value = 3;
  std::int32_t out = 0;

  EXPECT_EQ(there->ReferenceInside(&value, &out), S_OK);
  EXPECT_EQ(out, 3);
  EXPECT_EQ(there->ReferenceInside(nullptr, &out), RPC_E_CLIENT_CANTMARSHAL_DATA);
  EXPECT_EQ(out, 0);
}

TEST_F(ParameterPointer, StructsOfContainersGoInEveryDirection) {
  loopback<INested> there(server());
  const auto noon = std::chrono::system_clock::time_point(std::chrono::hours(12));
  const record in{"in", {1, std::nullopt, 255}, {{u"n", 5}, {u"s", "five"}}, noon};
  const record was{"was", {}, {}, {}};
  record both = was;
  record out{"dropped", {9}, {{u"x", 1}}, noon};

  EXPECT_EQ(there->Records(in, both, &out), S_OK);

  EXPECT_EQ(both, in);
  EXPECT_EQ(out, was);
}

TEST_F(ParameterPointer, ContainersAreArgumentsAndResults) {
  loopback<INested> there(server());

  const auto found = there->index({"a", "b", "a", ""});

  EXPECT_EQ(found.size(), 3u);
  EXPECT_EQ(found.at("a"), (std::vector<std::uint32_t>{0, 2}));
  EXPECT_EQ(there->maybe("text"), std::tuple(true, std::optional<std::string>("text")));
  EXPECT_EQ(there->maybe(std::nullopt), std::tuple(false, std::optional<std::string>()));
}

TEST_F(ParameterPointer, TruncatedMessagesFailWithoutALeakAndWithoutAResult) {
  loopback<INested> there(server());
  node second{2, nullptr};
  std::size_t whole_request = 0;
  std::size_t whole_reply = 0;
  there.channel->on_request = [&](RPCOLEMESSAGE& m) { whole_request = m.cbBuffer; };
  there.channel->on_reply = [&](RPCOLEMESSAGE& m) { whole_reply = m.cbBuffer; };
  node out{};
  EXPECT_EQ(there->ListOut(2, &out), S_OK);
  CoTaskMemFree(out.next);

  for (ULONG size = 0; size != whole_request; ++size) {
    there.channel->on_request = [&](RPCOLEMESSAGE& m) { m.cbBuffer = size; };
    out.next = &second;
    EXPECT_EQ(there->ListOut(2, &out), RPC_E_SERVER_CANTUNMARSHAL_DATA);
    EXPECT_EQ(out.next, nullptr);
  }
  there.channel->on_request = nullptr;
  for (ULONG size = 0; size != whole_reply; ++size) {
    there.channel->on_reply = [&](RPCOLEMESSAGE& m) { m.cbBuffer = size; };
    out.next = &second;
    EXPECT_EQ(there->ListOut(2, &out), RPC_E_CLIENT_CANTUNMARSHAL_DATA);
    EXPECT_EQ(out.next, nullptr);
  }
}

}  // namespace
}  // namespace insula::test
