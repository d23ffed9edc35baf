// SPDX-License-Identifier: MIT
//
// What the caller gets when something goes wrong on the way, or in the method.
#include "loopback.hpp"

#include <insula/core/exception.hpp>

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace insula::test {

// A type whose own marshaler fails on demand: when it is written, or when it is read.
struct moody {
  enum : std::uint32_t { fine, bad_to_write, bad_to_read };
  std::uint32_t mood = fine;
};

}  // namespace insula::test

template <>
struct insula::ndr_codec<insula::test::moody> {
  using moody = insula::test::moody;
  static constexpr std::size_t alignment = 4;
  static constexpr std::size_t min_size = 4;
  static constexpr std::size_t fixed_size = 0;
  static constexpr bool has_deferred = false;
  static constexpr bool blittable = false;
  static void write(ndr_writer& writer, const moody& value) {
    if (value.mood == moody::bad_to_write) refuse_to_write("too moody to be written");
    writer.primitive(value.mood);
  }
  static void read(ndr_reader& reader, moody& value) {
    value.mood = reader.primitive<std::uint32_t>();
    if (value.mood == moody::bad_to_read) ndr_reader::bad_data();
  }
  static void free(moody&) noexcept {}
};

namespace insula::test {
namespace {

struct IFallible : IUnknown {
  virtual HRESULT Moods(const moody& in, std::uint32_t answer, moody* out, char** text) = 0;
  virtual HRESULT Throws(std::int32_t what, std::int32_t* out) = 0;
  virtual std::string throws(std::int32_t what) = 0;
  virtual void throws_nothing_back(std::int32_t what) = 0;
  virtual HRESULT Fails(HRESULT code) = 0;
};
INSULA_INTERFACE(IFallible, IUnknown, "7b1f7a40-2d1d-4d8e-9c55-3a1c40c6b030",
                 (Moods, in("mood"), in("answer"), out("reply"), out("text")),
                 (Throws, in("what"), out("out")), (throws), (throws_nothing_back), (Fails));

struct odd_exception {};

class fallible final : public implements<fallible, IFallible> {
 public:
  HRESULT Moods(const moody&, std::uint32_t answer, moody* out, char** text) override {
    ++entered;
    out->mood = answer;
    *text = static_cast<char*>(CoTaskMemAlloc(2));
    (*text)[0] = 't';
    (*text)[1] = '\0';
    return S_OK;
  }
  HRESULT Throws(std::int32_t what, std::int32_t* out) override {
    *out = 4;
    raise(what);
    return S_OK;
  }
  std::string throws(std::int32_t what) override {
    raise(what);
    return "calm";
  }
  void throws_nothing_back(std::int32_t what) override { raise(what); }
  HRESULT Fails(HRESULT code) override {
    return set_error(code, "said by the method", iid_of<IFallible>());
  }
  static void raise(std::int32_t what) {
    if (what == 1) throw std::invalid_argument("no such thing");
    if (what == 2) throw com_error(E_ACCESSDENIED, "not for you");
    if (what == 3) throw odd_exception();
    if (what == 4) throw com_error(S_FALSE, "thrown with a code of success");
  }
  int entered = 0;
};

class ProxyError : public loopback_test {
 protected:
  com_ptr<fallible> object_ = make<fallible>();
  IFallible* server() { return object_.get(); }

