// SPDX-License-Identifier: MIT
//
// What a call costs in heap allocations.
#include "heap_count.hpp"
#include "loopback.hpp"

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace insula::test {
namespace {

struct IFrugal : IUnknown {
  virtual HRESULT Add(std::int32_t a, double b, bool c, REFIID d, std::int64_t* sum) = 0;
  virtual std::int64_t sum(std::span<const std::int32_t> values, std::uint32_t count,
                           const double* more, std::string_view text) = 0;
};
INSULA_INTERFACE(IFrugal, IUnknown, "7b1f7a40-2d1d-4d8e-9c55-3a1c40c6b080",
                 (Add, in("a"), in("b"), in("c"), in("d"), out("sum")),
                 (sum, in("values"), in("count"), in("more", size_is("count")), in("text")));

class frugal final : public implements<frugal, IFrugal> {
 public:
  HRESULT Add(std::int32_t a, double b, bool, REFIID, std::int64_t* sum) override {
    *sum = a + static_cast<std::int64_t>(b);
    return S_OK;
  }
  std::int64_t sum(std::span<const std::int32_t> values, std::uint32_t count, const double* more,
                   std::string_view text) override {
    std::int64_t sum = static_cast<std::int64_t>(text.size());
    for (const std::int32_t one : values) sum += one;
    for (std::uint32_t i = 0; i != count; ++i) sum += static_cast<std::int64_t>(more[i]);
    return sum;
  }
};

class ProxyAllocation : public loopback_test {
 protected:
  com_ptr<frugal> object_ = make<frugal>();
  loopback<IFrugal> there_{static_cast<IFrugal*>(object_.get())};
};

TEST(HeapCount, SeesWhatIsTaken) {
  const std::size_t before = heap_allocations();

  const auto taken = std::make_unique<std::string>(100, 'x');

  EXPECT_GE(heap_allocations(), before + 2);
}

TEST_F(ProxyAllocation, ACallWithScalarsTakesNone) {
  std::int64_t sum = 0;
  there_->Add(1, 2, true, IID_NULL, &sum);

  const std::size_t before = heap_allocations();
  const std::size_t blocks = live_task_allocations();
  const HRESULT code = there_->Add(40, 2, true, IID_NULL, &sum);
  const std::size_t taken = heap_allocations() - before;

  EXPECT_EQ(taken, 0u);
  EXPECT_EQ(live_task_allocations(), blocks);
  EXPECT_EQ(code, S_OK);
  EXPECT_EQ(sum, 42);
}

TEST_F(ProxyAllocation, ACallWithInArraysAndViewsTakesNone) {
  const std::int32_t values[] = {1, 2, 3};
  const double more[] = {4, 5};
  there_->sum(values, 2, more, "text");

  const std::size_t before = heap_allocations();
  const std::int64_t sum = there_->sum(values, 2, more, "text");
  const std::size_t taken = heap_allocations() - before;

  EXPECT_EQ(taken, 0u);
  EXPECT_EQ(sum, 19);
}

}  // namespace
}  // namespace insula::test
