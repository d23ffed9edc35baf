// SPDX-License-Identifier: MIT
//
// What a call costs in heap allocations of its thread. Counted by replacing operator new for the
// whole test program, or, where a sanitizer has its own, by the sanitizer's hooks.
#include "loopback.hpp"

#include <cstdlib>
#include <new>
#include <span>
#include <string_view>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define INSULA_TEST_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define INSULA_TEST_SANITIZED 1
#endif
#endif

namespace {

thread_local std::size_t allocations = 0;

}  // namespace

#if defined(INSULA_TEST_SANITIZED)

// As <sanitizer/allocator_interface.h> declares it, which not every compiler's package brings.
extern "C" int __sanitizer_install_malloc_and_free_hooks(
    void (*on_malloc)(const volatile void*, std::size_t), void (*on_free)(const volatile void*));

namespace {

[[maybe_unused]] const int hooked = __sanitizer_install_malloc_and_free_hooks(
    [](const volatile void*, std::size_t) { ++allocations; }, [](const volatile void*) {});

}  // namespace

#else

void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

#endif

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

TEST_F(ProxyAllocation, ACallWithScalarsTakesNone) {
  std::int64_t sum = 0;
  there_->Add(1, 2, true, IID_NULL, &sum);

  const std::size_t before = allocations;
  const std::size_t blocks = live_task_allocations();
  const HRESULT code = there_->Add(40, 2, true, IID_NULL, &sum);
  const std::size_t taken = allocations - before;

  EXPECT_EQ(taken, 0u);
  EXPECT_EQ(live_task_allocations(), blocks);
  EXPECT_EQ(code, S_OK);
  EXPECT_EQ(sum, 42);
}

TEST_F(ProxyAllocation, ACallWithInArraysAndViewsTakesNone) {
  const std::int32_t values[] = {1, 2, 3};
  const double more[] = {4, 5};
  there_->sum(values, 2, more, "text");

  const std::size_t before = allocations;
  const std::int64_t sum = there_->sum(values, 2, more, "text");
  const std::size_t taken = allocations - before;

  EXPECT_EQ(taken, 0u);
  EXPECT_EQ(sum, 19);
}

}  // namespace
}  // namespace insula::test
