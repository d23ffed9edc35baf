// SPDX-License-Identifier: MIT
#include "insula/core/malloc.hpp"

#include "insula/core/bstr.hpp"
#include "insula/core/com_ptr.hpp"
#include "insula/core/task_memory.hpp"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <string>

namespace insula::core_tests {
namespace {

class Malloc : public testing::Test {
 protected:
  Malloc() { EXPECT_EQ(CoGetMalloc(MEMCTX_TASK, allocator.put()), S_OK); }
  void TearDown() override { EXPECT_EQ(live_task_allocations(), before); }

  const std::size_t before = live_task_allocations();
  com_ptr<IMalloc> allocator;
};

TEST_F(Malloc, IsTheSameForAllWhoAsk) {
  com_ptr<IMalloc> again;
  EXPECT_EQ(CoGetMalloc(MEMCTX_TASK, again.put()), S_OK);
  EXPECT_EQ(again, allocator);
  EXPECT_EQ(again.as<IUnknown>().get(), allocator.get());
}

TEST_F(Malloc, IsNotThereForAnotherContext) {
  for (const DWORD context : {0u, 2u, 3u, 0xFFFFFFFFu}) {
    IMalloc* none = allocator.get();
    EXPECT_EQ(CoGetMalloc(context, &none), E_INVALIDARG);
    EXPECT_EQ(none, nullptr);
  }
  EXPECT_EQ(CoGetMalloc(MEMCTX_TASK, nullptr), E_INVALIDARG);
  EXPECT_EQ(CoGetMalloc(0, nullptr), E_INVALIDARG);
}

TEST_F(Malloc, AllocatesTaskMemory) {
  void* block = allocator->Alloc(10);
  EXPECT_EQ(live_task_allocations(), before + 1);
  EXPECT_EQ(allocator->GetSize(block), 10u);
  std::memcpy(block, "0123456789", 10);
  block = allocator->Realloc(block, 5000);
  EXPECT_EQ(std::string(static_cast<char*>(block), 10), "0123456789");
  EXPECT_EQ(allocator->GetSize(block), 5000u);
  CoTaskMemFree(block);

  void* const other = CoTaskMemAlloc(0);
  EXPECT_EQ(allocator->GetSize(other), 0u);
  allocator->Free(other);
  allocator->Free(nullptr);
  EXPECT_EQ(allocator->Realloc(allocator->Realloc(nullptr, 3), 0), nullptr);
}

TEST_F(Malloc, KnowsItsOwnBlocks) {
  void* const block = allocator->Alloc(64);
  EXPECT_EQ(allocator->DidAlloc(block), 1);
  EXPECT_EQ(allocator->DidAlloc(static_cast<char*>(block) + 4), 0);
  EXPECT_EQ(allocator->DidAlloc(static_cast<char*>(block) + 16), 0);
  allocator->Free(block);
}

TEST_F(Malloc, SaysThatOtherMemoryIsNotItsOwn) {
  alignas(64) char on_the_stack[64] = {};
  EXPECT_EQ(allocator->DidAlloc(on_the_stack + 32), 0);
  EXPECT_EQ(allocator->DidAlloc(reinterpret_cast<void*>(0x10)), 0);
  EXPECT_EQ(allocator->DidAlloc(reinterpret_cast<void*>(0xdeadbeef)), 0);
  BSTR const string = SysAllocString(u"its block begins before its characters");
  EXPECT_EQ(allocator->DidAlloc(string), 0);
  SysFreeString(string);
}

TEST_F(Malloc, LooksAtNoMemoryThatCannotBeRead) {
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  void* const pages =
      ::mmap(nullptr, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(pages, MAP_FAILED);
  ASSERT_EQ(::mprotect(pages, page, PROT_NONE), 0);
  EXPECT_EQ(allocator->DidAlloc(static_cast<char*>(pages) + page), 0);
  EXPECT_EQ(::munmap(pages, 2 * page), 0);
}

TEST_F(Malloc, CannotTellOfNull) {
  EXPECT_EQ(allocator->DidAlloc(nullptr), -1);
  EXPECT_EQ(allocator->GetSize(nullptr), static_cast<SIZE_T>(-1));
}

TEST_F(Malloc, GivesFreeMemoryBackWithoutTouchingBlocks) {
  void* const block = allocator->Alloc(3);
  std::memcpy(block, "ab", 3);
  allocator->HeapMinimize();
  EXPECT_STREQ(static_cast<char*>(block), "ab");
  allocator->Free(block);
}

}  // namespace
}  // namespace insula::core_tests
