// SPDX-License-Identifier: MIT
#include "insula/core/malloc.hpp"

#include "task_block.hpp"

#include "insula/core/task_memory.hpp"

#include <malloc.h>

namespace insula {
namespace {

class task_allocator final : public IMalloc {
 public:
  HRESULT QueryInterface(REFIID iid, void** out) override {
    if (out == nullptr) return E_POINTER;
    *out = iid == iid_of<IUnknown>() || iid == iid_of<IMalloc>() ? this : nullptr;
    return *out != nullptr ? S_OK : E_NOINTERFACE;
  }
  ULONG AddRef() override { return 2; }
  ULONG Release() override { return 1; }

  void* Alloc(SIZE_T size) override { return CoTaskMemAlloc(size); }
  void* Realloc(void* block, SIZE_T size) override { return CoTaskMemRealloc(block, size); }
  void Free(void* block) override { CoTaskMemFree(block); }
  SIZE_T GetSize(void* block) override {
    return block == nullptr ? static_cast<SIZE_T>(-1) : task_block_size(block);
  }
  int DidAlloc(void* block) override { return is_task_block(block); }
  void HeapMinimize() override {
#ifdef __GLIBC__
    (void)::malloc_trim(0);
#endif
  }
};

}  // namespace

HRESULT CoGetMalloc(DWORD context, IMalloc** out) {
  static task_allocator& only = *new task_allocator;  // static objects may free at the very end
  if (out == nullptr) return E_INVALIDARG;
  *out = context == MEMCTX_TASK ? &only : nullptr;
  return *out != nullptr ? S_OK : E_INVALIDARG;
}

}  // namespace insula
