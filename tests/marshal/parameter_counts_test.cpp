// SPDX-License-Identifier: MIT
//
// Counts that a message got wrong: the object is entered with as much room as its counts say, or
// not at all, and a caller is never told of more elements than it has.
#include "loopback.hpp"

#include <insula/marshal/call_request.hpp>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <limits>
#include <string>

namespace insula::test {
namespace {

struct chain {
  std::int32_t value = 0;
  full_ptr<chain> next;
};

struct ICounts : IUnknown {
  virtual HRESULT Text(char* p, std::int64_t n) = 0;
  virtual HRESULT WideText(char16_t* p, const std::int64_t& n) = 0;
  virtual HRESULT BothText(std::uint64_t n, char* p) = 0;
  virtual HRESULT InText(std::uint64_t n, const char* p, std::uint64_t* length) = 0;
  virtual HRESULT I8(std::int32_t* p, std::int8_t n) = 0;
  virtual HRESULT U8(std::int32_t* p, std::uint8_t n) = 0;
  virtual HRESULT I16(std::int32_t* p, std::int16_t n) = 0;
  virtual HRESULT U16(std::int32_t* p, std::uint16_t n) = 0;
  virtual HRESULT I32(std::int32_t* p, const std::int32_t* n) = 0;
  virtual HRESULT U32(std::int32_t* p, std::uint32_t& n) = 0;
  virtual HRESULT I64(std::int32_t* p, std::int64_t n) = 0;
  virtual HRESULT U64(std::int32_t* p, const std::uint64_t* n) = 0;
  virtual HRESULT InPart(std::uint32_t size, const std::int32_t* p, std::int32_t length) = 0;
  virtual HRESULT BothPart(std::uint32_t size, std::int32_t* p, std::int32_t length) = 0;
  virtual HRESULT OutPart(std::uint32_t size, std::int32_t* p, std::int32_t length) = 0;
  virtual HRESULT Told(std::uint32_t size, std::int32_t* p, std::uint32_t* length) = 0;
  virtual HRESULT ToldBack(std::uint32_t size, std::int32_t* p, std::uint32_t* length) = 0;
  virtual HRESULT ToldByReference(std::uint32_t size, std::int32_t* p, std::int16_t& length) = 0;
  virtual HRESULT Chains(const chain& in, chain& both, chain& more) = 0;
};
INSULA_INTERFACE(
    ICounts, IUnknown, "7b1f7a40-2d1d-4d8e-9c55-3a1c40c6b0a1",
    (Text, out("p", string, size_is("n")), in("n")),
    (WideText, out("p", string, size_is("n")), in("n")),
    (BothText, in("n"), in_out("p", string, size_is("n"))),
    (InText, in("n"), in("p", string, size_is("n"), unique), out("length")),
    (I8, out("p", size_is("n")), in("n")), (U8, out("p", size_is("n")), in("n")),
    (I16, out("p", size_is("n")), in("n")), (U16, out("p", size_is("n")), in("n")),
    (I32, out("p", size_is("n")), in("n")), (U32, out("p", size_is("n")), in_out("n")),
    (I64, out("p", size_is("n")), in("n")), (U64, out("p", size_is("n")), in("n", unique)),
    (InPart, in("size"), in("p", size_is("size"), length_is("length")), in("length")),
    (BothPart, in("size"), in_out("p", size_is("size"), length_is("length")), in("length")),
    (OutPart, in("size"), out("p", size_is("size"), length_is("length")), in("length")),
    (Told, in("size"), out("p", size_is("size"), length_is("length")), out("length")),
    (ToldBack, in("size"), out("p", size_is("size"), length_is("length")), in_out("length")),
    (ToldByReference, in("size"), out("p", size_is("size"), length_is("length")),
     in_out("length")),
    (Chains, in, in_out, in_out));

class counts final : public implements<counts, ICounts> {
 public:
  HRESULT Text(char* p, std::int64_t n) override { return text(p, n); }
  HRESULT WideText(char16_t* p, const std::int64_t& n) override { return text(p, n); }
  HRESULT BothText(std::uint64_t n, char* p) override {
    ++entered;
    sum += static_cast<std::int64_t>(std::strlen(p));
    p[n - 1] = '\0';
    return S_OK;
  }
  HRESULT InText(std::uint64_t n, const char* p, std::uint64_t* length) override {
    ++entered;
    if (p != nullptr) *length = std::strlen(p) < n ? n : 0;
    return S_OK;
  }
  HRESULT I8(std::int32_t* p, std::int8_t n) override { return fill(p, n); }
  HRESULT U8(std::int32_t* p, std::uint8_t n) override { return fill(p, n); }
  HRESULT I16(std::int32_t* p, std::int16_t n) override { return fill(p, n); }
  HRESULT U16(std::int32_t* p, std::uint16_t n) override { return fill(p, n); }
  HRESULT I32(std::int32_t* p, const std::int32_t* n) override { return fill(p, *n); }
  HRESULT U32(std::int32_t* p, std::uint32_t& n) override { return fill(p, n); }
  HRESULT I64(std::int32_t* p, std::int64_t n) override { return fill(p, n); }
  HRESULT U64(std::int32_t* p, const std::uint64_t* n) override {
    return n == nullptr ? S_FALSE : fill(p, *n);
  }
  HRESULT InPart(std::uint32_t size, const std::int32_t* p, std::int32_t length) override {
    ++entered;
    for (std::int32_t i = 0; i < length; ++i) sum += p[i];
    return static_cast<std::uint32_t>(length) <= size ? S_OK : E_FAIL;
  }
  HRESULT BothPart(std::uint32_t size, std::int32_t* p, std::int32_t length) override {
    return InPart(size, p, length);
  }
  HRESULT OutPart(std::uint32_t size, std::int32_t* p, std::int32_t length) override {
    for (std::int32_t i = 0; i < length; ++i) p[i] = i;
    return InPart(size, p, length);
  }
  HRESULT Told(std::uint32_t size, std::int32_t* p, std::uint32_t* length) override {
    *length = size;
    return fill(p, size);
  }
  HRESULT ToldBack(std::uint32_t size, std::int32_t* p, std::uint32_t* length) override {
    return Told(size, p, length);
  }
  HRESULT ToldByReference(std::uint32_t size, std::int32_t* p, std::int16_t& length) override {
    length = static_cast<std::int16_t>(size);
    return fill(p, size);
  }
  HRESULT Chains(const chain& in, chain& both, chain& more) override {
    ++entered;
    shared = both.next == more.next;
    if (in.next != nullptr) sum += in.next->value;
    if (both.next != nullptr) both.next->value += 1;
    return S_OK;
  }

