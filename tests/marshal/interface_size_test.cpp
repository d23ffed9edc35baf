// SPDX-License-Identifier: MIT
//
// How large an interface may be: 80 methods of its own, 14 parameters.
#include "loopback.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <numeric>

namespace insula::test {
namespace {

struct ILarge : IUnknown {
  virtual std::int32_t m0(std::int32_t a) = 0;
  virtual std::int32_t m1(std::int32_t a) = 0;
  virtual std::int32_t m2(std::int32_t a) = 0;
  virtual std::int32_t m3(std::int32_t a) = 0;
  virtual std::int32_t m4(std::int32_t a) = 0;
  virtual std::int32_t m5(std::int32_t a) = 0;
  virtual std::int32_t m6(std::int32_t a) = 0;
  virtual std::int32_t m7(std::int32_t a) = 0;
  virtual std::int32_t m8(std::int32_t a) = 0;
  virtual std::int32_t m9(std::int32_t a) = 0;
  virtual std::int32_t m10(std::int32_t a) = 0;
  virtual std::int32_t m11(std::int32_t a) = 0;
  virtual std::int32_t m12(std::int32_t a) = 0;
  virtual std::int32_t m13(std::int32_t a) = 0;
  virtual std::int32_t m14(std::int32_t a) = 0;
  virtual std::int32_t m15(std::int32_t a) = 0;
  virtual std::int32_t m16(std::int32_t a) = 0;
  virtual std::int32_t m17(std::int32_t a) = 0;
  virtual std::int32_t m18(std::int32_t a) = 0;
  virtual std::int32_t m19(std::int32_t a) = 0;
  virtual std::int32_t m20(std::int32_t a) = 0;
  virtual std::int32_t m21(std::int32_t a) = 0;
  virtual std::int32_t m22(std::int32_t a) = 0;
  virtual std::int32_t m23(std::int32_t a) = 0;
  virtual std::int32_t m24(std::int32_t a) = 0;
  virtual std::int32_t m25(std::int32_t a) = 0;
  virtual std::int32_t m26(std::int32_t a) = 0;
  virtual std::int32_t m27(std::int32_t a) = 0;
  virtual std::int32_t m28(std::int32_t a) = 0;
  virtual std::int32_t m29(std::int32_t a) = 0;
  virtual std::int32_t m30(std::int32_t a) = 0;
  virtual std::int32_t m31(std::int32_t a) = 0;
  virtual std::int32_t m32(std::int32_t a) = 0;
  virtual std::int32_t m33(std::int32_t a) = 0;
  virtual std::int32_t m34(std::int32_t a) = 0;
  virtual std::int32_t m35(std::int32_t a) = 0;
  virtual std::int32_t m36(std::int32_t a) = 0;
  virtual std::int32_t m37(std::int32_t a) = 0;
  virtual std::int32_t m38(std::int32_t a) = 0;
  virtual std::int32_t m39(std::int32_t a) = 0;
  virtual std::int32_t m40(std::int32_t a) = 0;
  virtual std::int32_t m41(std::int32_t a) = 0;
  virtual std::int32_t m42(std::int32_t a) = 0;
  virtual std::int32_t m43(std::int32_t a) = 0;
  virtual std::int32_t m44(std::int32_t a) = 0;
  virtual std::int32_t m45(std::int32_t a) = 0;
  virtual std::int32_t m46(std::int32_t a) = 0;
  virtual std::int32_t m47(std::int32_t a) = 0;
  virtual std::int32_t m48(std::int32_t a) = 0;
  virtual std::int32_t m49(std::int32_t a) = 0;
  virtual std::int32_t m50(std::int32_t a) = 0;
  virtual std::int32_t m51(std::int32_t a) = 0;
  virtual std::int32_t m52(std::int32_t a) = 0;
  virtual std::int32_t m53(std::int32_t a) = 0;
  virtual std::int32_t m54(std::int32_t a) = 0;
  virtual std::int32_t m55(std::int32_t a) = 0;
  virtual std::int32_t m56(std::int32_t a) = 0;
  virtual std::int32_t m57(std::int32_t a) = 0;
  virtual std::int32_t m58(std::int32_t a) = 0;
  virtual std::int32_t m59(std::int32_t a) = 0;
  virtual std::int32_t m60(std::int32_t a) = 0;
  virtual std::int32_t m61(std::int32_t a) = 0;
  virtual std::int32_t m62(std::int32_t a) = 0;
  virtual std::int32_t m63(std::int32_t a) = 0;
  virtual std::int32_t m64(std::int32_t a) = 0;
  virtual std::int32_t m65(std::int32_t a) = 0;
  virtual std::int32_t m66(std::int32_t a) = 0;
  virtual std::int32_t m67(std::int32_t a) = 0;
  virtual std::int32_t m68(std::int32_t a) = 0;
  virtual std::int32_t m69(std::int32_t a) = 0;
  virtual std::int32_t m70(std::int32_t a) = 0;
  virtual std::int32_t m71(std::int32_t a) = 0;
  virtual std::int32_t m72(std::int32_t a) = 0;
  virtual std::int32_t m73(std::int32_t a) = 0;
  virtual std::int32_t m74(std::int32_t a) = 0;
  virtual std::int32_t m75(std::int32_t a) = 0;
  virtual std::int32_t m76(std::int32_t a) = 0;
  virtual std::int32_t m77(std::int32_t a) = 0;
  virtual std::int32_t m78(std::int32_t a) = 0;
  virtual std::int32_t m79(std::int32_t a) = 0;
  virtual HRESULT Wide(std::int8_t a, std::int16_t b, std::int32_t c, std::int64_t d, float e,
                       double f, bool g, char h, std::uint8_t i, std::uint16_t j, std::uint32_t k,
                       std::uint64_t l, const std::int32_t& m, double* sum) = 0;
};
INSULA_INTERFACE(ILarge, IUnknown, "7b1f7a40-2d1d-4d8e-9c55-3a1c40c6b070",
                 (m0), (m1), (m2), (m3), (m4), (m5), (m6), (m7), (m8), (m9), (m10), (m11), (m12),
                 (m13), (m14), (m15), (m16), (m17), (m18), (m19), (m20), (m21), (m22), (m23),
                 (m24), (m25), (m26), (m27), (m28), (m29), (m30), (m31), (m32), (m33), (m34),
                 (m35), (m36), (m37), (m38), (m39), (m40), (m41), (m42), (m43), (m44), (m45),
                 (m46), (m47), (m48), (m49), (m50), (m51), (m52), (m53), (m54), (m55), (m56),
                 (m57), (m58), (m59), (m60), (m61), (m62), (m63), (m64), (m65), (m66), (m67),
                 (m68), (m69), (m70), (m71), (m72), (m73), (m74), (m75), (m76), (m77), (m78),
                 (m79),
                 (Wide, in, in, in, in, in, in, in, in, in, in, in, in, in, out("sum")));

class large final : public implements<large, ILarge> {
 public:
  std::int32_t m0(std::int32_t a) override { return a + 0; }
  std::int32_t m1(std::int32_t a) override { return a + 1; }
  std::int32_t m2(std::int32_t a) override { return a + 2; }
  std::int32_t m3(std::int32_t a) override { return a + 3; }
  std::int32_t m4(std::int32_t a) override { return a + 4; }
  std::int32_t m5(std::int32_t a) override { return a + 5; }
  std::int32_t m6(std::int32_t a) override { return a + 6; }
  std::int32_t m7(std::int32_t a) override { return a + 7; }
  std::int32_t m8(std::int32_t a) override { return a + 8; }
  std::int32_t m9(std::int32_t a) override { return a + 9; }
  std::int32_t m10(std::int32_t a) override { return a + 10; }
  std::int32_t m11(std::int32_t a) override { return a + 11; }
  std::int32_t m12(std::int32_t a) override { return a + 12; }
  std::int32_t m13(std::int32_t a) override { return a + 13; }
  std::int32_t m14(std::int32_t a) override { return a + 14; }
  std::int32_t m15(std::int32_t a) override { return a + 15; }
  std::int32_t m16(std::int32_t a) override { return a + 16; }
  std::int32_t m17(std::int32_t a) override { return a + 17; }
  std::int32_t m18(std::int32_t a) override { return a + 18; }
  std::int32_t m19(std::int32_t a) override { return a + 19; }
  std::int32_t m20(std::int32_t a) override { return a + 20; }
  std::int32_t m21(std::int32_t a) override { return a + 21; }
  std::int32_t m22(std::int32_t a) override { return a + 22; }
  std::int32_t m23(std::int32_t a) override { return a + 23; }
  std::int32_t m24(std::int32_t a) override { return a + 24; }
  std::int32_t m25(std::int32_t a) override { return a + 25; }
  std::int32_t m26(std::int32_t a) override { return a + 26; }
  std::int32_t m27(std::int32_t a) override { return a + 27; }
  std::int32_t m28(std::int32_t a) override { return a + 28; }
  std::int32_t m29(std::int32_t a) override { return a + 29; }
  std::int32_t m30(std::int32_t a) override { return a + 30; }
  std::int32_t m31(std::int32_t a) override { return a + 31; }
  std::int32_t m32(std::int32_t a) override { return a + 32; }
  std::int32_t m33(std::int32_t a) override { return a + 33; }
  std::int32_t m34(std::int32_t a) override { return a + 34; }
  std::int32_t m35(std::int32_t a) override { return a + 35; }
  std::int32_t m36(std::int32_t a) override { return a + 36; }
  std::int32_t m37(std::int32_t a) override { return a + 37; }
  std::int32_t m38(std::int32_t a) override { return a + 38; }
  std::int32_t m39(std::int32_t a) override { return a + 39; }
  std::int32_t m40(std::int32_t a) override { return a + 40; }
  std::int32_t m41(std::int32_t a) override { return a + 41; }
  std::int32_t m42(std::int32_t a) override { return a + 42; }
  std::int32_t m43(std::int32_t a) override { return a + 43; }
  std::int32_t m44(std::int32_t a) override { return a + 44; }
  std::int32_t m45(std::int32_t a) override { return a + 45; }
  std::int32_t m46(std::int32_t a) override { return a + 46; }
  std::int32_t m47(std::int32_t a) override { return a + 47; }
  std::int32_t m48(std::int32_t a) override { return a + 48; }
  std::int32_t m49(std::int32_t a) override { return a + 49; }
  std::int32_t m50(std::int32_t a) override { return a + 50; }
  std::int32_t m51(std::int32_t a) override { return a + 51; }
  std::int32_t m52(std::int32_t a) override { return a + 52; }
  std::int32_t m53(std::int32_t a) override { return a + 53; }
  std::int32_t m54(std::int32_t a) override { return a + 54; }
  std::int32_t m55(std::int32_t a) override { return a + 55; }
  std::int32_t m56(std::int32_t a) override { return a + 56; }
  std::int32_t m57(std::int32_t a) override { return a + 57; }
  std::int32_t m58(std::int32_t a) override { return a + 58; }
  std::int32_t m59(std::int32_t a) override { return a + 59; }
  std::int32_t m60(std::int32_t a) override { return a + 60; }
  std::int32_t m61(std::int32_t a) override { return a + 61; }
  std::int32_t m62(std::int32_t a) override { return a + 62; }
  std::int32_t m63(std::int32_t a) override { return a + 63; }
  std::int32_t m64(std::int32_t a) override { return a + 64; }
  std::int32_t m65(std::int32_t a) override { return a + 65; }
  std::int32_t m66(std::int32_t a) override { return a + 66; }
  std::int32_t m67(std::int32_t a) override { return a + 67; }
  std::int32_t m68(std::int32_t a) override { return a + 68; }
  std::int32_t m69(std::int32_t a) override { return a + 69; }
  std::int32_t m70(std::int32_t a) override { return a + 70; }
  std::int32_t m71(std::int32_t a) override { return a + 71; }
  std::int32_t m72(std::int32_t a) override { return a + 72; }
  std::int32_t m73(std::int32_t a) override { return a + 73; }
  std::int32_t m74(std::int32_t a) override { return a + 74; }
  std::int32_t m75(std::int32_t a) override { return a + 75; }
  std::int32_t m76(std::int32_t a) override { return a + 76; }
  std::int32_t m77(std::int32_t a) override { return a + 77; }
  std::int32_t m78(std::int32_t a) override { return a + 78; }
  std::int32_t m79(std::int32_t a) override { return a + 79; }
  HRESULT Wide(std::int8_t a, std::int16_t b, std::int32_t c, std::int64_t d, float e, double f,
               bool g, char h, std::uint8_t i, std::uint16_t j, std::uint32_t k, std::uint64_t l,
               const std::int32_t& m, double* sum) override {
    *sum = static_cast<double>(a) + b + c + static_cast<double>(d) + static_cast<double>(e) + f +
           (g ? 1 : 0) + h + i + j + k + static_cast<double>(l) + m;
    return S_OK;
  }
};

// Fifteen parameters, and the same described.
#define FIFTEEN(x)                                                                              \
  std::int32_t x##0, std::int32_t x##1, std::int32_t x##2, std::int32_t x##3, std::int32_t x##4,   \
      std::int32_t x##5, std::int32_t x##6, std::int32_t x##7, std::int32_t x##8,                  \
      std::int32_t x##9, std::int32_t x##a, std::int32_t x##b, std::int32_t x##c,                  \
      std::int32_t x##d, std::int32_t x##e
#define FIFTEEN_DESCRIBED in, in, in, in, in, in, in, in, in, in, in, in, in, in, in
#define FIFTEEN_VALUES(x) \
  x##0, x##1, x##2, x##3, x##4, x##5, x##6, x##7, x##8, x##9, x##a, x##b, x##c, x##d, x##e

struct IWide : IUnknown {
  virtual HRESULT Gather(FIFTEEN(p), FIFTEEN(q), FIFTEEN(r), FIFTEEN(s), std::int32_t t,
                         std::int32_t u, std::uint32_t count, std::int32_t* all) = 0;
};
INSULA_INTERFACE(IWide, IUnknown, "7b1f7a40-2d1d-4d8e-9c55-3a1c40c6b00d",
                 (Gather, FIFTEEN_DESCRIBED, FIFTEEN_DESCRIBED, FIFTEEN_DESCRIBED,
                  FIFTEEN_DESCRIBED, in, in("last"), in("count"),
                  out("all", size_is("count"))));

class wide final : public implements<wide, IWide> {
 public:
  HRESULT Gather(FIFTEEN(p), FIFTEEN(q), FIFTEEN(r), FIFTEEN(s), std::int32_t t, std::int32_t u,
                 std::uint32_t count, std::int32_t* all) override {
    const std::int32_t given[] = {FIFTEEN_VALUES(p), FIFTEEN_VALUES(q), FIFTEEN_VALUES(r),
                                  FIFTEEN_VALUES(s), t, u};
    if (count != std::size(given)) return E_INVALIDARG;
    std::copy(std::begin(given), std::end(given), all);
    return S_OK;
  }
};

class InterfaceSize : public loopback_test {
 protected:
  com_ptr<large> object_ = make<large>();
  loopback<ILarge> there_{static_cast<ILarge*>(object_.get())};
};

TEST_F(InterfaceSize, EightyMethodsAreToldApart) {
  EXPECT_EQ(there_->m0(1000), 1000);
  EXPECT_EQ(there_->m41(1000), 1041);
  EXPECT_EQ(there_->m79(1000), 1079);
  EXPECT_EQ(there_.channel->last_method, 82u);
}

TEST_F(InterfaceSize, FourteenParametersArriveInTheirPlaces) {
  double sum = 0;

  EXPECT_EQ(there_->Wide(1, 20, 300, 4000, 0.5f, 0.25, true, 2, 3, 4, 5, 6, 7, &sum), S_OK);

  EXPECT_EQ(sum, 4321 + 0.75 + 1 + 2 + 3 + 4 + 5 + 6 + 7);
}

TEST_F(InterfaceSize, SixtyFourDescribedParametersArriveInTheirPlaces) {
  const com_ptr<wide> object = make<wide>();
  const loopback<IWide> there(static_cast<IWide*>(object.get()));
  std::int32_t all[62] = {};

  EXPECT_EQ(there->Gather(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20,
                          21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38,
                          39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56,
                          57, 58, 59, 60, 61, 62, all),
            S_OK);

  std::int32_t expected[62];
  std::iota(std::begin(expected), std::end(expected), 0);
  EXPECT_TRUE(std::ranges::equal(all, expected));
}

}  // namespace
}  // namespace insula::test
