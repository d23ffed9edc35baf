// SPDX-License-Identifier: MIT
//
// Structs whose raw pointers are described: arrays that another field sizes, and single elements.
#include "loopback.hpp"

#include "wire_bytes.hpp"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <string>
#include <vector>

namespace insula::test {
namespace {

struct block {
  std::uint32_t count = 0;
  float* samples = nullptr;
};
INSULA_FIELDS(block, (count), (samples, size_is("count")));

struct pyramid {
  pyramid* parts = nullptr;
  std::int64_t name = 0;
  std::int16_t count = 0;
};
INSULA_FIELDS(pyramid, (parts, size_is(3)));

struct sample_set {
  const char* title = nullptr;
  const std::uint16_t* words = nullptr;
  std::uint8_t word_count = 0;
  char* characters = nullptr;
  std::uint64_t character_count = 0;
  IUnknown** objects = nullptr;
  std::int8_t object_count = 0;
  bool last = false;
};
INSULA_FIELDS(sample_set, (words, size_is("word_count")), (word_count),
              (characters, size_is("character_count")), (character_count),
              (objects, size_is("object_count")), (object_count), (title));

struct kinds {
  std::int32_t* maybe = nullptr;
  std::int32_t* always = nullptr;
  kinds* shared = nullptr;
  kinds* again = nullptr;
  one<std::int32_t> spelled{};
};
INSULA_FIELDS(kinds, (maybe, unique), (always, ref), (shared, full), (again, full));

static_assert(marshalable<block> && marshalable<pyramid> && marshalable<sample_set>);
static_assert(ndr_codec<block>::has_deferred && !ndr_codec<block>::blittable);

struct ISamples : IUnknown {
  virtual HRESULT Sum(const block& in, double* sum) = 0;
  virtual HRESULT Make(std::uint32_t count, block* out) = 0;
  virtual HRESULT Resize(std::uint32_t count, block& both) = 0;
  virtual HRESULT Grow(pyramid& both) = 0;
  virtual HRESULT Echo(const sample_set& in, sample_set* out) = 0;
  virtual HRESULT Twist(const kinds& in, bool* same) = 0;
  virtual std::vector<block> all(const std::vector<block>& in) = 0;
};
INSULA_INTERFACE(ISamples, IUnknown, "7b1f7a40-2d1d-4d8e-9c55-3a1c40c6b0b1", (Sum, in, out("sum")),
                 (Make, in("count"), out("out")), (Resize, in("count"), in_out("both")), (Grow),
                 (Echo, in, out("out")), (Twist, in, out("same")), (all));

template <class T>
T* task_copy(const T* from, std::size_t count) {
  if (from == nullptr) return nullptr;
  T* made = static_cast<T*>(CoTaskMemAlloc(count * sizeof(T)));
  std::copy_n(from, count, made);
  return made;
}

block task_block(std::uint32_t count, float first) {
  block made{count, static_cast<float*>(CoTaskMemAlloc(count * sizeof(float)))};
  std::iota(made.samples, made.samples + count, first);
  return made;
}

class samples final : public implements<samples, ISamples> {
 public:
  HRESULT Sum(const block& in, double* sum) override {
    ++entered;
    *sum = std::accumulate(in.samples, in.samples + in.count, 0.0);
    return S_OK;
  }
  HRESULT Make(std::uint32_t count, block* out) override {
    *out = task_block(count, 1);
    return S_OK;
  }
  HRESULT Resize(std::uint32_t count, block& both) override {
    block fresh = task_block(count, both.count == 0 ? 0 : both.samples[0] + 100);
    CoTaskMemFree(both.samples);
    both = fresh;
    return S_OK;
  }
  HRESULT Grow(pyramid& both) override {
    pyramid* parts = static_cast<pyramid*>(CoTaskMemAlloc(2 * sizeof(pyramid)));
    parts[0] = both;
    parts[1] = {nullptr, both.name + 1, 0};
    both = {parts, both.name - 1, 2};
    return S_OK;
  }
  HRESULT Echo(const sample_set& in, sample_set* out) override {
    *out = in;
    out->title = nullptr;
    out->words = task_copy(in.words, in.word_count);
    out->characters = task_copy(in.characters, in.character_count);
    out->objects = task_copy(in.objects, static_cast<std::size_t>(in.object_count));
    for (int i = 0; i < in.object_count; ++i)
      if (in.objects[i] != nullptr) in.objects[i]->AddRef();
    return lie ? (out->object_count = -1, S_OK) : S_OK;
  }
  HRESULT Twist(const kinds& in, bool* same) override {
    *same = in.shared == in.again && in.shared->shared == in.shared && in.maybe == nullptr &&
            *in.always == 5 && *in.spelled == 6;
    return S_OK;
  }
  std::vector<block> all(const std::vector<block>& in) override {
    std::vector<block> result;
    for (const block& one : in) result.push_back({one.count, task_copy(one.samples, one.count)});
    return result;
  }

