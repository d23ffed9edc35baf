// SPDX-License-Identifier: MIT
//
// Row J01: numbers of every width, bit for bit, through proxy and stub.
#include "two_apartments.hpp"

#include <insula/core/implements.hpp>

#include <bit>
#include <cstdint>
#include <cstring>
#include <limits>
#include <tuple>

namespace insula::test {

enum class shade : std::int32_t { dark = -2, light = 0x7ffffff0 };
enum class small_shade : std::uint8_t { red = 0, white = 255 };

using narrow = std::tuple<std::int8_t, std::uint8_t, std::int16_t, std::uint16_t, bool, char,
                          char16_t, char32_t>;
using wide = std::tuple<std::int32_t, std::uint32_t, std::int64_t, std::uint64_t, float, double,
                        shade, small_shade>;
using mixed = std::tuple<double, float, std::int32_t, double, float, float, double, std::int64_t,
                         double, float, double, double, float, double>;

struct INumbers : IUnknown {
  virtual HRESULT TakeNarrow(std::int8_t a, std::uint8_t b, std::int16_t c, std::uint16_t d, bool e,
                             char f, char16_t g, char32_t h) = 0;
  virtual HRESULT GiveNarrow(std::int8_t* a, std::uint8_t* b, std::int16_t* c, std::uint16_t* d,
                             bool* e, char* f, char16_t* g, char32_t* h) = 0;
  virtual HRESULT TakeWide(std::int32_t a, std::uint32_t b, std::int64_t c, std::uint64_t d,
                           float e, double f, shade g, small_shade h) = 0;
  virtual HRESULT GiveWide(std::int32_t* a, std::uint32_t* b, std::int64_t* c, std::uint64_t* d,
                           float* e, double* f, shade* g, small_shade* h) = 0;
  /// More floating point arguments than there are registers for, with whole numbers between them.
  virtual HRESULT TakeMixed(double a, float b, std::int32_t c, double d, float e, float f, double g,
                            std::int64_t h, double i, float j, double k, double l, float m,
                            double n) = 0;
  virtual float TakeFloats(float a, float b, float c, float d, float e, float f, float g, float h,
                           float i, float j) = 0;
};
INSULA_INTERFACE(INumbers, IUnknown, "7b1f0d52-31a7-4e0c-9b57-1d2b7c4a0101", (TakeNarrow),
                 (GiveNarrow, out, out, out, out, out, out, out, out), (TakeWide),
                 (GiveWide, out, out, out, out, out, out, out, out), (TakeMixed), (TakeFloats));

namespace {

class numbers final : public implements<numbers, INumbers> {
 public:
  HRESULT TakeNarrow(std::int8_t a, std::uint8_t b, std::int16_t c, std::uint16_t d, bool e, char f,
                     char16_t g, char32_t h) override {
    narrow_ = {a, b, c, d, e, f, g, h};
    return S_OK;
  }
  HRESULT GiveNarrow(std::int8_t* a, std::uint8_t* b, std::int16_t* c, std::uint16_t* d, bool* e,
                     char* f, char16_t* g, char32_t* h) override {
    std::tie(*a, *b, *c, *d, *e, *f, *g, *h) = narrow_;
    return S_OK;
  }
  HRESULT TakeWide(std::int32_t a, std::uint32_t b, std::int64_t c, std::uint64_t d, float e,
                   double f, shade g, small_shade h) override {
    wide_ = {a, b, c, d, e, f, g, h};
    return S_OK;
  }
  HRESULT GiveWide(std::int32_t* a, std::uint32_t* b, std::int64_t* c, std::uint64_t* d, float* e,
                   double* f, shade* g, small_shade* h) override {
    std::tie(*a, *b, *c, *d, *e, *f, *g, *h) = wide_;
    return S_OK;
  }
  HRESULT TakeMixed(double a, float b, std::int32_t c, double d, float e, float f, double g,
                    std::int64_t h, double i, float j, double k, double l, float m,
                    double n) override {
    mixed_ = {a, b, c, d, e, f, g, h, i, j, k, l, m, n};
    return S_OK;
  }
  float TakeFloats(float a, float b, float c, float d, float e, float f, float g, float h, float i,
                   float j) override {
    return a + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f + 7 * g + 8 * h + 9 * i + 10 * j;
  }