  HRESULT moods(loopback<IFallible>& there, std::uint32_t sent, std::uint32_t answer) {
    moody out{77};
    char* text = reinterpret_cast<char*>(0x10);
    const HRESULT code = there->Moods({sent}, answer, &out, &text);
    EXPECT_EQ(out.mood, 0u);
    EXPECT_EQ(text, nullptr);
    return code;
  }
};

// M10, all four
TEST_F(ProxyError, AnArgumentThatCannotBeWrittenIsNamed) {
  loopback<IFallible> there(server());

  EXPECT_EQ(moods(there, moody::bad_to_write, 0), RPC_E_CLIENT_CANTMARSHAL_DATA);

  EXPECT_EQ(object_->entered, 0);
  EXPECT_NE(
      why().find("IFallible::Moods: parameter 1 (mood) could not be written into the request"),
      std::string::npos)
      << why();
  EXPECT_NE(why().find("too moody"), std::string::npos) << why();
}

TEST_F(ProxyError, AnArgumentThatCannotBeReadIsNamed) {
  loopback<IFallible> there(server());

  EXPECT_EQ(moods(there, moody::bad_to_read, 0), RPC_E_SERVER_CANTUNMARSHAL_DATA);

  EXPECT_EQ(object_->entered, 0);
  EXPECT_NE(why().find("parameter 1 (mood) could not be read from the request"), std::string::npos)
      << why();
}

TEST_F(ProxyError, AResultThatCannotBeWrittenIsNamed) {
  loopback<IFallible> there(server());

  EXPECT_EQ(moods(there, 0, moody::bad_to_write), RPC_E_SERVER_CANTMARSHAL_DATA);

  EXPECT_EQ(object_->entered, 1);
  EXPECT_NE(why().find("parameter 3 (reply) could not be written into the reply"),
            std::string::npos)
      << why();
}

TEST_F(ProxyError, AResultThatCannotBeReadIsNamed) {
  loopback<IFallible> there(server());

  EXPECT_EQ(moods(there, 0, moody::bad_to_read), RPC_E_CLIENT_CANTUNMARSHAL_DATA);

  EXPECT_NE(why().find("parameter 3 (reply) could not be read from the reply"), std::string::npos)
      << why();
}

// M11
TEST_F(ProxyError, AFailureOfTheTransportZeroesTheResults) {
  loopback<IFallible> there(server());

  there.channel->fail_request_buffer = RPC_E_WRONG_THREAD;
  EXPECT_EQ(moods(there, 0, 0), RPC_E_WRONG_THREAD);
  there.channel->fail_request_buffer = S_OK;
  there.channel->fail_send = RPC_E_DISCONNECTED;
  EXPECT_EQ(moods(there, 0, 0), RPC_E_DISCONNECTED);
  there.channel->fail_send = S_OK;
  there.channel->fail_reply_buffer = E_OUTOFMEMORY;
  EXPECT_EQ(moods(there, 0, 0), E_OUTOFMEMORY);
}

TEST_F(ProxyError, AValueMethodThrowsTheFailureOfTheTransport) {
  loopback<IFallible> there(server());
  there.channel->fail_send = RPC_E_DISCONNECTED;

  try {
    (void)there->throws(0);
    FAIL();
  } catch (const com_error& error) {
    EXPECT_EQ(error.code(), RPC_E_DISCONNECTED);
  }
}

TEST_F(ProxyError, AnExceptionOfAnHresultMethodIsAServerFaultThatNamesIt) {
  loopback<IFallible> there(server());
  std::int32_t out = 5;

  EXPECT_EQ(there->Throws(1, &out), RPC_E_SERVERFAULT);

  EXPECT_EQ(out, 0);
  EXPECT_NE(why().find("IFallible::Throws"), std::string::npos) << why();
  EXPECT_NE(why().find("no such thing"), std::string::npos) << why();
  EXPECT_EQ(there->Throws(3, &out), RPC_E_SERVERFAULT);
}

TEST_F(ProxyError, AnExceptionOfAValueMethodArrivesAsItself) {
  loopback<IFallible> there(server());

  EXPECT_EQ(there->throws(0), "calm");
  EXPECT_THROW((void)there->throws(1), std::invalid_argument);
  EXPECT_THROW((void)there->throws(3), odd_exception);
  EXPECT_THROW(there->throws_nothing_back(1), std::invalid_argument);
  try {
    (void)there->throws(2);
    FAIL();
  } catch (const com_error& error) {
    EXPECT_EQ(error.code(), E_ACCESSDENIED);
    EXPECT_NE(std::string(error.what()).find("not for you"), std::string::npos);
  }
}

TEST_F(ProxyError, AnExceptionWithACodeOfSuccessIsNoValue) {
  loopback<IFallible> there(server());
  std::int32_t out = 5;

  EXPECT_THROW((void)there->throws(4), com_error);
  EXPECT_THROW(there->throws_nothing_back(4), com_error);
  EXPECT_EQ(there->Throws(4, &out), RPC_E_SERVERFAULT);
}

TEST_F(ProxyError, TheErrorInfoOfAFailedMethodStays) {
  loopback<IFallible> there(server());

  EXPECT_EQ(there->Fails(E_ABORT), E_ABORT);

  EXPECT_EQ(why(), "said by the method");
}

}  // namespace
}  // namespace insula::test