  int entered = 0;
  bool lie = false;
};

class StructFields : public loopback_test {
 protected:
  com_ptr<samples> object_ = make<samples>();
  loopback<ISamples> there_{static_cast<ISamples*>(object_.get())};
  float floats_[4] = {1, 2, 3, 4};
};

TEST_F(StructFields, AnArrayThatAFieldSizesIsAPointerToAConformantArray) {
  const block value{2, floats_};

  EXPECT_EQ(to_wire(value), wire_bytes().u32(2).u32(0x20000)
                                .u32(2).u32(0x3F800000).u32(0x40000000).bytes);
  EXPECT_EQ(to_wire(block{}), wire_bytes().u32(0).u32(0).bytes);
}

TEST_F(StructFields, AllElementsArrive) {
  double sum = 0;

  EXPECT_EQ(there_->Sum({4, floats_}, &sum), S_OK);
  EXPECT_EQ(sum, 10);
  EXPECT_EQ(there_->Sum({2, floats_}, &sum), S_OK);
  EXPECT_EQ(sum, 3);
  EXPECT_EQ(there_->Sum({0, nullptr}, &sum), S_OK);
  EXPECT_EQ(there_->Sum({0, floats_}, &sum), S_OK);
  EXPECT_EQ(sum, 0);
}

TEST_F(StructFields, AMessageInTheOtherByteOrderIsRead) {
  const auto bytes = wire_bytes(big).u32(1).u32(7).u32(1).u32(0x3F800000).bytes;
  message incoming(bytes);
  ndr_reader reader(incoming.span(), big, reader_memory::call);
  block value;

  ndr_codec<block>::read(reader, value);
  ndr_codec<block>::read_deferred(reader, value);

  ASSERT_EQ(value.count, 1u);
  EXPECT_EQ(value.samples[0], 1);
}

TEST_F(StructFields, WhatACalleeMakesIsTheCallers) {
  block made;

  EXPECT_EQ(there_->Make(3, &made), S_OK);

  ASSERT_EQ(made.count, 3u);
  EXPECT_EQ(made.samples[2], 3);
  CoTaskMemFree(made.samples);
}

TEST_F(StructFields, AnArrayThatIsNotLongerComesBackWhereItWas) {
  block both{4, floats_};

  EXPECT_EQ(there_->Resize(4, both), S_OK);
  EXPECT_EQ(both.samples, floats_);
  EXPECT_EQ(floats_[3], 104);
  EXPECT_EQ(there_->Resize(2, both), S_OK);
  EXPECT_EQ(both.samples, floats_);

  EXPECT_EQ(both.count, 2u);
  EXPECT_EQ(floats_[1], 202);
  EXPECT_EQ(floats_[3], 104);
}

TEST_F(StructFields, ALongerArrayComesInNewTaskMemory) {
  block both = task_block(1, 5);

  EXPECT_EQ(there_->Resize(3, both), S_OK);

  ASSERT_EQ(both.count, 3u);
  EXPECT_EQ(both.samples[2], 107);
  CoTaskMemFree(both.samples);
}

TEST_F(StructFields, ArraysOfStructsWithArraysGoThereAndBack) {
  pyramid both{nullptr, 10, 0};

  EXPECT_EQ(there_->Grow(both), S_OK);
  EXPECT_EQ(there_->Grow(both), S_OK);

  ASSERT_EQ(both.count, 2);
  EXPECT_EQ(both.name, 8);
  ASSERT_EQ(both.parts[0].count, 2);
  EXPECT_EQ(both.parts[0].parts[1].name, 11);
  EXPECT_EQ(both.parts[1].name, 10);
  ndr_codec<pyramid>::free(both);
}

TEST_F(StructFields, ElementsMayBeCharactersConstOrInterfaces) {
  const std::uint16_t words[] = {1, 2, 3};
  char characters[] = {'n', 'o', ' ', 'e', 'n', 'd'};
  IUnknown* objects[] = {nullptr, object_.get()};
  const sample_set in{"title", words, 3, characters, 6, objects, 2, true};
  sample_set out;

  EXPECT_EQ(there_->Echo(in, &out), S_OK);

  EXPECT_TRUE(std::equal(words, words + 3, out.words));
  EXPECT_EQ(std::string(out.characters, 6), "no end");
  EXPECT_EQ(out.objects[0], nullptr);
  EXPECT_EQ(out.objects[1], object_.get());
  EXPECT_TRUE(out.last);
  ndr_codec<sample_set>::free(out);
}

TEST_F(StructFields, ContainersHoldThem) {
  const std::vector<block> result = there_->all({{4, floats_}, {}, {1, floats_ + 3}});

  ASSERT_EQ(result.size(), 3u);
  EXPECT_EQ(result[0].samples[3], 4);
  EXPECT_EQ(result[1].samples, nullptr);
  EXPECT_EQ(result[2].samples[0], 4);
  for (const block& one : result) CoTaskMemFree(one.samples);
}

TEST_F(StructFields, SingleElementsAreOfTheKindThatIsSaid) {
  std::int32_t five = 5;
  std::int32_t six = 6;
  kinds inner{nullptr, &five, nullptr, nullptr, {}};
  inner.shared = &inner;
  bool same = false;

  EXPECT_EQ(there_->Twist({nullptr, &five, &inner, &inner, &six}, &same), S_OK);
  EXPECT_TRUE(same);
  EXPECT_EQ(there_->Twist({nullptr, nullptr, &inner, &inner, &six}, &same),
            RPC_E_CLIENT_CANTMARSHAL_DATA);
}

TEST_F(StructFields, ACountWithoutElementsIsNeverSent) {
  double sum = 5;

  EXPECT_EQ(there_->Sum({1, nullptr}, &sum), RPC_E_CLIENT_CANTMARSHAL_DATA);
  EXPECT_NE(why().find("a count of elements comes without the elements"), std::string::npos);
  pyramid negative{nullptr, 0, -1};
  EXPECT_EQ(there_->Grow(negative), RPC_E_CLIENT_CANTMARSHAL_DATA);
  EXPECT_NE(why().find("a count of elements is negative"), std::string::npos);
}

TEST_F(StructFields, ANegativeCountOfACalleeIsNeverSent) {
  sample_set out;
  object_->lie = true;

  EXPECT_EQ(there_->Echo({}, &out), RPC_E_SERVER_CANTMARSHAL_DATA);
}

TEST_F(StructFields, AnObjectIsNeverEnteredWithAnotherCountThanItsArrayHas) {
  // count, referent, maximum count, elements.
  for (const std::uint32_t count : {0u, 1u, 3u, 1000u, 0x80000000u, 0xFFFFFFFFu})
    for (const std::size_t word : {0, 2}) {
      there_.channel->on_request = [=](RPCOLEMESSAGE& message) {
        std::memcpy(static_cast<std::byte*>(message.Buffer) + 4 * word, &count, sizeof count);
      };
      double sum = 0;
      EXPECT_EQ(there_->Sum({2, floats_}, &sum), RPC_E_SERVER_CANTUNMARSHAL_DATA)
          << count << " " << word;
    }
  there_.channel->on_request = [](RPCOLEMESSAGE& message) {
    std::memset(static_cast<std::byte*>(message.Buffer) + 4, 0, 4);  // null, and still two of them
  };
  double sum = 0;
  EXPECT_EQ(there_->Sum({2, floats_}, &sum), RPC_E_SERVER_CANTUNMARSHAL_DATA);
  EXPECT_EQ(object_->entered, 0);
}

TEST_F(StructFields, ACallerNeverGetsAnotherCountThanItsArrayHas) {
  for (const std::uint32_t count : {0u, 1u, 3u, 1000u, 0x80000000u, 0xFFFFFFFFu}) {
    there_.channel->on_reply = [=](RPCOLEMESSAGE& message) {
      std::memcpy(message.Buffer, &count, sizeof count);
    };
    block made{7, floats_};
    EXPECT_EQ(there_->Make(2, &made), RPC_E_CLIENT_CANTUNMARSHAL_DATA) << count;
    EXPECT_EQ(made.count, 0u);
    EXPECT_EQ(made.samples, nullptr);
    block both{4, floats_};
    EXPECT_EQ(there_->Resize(2, both), RPC_E_CLIENT_CANTUNMARSHAL_DATA) << count;
    EXPECT_EQ(both.count, 4u);
  }
}

TEST_F(StructFields, ArraysThatShareAndMeetAreFreedOnce) {
  pyramid* parts = static_cast<pyramid*>(CoTaskMemAlloc(2 * sizeof(pyramid)));
  parts[0] = {parts, 1, 2};
  parts[1] = {parts, 2, 2};
  pyramid top{parts, 3, 2};

  ndr_codec<pyramid>::free(top);

  EXPECT_EQ(top.parts, nullptr);
}

}  // namespace
}  // namespace insula::test