  int entered = 0;
  std::int64_t sum = 0;
  bool shared = false;

 private:
  // Writes the whole buffer, or of a huge one both ends.
  template <class T, class Count>
  HRESULT fill(T* p, Count n) {
    ++entered;
    const auto size = static_cast<std::size_t>(n);
    constexpr std::size_t most = 4096;
    for (std::size_t i = 0; i != (size < most ? size : most); ++i) p[i] = 1;
    if (size != 0) p[size - 1] = 1;
    return size > most ? E_FAIL : S_OK;
  }
  template <class Char>
  HRESULT text(Char* p, std::int64_t n) {
    const HRESULT code = fill(p, n);
    p[n - 1] = Char{};
    return code;
  }
};

class ParameterCounts : public loopback_test {
 protected:
  // Writes `value` over what lies `from_end` bytes before the end of the message.
  template <class T>
  static std::function<void(RPCOLEMESSAGE&)> at_end(T value, std::size_t from_end = sizeof(T)) {
    return [=](RPCOLEMESSAGE& message) {
      ASSERT_GE(message.cbBuffer, from_end);
      std::memcpy(static_cast<std::byte*>(message.Buffer) + message.cbBuffer - from_end, &value,
                  sizeof value);
    };
  }
  template <class T>
  static std::function<void(RPCOLEMESSAGE&)> at(std::size_t offset, T value) {
    return [=](RPCOLEMESSAGE& message) {
      ASSERT_GE(message.cbBuffer, offset + sizeof value);
      std::memcpy(static_cast<std::byte*>(message.Buffer) + offset, &value, sizeof value);
    };
  }

  // The request's count, which ends the message, gets each value. Whether the object was entered
  // with it tells `entered(value)`.
  template <class Integer, class Call, class Expected>
  void spoil_count(Call call, Expected expected) {
    using limits = std::numeric_limits<Integer>;
    for (const Integer value :
         {Integer{0}, Integer{1}, Integer{5}, limits::max(),
          static_cast<Integer>(limits::max() - 1), limits::min(),
          static_cast<Integer>(limits::max() / 2 + 1), static_cast<Integer>(-1)}) {
      there_.channel->on_request = at_end(value);
      object_->entered = 0;
      call();
      EXPECT_EQ(object_->entered != 0, expected(value)) << std::to_string(value);
    }
  }

