// SPDX-License-Identifier: MIT
//
// Calls in two halves.
#include "loopback.hpp"

#include <insula/core/exception.hpp>
#include <insula/marshal/call_request.hpp>

#include <stdexcept>
#include <string>

namespace insula::test {
namespace {

struct ILater : IUnknown {
  virtual HRESULT Add(std::int32_t a, std::int32_t b, std::int32_t* sum) noexcept = 0;
  virtual std::string join(const std::string& a, std::string b) const = 0;
  virtual void count(std::int32_t& both) = 0;
  virtual HRESULT Fill(std::uint32_t size, std::int32_t* values) = 0;
  virtual HRESULT Same(std::int32_t a, std::int32_t b, std::int32_t* sum) noexcept = 0;
  virtual HRESULT Give(ILater** out) = 0;
};
INSULA_INTERFACE(ILater, IUnknown, "7b1f7a40-2d1d-4d8e-9c55-3a1c40c6b040",
                 (Add, in("a"), in("b"), out("sum")), (join), (count),
                 (Fill, in("size"), out("values", size_is("size"))),
                 (Same, in("a"), in("b"), out("sum")), (Give));

struct ILaterStill : ILater {
  virtual std::int64_t more() = 0;
};
INSULA_INTERFACE(ILaterStill, ILater, "7b1f7a40-2d1d-4d8e-9c55-3a1c40c6b041", (more));

class later final : public implements<later, ILaterStill> {
 public:
  HRESULT Add(std::int32_t a, std::int32_t b, std::int32_t* sum) noexcept override {
    *sum = a + b;
    return S_FALSE;
  }
  std::string join(const std::string& a, std::string b) const override {
    if (b.empty()) throw std::invalid_argument("nothing to join");
    return a + b;
  }
  void count(std::int32_t& both) override { ++both; }
  HRESULT Fill(std::uint32_t size, std::int32_t* values) override {
    for (std::uint32_t i = 0; i != size; ++i) values[i] = static_cast<std::int32_t>(i);
    return S_OK;
  }
  HRESULT Same(std::int32_t, std::int32_t, std::int32_t* sum) noexcept override {
    *sum = -1;
    return S_OK;
  }
  HRESULT Give(ILater** out) override {
    *out = this;
    AddRef();
    return S_OK;
  }
  std::int64_t more() override { return 1; }
};

class ProxyCallRequest : public loopback_test {
 protected:
  template <class Request>
  static HRESULT send(Request& request) {
    return request.channel()->SendReceive(request.hand_over(), nullptr);
  }
  com_ptr<later> object_ = make<later>();
  loopback<ILaterStill> there_{static_cast<ILaterStill*>(object_.get())};
  interface_proxy_base& proxy_ = *find_interface_proxy(there_.proxy.get(), iid_of<ILater>());
};

TEST_F(ProxyCallRequest, IsWrittenAndNotSentByItsFirstHalf) {
  call_request_for<decltype(&ILater::Add)> request;
  std::int32_t sum = 9;

  EXPECT_EQ(begin_call(proxy_, &ILater::Add, request, 2, 40, &sum), S_OK);
  EXPECT_EQ(there_.channel->served, 0);
  EXPECT_EQ(sum, 9);
  EXPECT_STREQ(request.method()->name, "Add");
  EXPECT_STREQ(request.interface()->name, "ILater");
  const HRESULT sent = send(request);

  EXPECT_EQ(finish_call(request, sent), S_FALSE);
  EXPECT_EQ(sum, 42);
}

TEST_F(ProxyCallRequest, TellsMethodsOfOneSignatureApart) {
  call_request_for<decltype(&ILater::Same)> request;
  std::int32_t sum = 9;

  EXPECT_EQ(begin_call(proxy_, &ILater::Same, request, 2, 40, &sum), S_OK);

  EXPECT_STREQ(request.method()->name, "Same");
  EXPECT_EQ(finish_call(request, send(request)), S_OK);
  EXPECT_EQ(sum, -1);
}

TEST_F(ProxyCallRequest, NeedsItsInArgumentsInTheFirstHalfOnly) {
  call_request_for<decltype(&ILater::join)> request;
  {
    const std::string a = "a long enough text to be on the heap, ";
    EXPECT_EQ(begin_call(proxy_, &ILater::join, request, a, "joined"), S_OK);
  }

  EXPECT_EQ(finish_call(request, send(request)), "a long enough text to be on the heap, joined");
}

TEST_F(ProxyCallRequest, ThrowsWhatTheMethodThrew) {
  call_request_for<decltype(&ILater::join)> request;

  EXPECT_EQ(begin_call(proxy_, &ILater::join, request, "a", ""), S_OK);
  const HRESULT sent = send(request);

  EXPECT_EQ(sent, E_INVALIDARG);
  EXPECT_THROW((void)finish_call(request, sent), std::invalid_argument);
}

TEST_F(ProxyCallRequest, WritesReferencesAndArraysInItsSecondHalf) {
  std::int32_t both = 4;
  call_request_for<decltype(&ILater::count)> counting;
  EXPECT_EQ(begin_call(proxy_, &ILater::count, counting, both), S_OK);
  finish_call(counting, send(counting));
  EXPECT_EQ(both, 5);

  std::int32_t values[3] = {};
  call_request_for<decltype(&ILater::Fill)> filling;
  EXPECT_EQ(begin_call(proxy_, &ILater::Fill, filling, 3u, values), S_OK);
  EXPECT_EQ(finish_call(filling, send(filling)), S_OK);
  EXPECT_EQ(values[2], 2);
}

TEST_F(ProxyCallRequest, ZeroesItsResultsWhenThereIsNoReply) {
  call_request_for<decltype(&ILater::Add)> request;
  std::int32_t sum = 9;
  EXPECT_EQ(begin_call(proxy_, &ILater::Add, request, 2, 40, &sum), S_OK);
  there_.channel->fail_send = RPC_E_DISCONNECTED;

  EXPECT_EQ(finish_call(request, send(request)), RPC_E_DISCONNECTED);

  EXPECT_EQ(sum, 0);
}

TEST_F(ProxyCallRequest, RefusesANullReferenceInItsFirstHalf) {
  call_request_for<decltype(&ILater::Add)> request;

  EXPECT_EQ(begin_call(proxy_, &ILater::Add, request, 2, 40, nullptr),
            null_reference);

  EXPECT_EQ(finish_call(request, S_OK), E_UNEXPECTED);
}

TEST_F(ProxyCallRequest, DroppedBeforeItIsSentItGivesItsBufferBack) {
  {
    call_request_for<decltype(&ILater::Add)> request;
    std::int32_t sum = 9;
    EXPECT_EQ(begin_call(proxy_, &ILater::Add, request, 2, 40, &sum), S_OK);
    EXPECT_EQ(there_.channel->buffers_out, 1);
  }

  EXPECT_EQ(there_.channel->buffers_out, 0);
}

TEST_F(ProxyCallRequest, DroppedWithItsReplyItGivesThePointersInItBack) {
  const ULONG before = count_of(object_.get());
  ILater* out = nullptr;
  {
    call_request_for<decltype(&ILater::Give)> request;
    EXPECT_EQ(begin_call(proxy_, &ILater::Give, request, &out), S_OK);
    EXPECT_EQ(send(request), S_OK);
    request.replied();
    EXPECT_GT(count_of(object_.get()), before);
  }

  EXPECT_EQ(count_of(object_.get()), before);
  EXPECT_EQ(there_.channel->buffers_out, 0);
}

TEST_F(ProxyCallRequest, KeepsItsChannelWhileTheProxyIsDisconnected) {
  call_request_for<decltype(&ILater::Add)> request;
  std::int32_t sum = 9;
  EXPECT_EQ(begin_call(proxy_, &ILater::Add, request, 2, 40, &sum), S_OK);
  there_.buffer->Disconnect();

  EXPECT_EQ(finish_call(request, send(request)), S_FALSE);

  EXPECT_EQ(sum, 42);
}

}  // namespace
}  // namespace insula::test
