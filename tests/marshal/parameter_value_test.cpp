// SPDX-License-Identifier: MIT
//
// Values and pointers to one value, in every direction.
#include "loopback.hpp"

#include <insula/core/exception.hpp>

#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>

namespace insula::test {
namespace {

enum class colour : std::uint16_t { red = 1, blue = 0xFFFF };

struct point {
  std::int32_t x = 0;
  double y = 0;
  friend bool operator==(const point&, const point&) = default;
};

struct IValues : IUnknown {
  virtual HRESULT Integers(std::int8_t a, std::uint8_t b, std::int16_t c, std::uint16_t d,
                           std::int32_t e, std::uint32_t f, std::int64_t g, std::uint64_t h) = 0;
  virtual HRESULT Mixed(float a, double b, bool c, char d, char16_t e, colour f, float g, double h,
                        GUID i, point j) = 0;
  virtual HRESULT Doubled(const double* in, double* out, double* both) = 0;
  virtual HRESULT ByReference(const point& in, point& both, point& out) = 0;
  virtual HRESULT WritesThroughIn(std::int32_t* value) = 0;
  virtual HRESULT SeesOnEntry(std::int32_t* out, point* more, std::int32_t* seen) = 0;
  virtual HRESULT Optional(const std::int32_t* in, std::int32_t* both, std::int32_t* out,
                           std::int32_t* which) = 0;
  virtual HRESULT Shared(const std::int32_t* a, const std::int32_t* b, bool* same) = 0;
  virtual std::int64_t sum(std::int64_t a, std::int64_t b) const = 0;
  virtual std::chrono::milliseconds twice(std::chrono::milliseconds time) = 0;
  virtual void nothing() = 0;
  virtual HRESULT Says(HRESULT what, std::int32_t* out) noexcept = 0;
};
INSULA_INTERFACE(
    IValues, IUnknown, "7b1f7a40-2d1d-4d8e-9c55-3a1c40c6b001", (Integers), (Mixed),
    (Doubled, in("in"), out("out"), in_out("both")), (ByReference, in("in"), in_out("both"), out),
    (WritesThroughIn, in("value")), (SeesOnEntry, out("out"), out("more"), out("seen")),
    (Optional, in("in", unique), in_out("both", unique), out("out", unique), out("which")),
    (Shared, in("a", full), in("b", full), out("same")), (sum), (twice), (nothing),
    (Says, in("what"), out("out")));

class values final : public implements<values, IValues> {
 public:
  std::tuple<std::int8_t, std::uint8_t, std::int16_t, std::uint16_t, std::int32_t, std::uint32_t,
             std::int64_t, std::uint64_t>
      integers;
  std::tuple<float, double, bool, char, char16_t, colour, float, double, GUID, point> mixed;