  narrow narrow_{};
  wide wide_{};
  mixed mixed_{};
};

class BaseTypes : public two_apartments {
 protected:
  numbers* object = nullptr;  // looked at between calls only
  const com_ptr<INumbers> proxy = home.create<INumbers>([this] {
    auto made = make<numbers>();
    object = made.get();
    return made;
  });
};

TEST_F(BaseTypes, J01_NarrowNumbersArriveBitForBit) {
  const narrow least{std::int8_t{-128}, std::uint8_t{0}, std::int16_t{-32768}, std::uint16_t{0},
                     false,             '\0',            u'\0',               U'\0'};
  const narrow most{std::int8_t{127}, std::uint8_t{255}, std::int16_t{32767}, std::uint16_t{65535},
                    true,             '\xff',            u'\xffff',           U'\x10ffff'};
  for (const narrow& sent : {most, least}) {
    EXPECT_EQ(std::apply([&](auto... a) { return proxy->TakeNarrow(a...); }, sent), S_OK);
    EXPECT_EQ(object->narrow_, sent);
  }
}

TEST_F(BaseTypes, J01_NarrowNumbersComeBackBitForBit) {
  const narrow given{std::int8_t{-1}, std::uint8_t{0x80}, std::int16_t{-2}, std::uint16_t{0x8001},
                     true,            '\x81',             u'\xd800',         U'\xfffe'};
  home.invoke([&] { object->narrow_ = given; });
  narrow got{};
  EXPECT_EQ(std::apply([&](auto&... a) { return proxy->GiveNarrow(&a...); }, got), S_OK);
  EXPECT_EQ(got, given);
}

TEST_F(BaseTypes, J01_WideNumbersArriveBitForBit) {
  const wide least{std::numeric_limits<std::int32_t>::min(),
                   0u,
                   std::numeric_limits<std::int64_t>::min(),
                   0u,
                   -std::numeric_limits<float>::max(),
                   std::numeric_limits<double>::denorm_min(),
                   shade::dark,
                   small_shade::red};
  const wide most{std::numeric_limits<std::int32_t>::max(),
                  std::numeric_limits<std::uint32_t>::max(),
                  std::numeric_limits<std::int64_t>::max(),
                  std::numeric_limits<std::uint64_t>::max(),
                  std::numeric_limits<float>::infinity(),
                  -std::numeric_limits<double>::infinity(),
                  shade::light,
                  small_shade::white};
  for (const wide& sent : {most, least}) {
    EXPECT_EQ(std::apply([&](auto... a) { return proxy->TakeWide(a...); }, sent), S_OK);
    EXPECT_EQ(object->wide_, sent);
  }
}

TEST_F(BaseTypes, J01_WideNumbersComeBackBitForBit) {
  const wide given{-7, 0x80000001u, -8, 0x8000000000000001u, -1.5F, 1e300, shade::dark,
                   small_shade::white};
  home.invoke([&] { object->wide_ = given; });
  wide got{};
  EXPECT_EQ(std::apply([&](auto&... a) { return proxy->GiveWide(&a...); }, got), S_OK);
  EXPECT_EQ(got, given);
}

TEST_F(BaseTypes, J01_ANotANumberKeepsItsPayloadAndZeroItsSign) {
  const auto odd = std::bit_cast<double>(std::uint64_t{0x7ff8dead0000beef});
  const wide sent{0, 0u, 0, 0u, -0.0F, odd, shade::light, small_shade::red};
  EXPECT_EQ(std::apply([&](auto... a) { return proxy->TakeWide(a...); }, sent), S_OK);

  EXPECT_EQ(std::bit_cast<std::uint32_t>(std::get<float>(object->wide_)), 0x80000000u);
  EXPECT_EQ(std::bit_cast<std::uint64_t>(std::get<double>(object->wide_)), 0x7ff8dead0000beefu);
  wide got{};
  EXPECT_EQ(std::apply([&](auto&... a) { return proxy->GiveWide(&a...); }, got), S_OK);
  EXPECT_EQ(std::bit_cast<std::uint32_t>(std::get<float>(got)), 0x80000000u);
  EXPECT_EQ(std::bit_cast<std::uint64_t>(std::get<double>(got)), 0x7ff8dead0000beefu);
}

TEST_F(BaseTypes, J01_AMixOfFloatingPointAndWholeNumbersKeepsItsPlaces) {
  const mixed sent{1.25, 2.5F,  -3,    4.75,  5.5F, 6.5F,  7.0,
                   -8,   9.125, 10.5F, 11.0, 12.0, 13.5F, 14.0};
  EXPECT_EQ(std::apply([&](auto... a) { return proxy->TakeMixed(a...); }, sent), S_OK);
  EXPECT_EQ(object->mixed_, sent);
}

TEST_F(BaseTypes, J01_FloatsAloneKeepTheirPlacesAndReturnAFloat) {
  EXPECT_EQ(proxy->TakeFloats(1, 2, 3, 4, 5, 6, 7, 8, 9, 10), 385.0F);
}

}  // namespace
}  // namespace insula::test