  com_ptr<counts> object_ = make<counts>();
  loopback<ICounts> there_{static_cast<ICounts*>(object_.get())};
  std::int32_t numbers_[8] = {};
};

constexpr std::uint64_t most_numbers = 0xFFFF0000 / sizeof(std::int32_t);

constexpr auto fits = [](auto value) {
  return value >= 0 && static_cast<std::uint64_t>(value) <= most_numbers;
};

TEST_F(ParameterCounts, AnObjectIsEnteredWithTheRoomThatItsCountSaysOrNotAtAll) {
  const std::int32_t n32 = 8;
  const std::uint64_t n64 = 8;
  std::uint32_t both = 8;

  spoil_count<std::int8_t>([&] { (void)there_->I8(numbers_, 8); }, fits);
  spoil_count<std::uint8_t>([&] { (void)there_->U8(numbers_, 8); }, fits);
  spoil_count<std::int16_t>([&] { (void)there_->I16(numbers_, 8); }, fits);
  spoil_count<std::uint16_t>([&] { (void)there_->U16(numbers_, 8); }, fits);
  spoil_count<std::int32_t>([&] { (void)there_->I32(numbers_, &n32); }, fits);
  spoil_count<std::uint32_t>([&] { (void)there_->U32(numbers_, both); }, fits);
  spoil_count<std::int64_t>([&] { (void)there_->I64(numbers_, 8); }, fits);
  spoil_count<std::uint64_t>([&] { (void)there_->U64(numbers_, &n64); }, fits);
}

TEST_F(ParameterCounts, ATextBufferHasRoomForItsTerminatorWhateverTheRequestSays) {
  const auto fits_text = [](std::int64_t value) { return value > 0 && value <= 0xFFFF0000; };
  char text[8];
  char16_t wide[8];

  spoil_count<std::int64_t>([&] { (void)there_->Text(text, 8); }, fits_text);
  spoil_count<std::int64_t>([&] { (void)there_->WideText(wide, 8); }, fits_text);
}

TEST_F(ParameterCounts, ATextBufferOfNoElementsIsRefused) {
  char text[2] = "x";
  std::uint64_t length = 0;

  EXPECT_EQ(there_->Text(text, 0), RPC_E_SERVER_CANTUNMARSHAL_DATA);
  EXPECT_EQ(there_->Text(nullptr, 0), null_reference);
  EXPECT_EQ(there_->BothText(0, text), RPC_E_CLIENT_CANTMARSHAL_DATA);
  EXPECT_EQ(there_->InText(0, text, &length), RPC_E_CLIENT_CANTMARSHAL_DATA);
  EXPECT_EQ(object_->entered, 0);

  EXPECT_EQ(there_->InText(0, nullptr, &length), S_OK);
  EXPECT_EQ(object_->entered, 1);
}

TEST_F(ParameterCounts, TextThatDoesNotEndInItsBufferIsRefusedByWhoeverSendsIt) {
  char text[4] = {'a', 'b', 'c', 'd'};

  EXPECT_EQ(there_->BothText(4, text), RPC_E_CLIENT_CANTMARSHAL_DATA);

  EXPECT_NE(why().find("text does not end within its buffer"), std::string::npos) << why();
  EXPECT_EQ(object_->entered, 0);
}

TEST_F(ParameterCounts, TextThatLostItsTerminatorOnTheWayIsRefused) {
  char text[4] = "abc";

  there_.channel->on_request = at_end('x');
  EXPECT_EQ(there_->BothText(4, text), RPC_E_SERVER_CANTUNMARSHAL_DATA);
  EXPECT_EQ(object_->entered, 0);

  there_.channel->on_request = nullptr;
  // Size, offset, length, text, HRESULT.
  there_.channel->on_reply = at(12 + 3, 'x');
  EXPECT_EQ(there_->BothText(4, text), RPC_E_CLIENT_CANTUNMARSHAL_DATA);
}

TEST_F(ParameterCounts, ALengthThatTheArrayDoesNotHaveNeverReachesTheObject) {
  for (const std::int32_t length : {-1, 0, 1, 3, 4, 5, 1000, 0x7FFFFFFF}) {
    there_.channel->on_request = at_end(length);
    EXPECT_EQ(there_->InPart(4, numbers_, 2), RPC_E_SERVER_CANTUNMARSHAL_DATA) << length;
    EXPECT_EQ(there_->BothPart(4, numbers_, 2), RPC_E_SERVER_CANTUNMARSHAL_DATA) << length;
  }
  EXPECT_EQ(object_->entered, 0);

  there_.channel->on_request = at_end(std::int32_t{2});
  EXPECT_EQ(there_->InPart(4, numbers_, 2), S_OK);
  EXPECT_EQ(there_->BothPart(4, numbers_, 2), S_OK);
  EXPECT_EQ(object_->entered, 2);
}

TEST_F(ParameterCounts, ALengthBeyondTheRoomForAResultNeverReachesTheObject) {
  for (const std::int32_t length : {-1, 5, 1000, 0x7FFFFFFF}) {
    there_.channel->on_request = at_end(length);
    EXPECT_EQ(there_->OutPart(4, numbers_, 2), RPC_E_SERVER_CANTUNMARSHAL_DATA) << length;
  }
  EXPECT_EQ(object_->entered, 0);

  there_.channel->on_request = at_end(std::int32_t{4});
  EXPECT_EQ(there_->OutPart(4, numbers_, 4), S_OK);
  EXPECT_EQ(object_->entered, 1);
}

TEST_F(ParameterCounts, ACallerIsNeverToldOfMoreElementsThanCame) {
  std::uint32_t length = 0;
  std::int16_t by_reference = 0;
  // Each reply ends with the length and the HRESULT.
  for (const std::uint32_t told : {0u, 3u, 5u, 100u, 0x80000000u, 0xFFFFFFFFu}) {
    there_.channel->on_reply = at_end(told, 8);
    EXPECT_EQ(there_->Told(4, numbers_, &length), RPC_E_CLIENT_CANTUNMARSHAL_DATA) << told;
    EXPECT_EQ(length, 0u);
    length = 1;
    EXPECT_EQ(there_->ToldBack(4, numbers_, &length), RPC_E_CLIENT_CANTUNMARSHAL_DATA) << told;
    EXPECT_EQ(length, 1u);
    there_.channel->on_reply = at_end(static_cast<std::int16_t>(told), 8);
    EXPECT_EQ(there_->ToldByReference(4, numbers_, by_reference), RPC_E_CLIENT_CANTUNMARSHAL_DATA)
        << told;
    EXPECT_EQ(by_reference, 0);
  }

  there_.channel->on_reply = nullptr;
  EXPECT_EQ(there_->ToldBack(4, numbers_, &length), S_OK);
  EXPECT_EQ(length, 4u);
  EXPECT_EQ(there_->ToldByReference(3, numbers_, by_reference), S_OK);
  EXPECT_EQ(by_reference, 3);
}

TEST_F(ParameterCounts, ACountThatChangesBetweenTheHalvesOfACallSaysNothingOfTheBuffer) {
  interface_proxy_base& proxy = *find_interface_proxy(there_.proxy.get(), iid_of<ICounts>());
  std::fill(std::begin(numbers_), std::end(numbers_), 7);
  for (const HRESULT sent : {E_FAIL, S_OK}) {
    call_request_for<decltype(&ICounts::I32)> request;
    std::int32_t n = 4;
    EXPECT_EQ(begin_call(proxy, &ICounts::I32, request, numbers_, &n), S_OK);
    n = 1000;
    RPCOLEMESSAGE* const message = request.hand_over();
    if (SUCCEEDED(sent)) ASSERT_EQ(request.channel()->SendReceive(message, nullptr), S_OK);
    else request.channel()->FreeBuffer(message);

    EXPECT_EQ(finish_call(request, sent), sent);

    EXPECT_EQ(numbers_[3], sent == S_OK ? 1 : 0);
    EXPECT_EQ(numbers_[4], 7);
  }
}

TEST_F(ParameterCounts, FullPointersDoNotShareBetweenWhatACalleeMayFreeAndTheRest) {
  chain end{5, nullptr};
  const chain in{1, &end};
  chain both{2, &end};
  chain more{3, &end};

  EXPECT_EQ(there_->Chains(in, both, more), S_OK);

  EXPECT_EQ(object_->sum, 5);
  EXPECT_TRUE(object_->shared);
  ASSERT_NE(both.next, nullptr);
  EXPECT_EQ(both.next, more.next);
  EXPECT_EQ(both.next->value, 6);
  EXPECT_EQ(end.value, 5);
  ndr_codec<chain>::free(both);
}

TEST_F(ParameterCounts, ARequestThatSharesThemAllTheSameIsRefused) {
  chain end{5, nullptr};
  const chain in{1, &end};
  chain both{2, &end};
  chain more{3, nullptr};
  there_.channel->on_request = [](RPCOLEMESSAGE& message) {
    // value, referent, value of the pointee, null; then the same again.
    auto* words = static_cast<std::uint32_t*>(message.Buffer);
    ASSERT_NE(words[1], words[5]);
    words[5] = words[1];
  };

  EXPECT_EQ(there_->Chains(in, both, more), RPC_E_SERVER_CANTUNMARSHAL_DATA);

  EXPECT_EQ(object_->entered, 0);
}

}  // namespace
}  // namespace insula::test
