// SPDX-License-Identifier: MIT
//
// Arrays whose size another parameter says, spans and fixed arrays.
#include "loopback.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <numeric>
#include <span>
#include <string>
#include <vector>

namespace insula::test {
namespace {

struct entry {
  std::int32_t key = 0;
  std::int32_t* extra = nullptr;
};
INSULA_FIELDS(entry, (extra, one));

struct IArrays : IUnknown {
  virtual HRESULT Sum(std::uint32_t count, const std::int32_t* values, std::int64_t* sum) = 0;
  virtual HRESULT SumBefore(const std::int16_t* values, std::uint32_t count, std::int64_t* sum) = 0;
  virtual HRESULT Read(std::uint32_t capacity, std::byte* buffer, std::uint32_t* read) = 0;
  virtual HRESULT Reverse(std::uint32_t count, std::int32_t* values) = 0;
  virtual HRESULT Prefix(std::uint32_t size, const std::int32_t* values, std::uint32_t length,
                         std::int64_t* sum) = 0;
  virtual HRESULT MayBeNull(std::uint32_t count, const double* in, double* out) = 0;
  virtual HRESULT Words(std::uint32_t count, const char* const* words, std::uint32_t* letters) = 0;
  virtual HRESULT List(std::uint32_t* count, std::int32_t** items) = 0;
  virtual HRESULT Names(std::uint32_t* count, char*** names) = 0;
  virtual HRESULT Entries(std::uint32_t count, entry* entries) = 0;
  virtual HRESULT Strings(std::uint32_t count, std::string* strings) = 0;
  virtual HRESULT Fixed(const std::int32_t (&in)[3], std::array<double, 2>& both) = 0;
  virtual std::uint64_t total(std::span<const std::uint64_t> values) = 0;
  virtual bool lies_in_message(std::span<const std::byte> bytes, const std::uint64_t* more,
                               std::uint32_t count) = 0;
};
INSULA_INTERFACE(
    IArrays, IUnknown, "7b1f7a40-2d1d-4d8e-9c55-3a1c40c6b003",
    (Sum, in("count"), in("values", size_is("count")), out("sum")),
    (SumBefore, in("values", size_is("count")), in("count"), out("sum")),
    (Read, in("capacity"), out("buffer", size_is("capacity"), length_is("read")), out("read")),
    (Reverse, in("count"), in_out("values", size_is("count"))),
    (Prefix, in("size"), in("values", size_is("size"), length_is("length")), in("length"),
     out("sum")),
    (MayBeNull, in("count"), in("in", unique, size_is(1)), out("out", unique, size_is(1))),
    (Words, in("count"), in("words", size_is("count")), out("letters")),
    (List, out("count"), out("items", size_is("count"))),
    (Names, out("count"), out("names", size_is("count"))),
    (Entries, in("count"), in_out("entries", size_is("count"))),
    (Strings, in("count"), out("strings", size_is("count"))), (Fixed), (total),
    (lies_in_message, in, in("more", size_is("count")), in("count")));

class arrays final : public implements<arrays, IArrays> {
 public:
  HRESULT Sum(std::uint32_t count, const std::int32_t* values, std::int64_t* sum) override {
    *sum = std::accumulate(values, values + count, std::int64_t{0});
    return S_OK;
  }
  HRESULT SumBefore(const std::int16_t* values, std::uint32_t count, std::int64_t* sum) override {
    *sum = std::accumulate(values, values + count, std::int64_t{0});
    return S_OK;
  }
  HRESULT Read(std::uint32_t capacity, std::byte* buffer, std::uint32_t* read) override {
    for (std::uint32_t i = 0; i != capacity; ++i)
      if (buffer[i] != std::byte{0}) return E_UNEXPECTED;
    *read = overfill ? capacity + 1 : capacity / 2;
    std::memset(buffer, 7, capacity / 2);
    return S_OK;
  }
  HRESULT Reverse(std::uint32_t count, std::int32_t* values) override {
    std::reverse(values, values + count);
    return S_OK;
  }
  HRESULT Prefix(std::uint32_t size, const std::int32_t* values, std::uint32_t length,
                 std::int64_t* sum) override {
    *sum = std::accumulate(values, values + size, std::int64_t{0}) + length * 1000;
    return S_OK;
  }
  HRESULT MayBeNull(std::uint32_t count, const double* in, double* out) override {
    if (out != nullptr)
      for (std::uint32_t i = 0; i != count; ++i) out[i] = in == nullptr ? -1 : in[i];
    return in == nullptr ? S_FALSE : S_OK;
  }
  HRESULT Words(std::uint32_t count, const char* const* words, std::uint32_t* letters) override {
    for (std::uint32_t i = 0; i != count; ++i)
      if (words[i] != nullptr) *letters += static_cast<std::uint32_t>(std::strlen(words[i]));
    return S_OK;
  }
  HRESULT List(std::uint32_t* count, std::int32_t** items) override {
    if (overfill) {
      *count = 3;
      return S_OK;
    }
    *count = 3;
    *items = static_cast<std::int32_t*>(CoTaskMemAlloc(3 * sizeof(std::int32_t)));
    std::iota(*items, *items + 3, 10);
    return S_OK;
  }
  HRESULT Names(std::uint32_t* count, char*** names) override {
    *count = 2;
    *names = static_cast<char**>(CoTaskMemAlloc(2 * sizeof(char*)));
    for (int i = 0; i != 2; ++i) {
      (*names)[i] = static_cast<char*>(CoTaskMemAlloc(2));
      (*names)[i][0] = static_cast<char>('a' + i);
      (*names)[i][1] = '\0';
    }
    return S_OK;
  }
  HRESULT Entries(std::uint32_t count, entry* entries) override {
    for (std::uint32_t i = 0; i != count; ++i) {
      entries[i].key *= 10;
      if (entries[i].extra != nullptr) *entries[i].extra += 1;
      else entries[i].extra = new (CoTaskMemAlloc(sizeof(std::int32_t))) std::int32_t(5);
    }
    return S_OK;
  }
  HRESULT Strings(std::uint32_t count, std::string* strings) override {
    for (std::uint32_t i = 0; i != count; ++i) strings[i] = std::string(i * 20, 's');
    return S_OK;
  }
  HRESULT Fixed(const std::int32_t (&in)[3], std::array<double, 2>& both) override {
    both[0] += in[0] + in[2];
    both[1] = in[1];
    return S_OK;
  }
  std::uint64_t total(std::span<const std::uint64_t> values) override {
    return std::accumulate(values.begin(), values.end(), std::uint64_t{0});
  }
  bool lies_in_message(std::span<const std::byte> bytes, const std::uint64_t* more,
                       std::uint32_t count) override {
    const auto inside = [&](const void* at, std::size_t size) {
      const auto* first = static_cast<const std::byte*>(at);
      return first >= message.data() && first + size <= message.data() + message.size();
    };
    return inside(bytes.data(), bytes.size()) && inside(more, count * sizeof *more);
  }