  HRESULT Integers(std::int8_t a, std::uint8_t b, std::int16_t c, std::uint16_t d, std::int32_t e,
                   std::uint32_t f, std::int64_t g, std::uint64_t h) override {
    integers = {a, b, c, d, e, f, g, h};
    return S_OK;
  }
  HRESULT Mixed(float a, double b, bool c, char d, char16_t e, colour f, float g, double h, GUID i,
                point j) override {
    mixed = {a, b, c, d, e, f, g, h, i, j};
    return S_OK;
  }
  HRESULT Doubled(const double* in, double* out, double* both) override {
    *out = 2 * *in;
    *both *= 2;
    return S_OK;
  }
  HRESULT ByReference(const point& in, point& both, point& out) override {
    out = both;
    both = in;
    return S_FALSE;
  }
  HRESULT WritesThroughIn(std::int32_t* value) override {
    *value = 99;
    return S_OK;
  }
  HRESULT SeesOnEntry(std::int32_t* out, point* more, std::int32_t* seen) override {
    *seen = *out == 0 && *more == point{} ? 1 : 2;
    return S_OK;
  }
  HRESULT Optional(const std::int32_t* in, std::int32_t* both, std::int32_t* out,
                   std::int32_t* which) override {
    *which = (in != nullptr ? 1 : 0) + (both != nullptr ? 2 : 0) + (out != nullptr ? 4 : 0);
    if (both != nullptr) *both += 1;
    if (out != nullptr) *out = in != nullptr ? *in : -1;
    return S_OK;
  }
  HRESULT Shared(const std::int32_t* a, const std::int32_t* b, bool* same) override {
    *same = a == b;
    return S_OK;
  }
  std::int64_t sum(std::int64_t a, std::int64_t b) const override { return a + b; }
  std::chrono::milliseconds twice(std::chrono::milliseconds time) override { return 2 * time; }
  void nothing() override { ++calls; }
  HRESULT Says(HRESULT what, std::int32_t* out) noexcept override {
    *out = 17;
    return what;
  }
  int calls = 0;
};

class ParameterValue : public loopback_test {
 protected:
  com_ptr<values> object_ = make<values>();
};

template <class T>
constexpr T lowest = std::numeric_limits<T>::lowest();
template <class T>
constexpr T highest = std::numeric_limits<T>::max();

TEST_F(ParameterValue, IntegersOfEveryWidthArriveAtTheirLimits) {
  loopback<IValues> there(static_cast<IValues*>(object_.get()));

  EXPECT_EQ(there->Integers(lowest<std::int8_t>, highest<std::uint8_t>, lowest<std::int16_t>,
                            highest<std::uint16_t>, lowest<std::int32_t>, highest<std::uint32_t>,
                            lowest<std::int64_t>, highest<std::uint64_t>),
            S_OK);

  EXPECT_EQ(object_->integers,
            std::tuple(lowest<std::int8_t>, highest<std::uint8_t>, lowest<std::int16_t>,
                       highest<std::uint16_t>, lowest<std::int32_t>, highest<std::uint32_t>,
                       lowest<std::int64_t>, highest<std::uint64_t>));
}

TEST_F(ParameterValue, FloatsAndDoublesArriveBitExactAmongOtherTypes) {
  loopback<IValues> there(static_cast<IValues*>(object_.get()));
  const GUID id = iid_of<IValues>();

  EXPECT_EQ(there->Mixed(-0.0f, 5e-324, true, 'x', u'\u00e9', colour::blue, 3.4e38f, -1.7e308, id,
                         point{-5, 0.5}),
            S_OK);

  EXPECT_EQ(object_->mixed, std::tuple(-0.0f, 5e-324, true, 'x', u'\u00e9', colour::blue, 3.4e38f,
                                       -1.7e308, id, (point{-5, 0.5})));
  EXPECT_TRUE(std::signbit(std::get<0>(object_->mixed)));
}

TEST_F(ParameterValue, PointersCarryTheirValuesInTheDescribedDirections) {
  loopback<IValues> there(static_cast<IValues*>(object_.get()));
  const double in = 1.5;
  double out = 77;
  double both = 4;

  EXPECT_EQ(there->Doubled(&in, &out, &both), S_OK);

  EXPECT_EQ(out, 3);
  EXPECT_EQ(both, 8);
}

TEST_F(ParameterValue, ReferencesAreInAndOutUnlessConst) {
  loopback<IValues> there(static_cast<IValues*>(object_.get()));
  const point in{1, 1};
  point both{2, 2};
  point out{3, 3};

  EXPECT_EQ(there->ByReference(in, both, out), S_FALSE);

  EXPECT_EQ(both, (point{1, 1}));
  EXPECT_EQ(out, (point{2, 2}));
}

TEST_F(ParameterValue, WhatTheCalleeWritesThroughAnInPointerStaysThere) {
  loopback<IValues> there(static_cast<IValues*>(object_.get()));
  std::int32_t value = 7;

  EXPECT_EQ(there->WritesThroughIn(&value), S_OK);

  EXPECT_EQ(value, 7);
}

TEST_F(ParameterValue, OutValuesAreZeroWhenTheCalleeStarts) {
  loopback<IValues> there(static_cast<IValues*>(object_.get()));
  std::int32_t out = 5;
  point more{6, 6};
  std::int32_t seen = 0;

  EXPECT_EQ(there->SeesOnEntry(&out, &more, &seen), S_OK);

  EXPECT_EQ(seen, 1);
  EXPECT_EQ(out, 0);
  EXPECT_EQ(more, point{});
}

TEST_F(ParameterValue, UniquePointersMayBeNullInEveryDirection) {
  loopback<IValues> there(static_cast<IValues*>(object_.get()));
  std::int32_t which = 0;

  EXPECT_EQ(there->Optional(nullptr, nullptr, nullptr, &which), S_OK);

  EXPECT_EQ(which, 0);
}

TEST_F(ParameterValue, UniquePointersCarryTheirValuesWhenTheyAreNotNull) {
  loopback<IValues> there(static_cast<IValues*>(object_.get()));
  const std::int32_t in = 11;
  std::int32_t both = 20;
  std::int32_t out = 30;
  std::int32_t which = 0;

  EXPECT_EQ(there->Optional(&in, &both, &out, &which), S_OK);

  EXPECT_EQ(which, 7);
  EXPECT_EQ(both, 21);
  EXPECT_EQ(out, 11);
}

TEST_F(ParameterValue, FullPointersToOneObjectArriveAsPointersToOneObject) {
  loopback<IValues> there(static_cast<IValues*>(object_.get()));
  const std::int32_t one = 1;
  const std::int32_t other = 1;
  bool same = false;

  EXPECT_EQ(there->Shared(&one, &one, &same), S_OK);
  EXPECT_TRUE(same);
  EXPECT_EQ(there->Shared(&one, &other, &same), S_OK);
  EXPECT_FALSE(same);
  EXPECT_EQ(there->Shared(nullptr, &other, &same), S_OK);
  EXPECT_FALSE(same);
}

TEST_F(ParameterValue, ResultsComeBackAsValues) {
  loopback<IValues> there(static_cast<IValues*>(object_.get()));

  EXPECT_EQ(there->sum(40, 2), 42);
  EXPECT_EQ(there->twice(std::chrono::milliseconds(21)), std::chrono::milliseconds(42));
  there->nothing();

  EXPECT_EQ(object_->calls, 1);
}

TEST_F(ParameterValue, SuccessCodesAndOutValuesOfFailuresComeBack) {
  loopback<IValues> there(static_cast<IValues*>(object_.get()));
  std::int32_t out = 0;

  EXPECT_EQ(there->Says(S_FALSE, &out), S_FALSE);
  EXPECT_EQ(out, 17);
  out = 0;
  EXPECT_EQ(there->Says(E_ACCESSDENIED, &out), E_ACCESSDENIED);
  EXPECT_EQ(out, 17);
}

TEST_F(ParameterValue, ANullReferencePointerIsRefusedBeforeAnythingIsSent) {
  loopback<IValues> there(static_cast<IValues*>(object_.get()));
  const double in = 1;
  double out = 7;
  double both = 8;

  EXPECT_EQ(there->Doubled(nullptr, &out, &both), HRESULT_RPC_X_NULL_REF_POINTER);
  EXPECT_EQ(out, 0);
  EXPECT_EQ(both, 8);
  out = 7;
  EXPECT_EQ(there->Doubled(&in, &out, nullptr), HRESULT_RPC_X_NULL_REF_POINTER);
  EXPECT_EQ(out, 0);
  EXPECT_EQ(there->Doubled(&in, nullptr, &both), HRESULT_RPC_X_NULL_REF_POINTER);
  EXPECT_EQ(both, 8);

  EXPECT_EQ(there.channel->served, 0);
  EXPECT_NE(why().find("IValues::Doubled: parameter 2 (out) is a null pointer"), std::string::npos)
      << why();
}

}  // namespace
}  // namespace insula::test