  bool overfill = false;
  std::span<const std::byte> message;
};

class ParameterArray : public loopback_test {
 protected:
  com_ptr<arrays> object_ = make<arrays>();
  IArrays* server() { return object_.get(); }
};

TEST_F(ParameterArray, InArraysArriveWhereverTheirSizeStands) {
  loopback<IArrays> there(server());
  const std::int32_t values[] = {1, -2, 300};
  const std::int16_t small[] = {5, 6};
  std::int64_t sum = 0;

  EXPECT_EQ(there->Sum(3, values, &sum), S_OK);
  EXPECT_EQ(sum, 299);
  EXPECT_EQ(there->SumBefore(small, 2, &sum), S_OK);
  EXPECT_EQ(sum, 11);
}

TEST_F(ParameterArray, NoElementsAtANullPointerAreFine) {
  loopback<IArrays> there(server());
  std::int64_t sum = 1;

  EXPECT_EQ(there->Sum(0, nullptr, &sum), S_OK);
  EXPECT_EQ(sum, 0);
  EXPECT_EQ(there->Sum(1, nullptr, &sum), HRESULT_RPC_X_NULL_REF_POINTER);
}

TEST_F(ParameterArray, OutArraysComeBackUpToTheirLength) {
  loopback<IArrays> there(server());
  std::byte buffer[6];
  std::memset(buffer, 9, sizeof buffer);
  std::uint32_t read = 0;

  EXPECT_EQ(there->Read(6, buffer, &read), S_OK);

  EXPECT_EQ(read, 3u);
  EXPECT_EQ(buffer[2], std::byte{7});
  EXPECT_EQ(buffer[3], std::byte{9});
}

TEST_F(ParameterArray, ALengthBeyondTheSizeIsNeverSent) {
  loopback<IArrays> there(server());
  object_->overfill = true;
  std::byte buffer[6];
  std::uint32_t read = 5;

  EXPECT_EQ(there->Read(6, buffer, &read), RPC_E_SERVER_CANTMARSHAL_DATA);

  EXPECT_EQ(read, 0u);
  EXPECT_NE(why().find("IArrays::Read: parameter 2 (buffer)"), std::string::npos) << why();
}

TEST_F(ParameterArray, InOutArraysComeBackChanged) {
  loopback<IArrays> there(server());
  std::int32_t values[] = {1, 2, 3};

  EXPECT_EQ(there->Reverse(3, values), S_OK);

  EXPECT_TRUE(std::ranges::equal(values, std::array{3, 2, 1}));
}

TEST_F(ParameterArray, WhatDoesNotTravelOfAnInArrayIsZero) {
  loopback<IArrays> there(server());
  const std::int32_t values[] = {1, 2, 3, 4};
  std::int64_t sum = 0;

  EXPECT_EQ(there->Prefix(4, values, 2, &sum), S_OK);

  EXPECT_EQ(sum, 2003);
  EXPECT_EQ(there->Prefix(4, values, 5, &sum), RPC_E_CLIENT_CANTMARSHAL_DATA);
}

TEST_F(ParameterArray, UniqueArraysMayBeNull) {
  loopback<IArrays> there(server());
  const double in[] = {1, 2};
  double out[] = {0, 0};

  EXPECT_EQ(there->MayBeNull(2, nullptr, nullptr), S_FALSE);
  EXPECT_EQ(there->MayBeNull(2, in, nullptr), S_OK);
  EXPECT_EQ(there->MayBeNull(2, nullptr, out), S_FALSE);
  EXPECT_EQ(out[1], -1);
  EXPECT_EQ(there->MayBeNull(2, in, out), S_OK);
  EXPECT_EQ(out[1], 2);
}

TEST_F(ParameterArray, ArraysOfTextArriveWithNullsAmongThem) {
  loopback<IArrays> there(server());
  const char* const words[] = {"one", nullptr, "three"};
  std::uint32_t letters = 0;

  EXPECT_EQ(there->Words(3, words, &letters), S_OK);

  EXPECT_EQ(letters, 8u);
}

TEST_F(ParameterArray, AnArrayThatTheCalleeAllocatesIsTheCallers) {
  loopback<IArrays> there(server());
  std::uint32_t count = 0;
  std::int32_t* items = nullptr;

  EXPECT_EQ(there->List(&count, &items), S_OK);

  ASSERT_EQ(count, 3u);
  EXPECT_EQ(items[2], 12);
  CoTaskMemFree(items);
}

TEST_F(ParameterArray, AnArrayOfTextThatTheCalleeAllocatesIsTheCallers) {
  loopback<IArrays> there(server());
  std::uint32_t count = 0;
  char** names = nullptr;

  EXPECT_EQ(there->Names(&count, &names), S_OK);

  ASSERT_EQ(count, 2u);
  EXPECT_STREQ(names[1], "b");
  for (std::uint32_t i = 0; i != count; ++i) CoTaskMemFree(names[i]);
  CoTaskMemFree(names);
}

TEST_F(ParameterArray, ACountWithoutElementsIsNeverSent) {
  loopback<IArrays> there(server());
  object_->overfill = true;
  std::uint32_t count = 1;
  std::int32_t* items = nullptr;

  EXPECT_EQ(there->List(&count, &items), RPC_E_SERVER_CANTMARSHAL_DATA);

  EXPECT_EQ(count, 0u);
}

TEST_F(ParameterArray, PointersInsideInOutElementsKeepTheirAddress) {
  loopback<IArrays> there(server());
  std::int32_t mine = 1;
  entry entries[] = {{1, &mine}, {2, nullptr}};

  EXPECT_EQ(there->Entries(2, entries), S_OK);

  EXPECT_EQ(entries[0].key, 10);
  EXPECT_EQ(entries[0].extra, &mine);
  EXPECT_EQ(mine, 2);
  ASSERT_NE(entries[1].extra, nullptr);
  EXPECT_EQ(*entries[1].extra, 5);
  CoTaskMemFree(entries[1].extra);
}

TEST_F(ParameterArray, ArraysOfStringsComeBack) {
  loopback<IArrays> there(server());
  std::string strings[3] = {"x", "y", "z"};

  EXPECT_EQ(there->Strings(3, strings), S_OK);

  EXPECT_EQ(strings[0], "");
  EXPECT_EQ(strings[2], std::string(40, 's'));
}

TEST_F(ParameterArray, FixedArraysTravelAsValues) {
  loopback<IArrays> there(server());
  const std::int32_t in[3] = {1, 2, 3};
  std::array<double, 2> both{10, 20};

  EXPECT_EQ(there->Fixed(in, both), S_OK);

  EXPECT_EQ(both, (std::array<double, 2>{14, 2}));
}

TEST_F(ParameterArray, SpansArrive) {
  loopback<IArrays> there(server());
  const std::vector<std::uint64_t> values{1, 2, ~std::uint64_t{0}};

  EXPECT_EQ(there->total(values), 2u);
  EXPECT_EQ(there->total({}), 0u);
}

TEST_F(ParameterArray, InArraysAreReadInTheMessageItself) {
  loopback<IArrays> there(server());
  const std::vector<std::byte> bytes(100);
  const std::vector<std::uint64_t> more(100);
  there.channel->on_request = [&](RPCOLEMESSAGE& request) {
    object_->message = {static_cast<const std::byte*>(request.Buffer), request.cbBuffer};
  };

  EXPECT_TRUE(there->lies_in_message(bytes, more.data(), 100));
}

TEST_F(ParameterArray, ACountThatDoesNotMatchTheArrayIsRefused) {
  loopback<IArrays> there(server());
  there.channel->on_request = [](RPCOLEMESSAGE& request) {
    std::uint32_t more = 1000;
    std::memcpy(request.Buffer, &more, sizeof more);  // the parameter, not the array's own count
  };
  const std::int32_t values[] = {1, 2, 3};
  std::int64_t sum = 5;

  EXPECT_EQ(there->Sum(3, values, &sum), RPC_E_SERVER_CANTUNMARSHAL_DATA);

  EXPECT_EQ(sum, 0);
}

TEST_F(ParameterArray, ACountThatNoMessageCanHoldIsRefusedAndLeavesTheBufferAlone) {
  loopback<IArrays> there(server());
  std::byte buffer[2] = {std::byte{1}, std::byte{2}};
  std::uint32_t read = 9;

  EXPECT_EQ(there->Read(0xFFFFFFFF, buffer, &read), RPC_E_SERVER_CANTUNMARSHAL_DATA);

  EXPECT_EQ(buffer[1], std::byte{2});
  EXPECT_EQ(read, 0u);
  const std::int32_t one = 1;
  std::int64_t sum = 9;
  EXPECT_EQ(there->Sum(0xFFFFFFFF, &one, &sum), RPC_E_CLIENT_CANTMARSHAL_DATA);
  EXPECT_EQ(sum, 0);
}

TEST_F(ParameterArray, AConformantArrayIsItsCountThenItsElements) {
  loopback<IArrays> there(server());
  const std::int32_t values[] = {7, 8};
  std::int64_t sum = 0;
  std::vector<std::uint32_t> words;
  there.channel->on_request = [&](RPCOLEMESSAGE& request) {
    words.resize(request.cbBuffer / 4);
    std::memcpy(words.data(), request.Buffer, request.cbBuffer);
  };

  EXPECT_EQ(there->Sum(2, values, &sum), S_OK);
  EXPECT_EQ(words, (std::vector<std::uint32_t>{2, 2, 7, 8}));
  EXPECT_EQ(there->Prefix(2, values, 1, &sum), S_OK);
  EXPECT_EQ(words, (std::vector<std::uint32_t>{2, 2, 0, 1, 7, 1}));
}

}  // namespace
}  // namespace insula::test
