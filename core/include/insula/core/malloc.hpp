// SPDX-License-Identifier: MIT
//
// Task memory (task_memory.hpp) as an object. Signatures and meaning are those of the Microsoft
// reference pages "IMalloc" and "CoGetMalloc".
#pragma once

#include <insula/core/hresult.hpp>
#include <insula/core/unknown.hpp>

#include <cstddef>

namespace insula {

using SIZE_T = std::size_t;

/// Which allocator CoGetMalloc is asked for; there is one.
inline constexpr DWORD MEMCTX_TASK = 1;

struct IMalloc : IUnknown {
  /// As CoTaskMemAlloc, CoTaskMemRealloc, CoTaskMemFree.
  virtual void* Alloc(SIZE_T size) = 0;
  virtual void* Realloc(void* block, SIZE_T size) = 0;
  virtual void Free(void* block) = 0;
  /// The size that was asked for; all bits set for null.
  virtual SIZE_T GetSize(void* block) = 0;
  /// 1: a block of task memory that has not been freed; 0: none. -1 when it cannot tell: for null,
  /// and where the process may not look at memory that it knows nothing about.
  virtual int DidAlloc(void* block) = 0;
  /// Gives memory that is free back to the system.
  virtual void HeapMinimize() = 0;
};

INSULA_IID(IMalloc, IUnknown, "00000002-0000-0000-c000-000000000046")

/// `*out` is the allocator of task memory, always the same. It needs no apartment and may be used
/// from any thread and apartment. Fails, with null in `*out`: E_INVALIDARG for a null `out`, or
/// another context than MEMCTX_TASK.
extern "C" HRESULT CoGetMalloc(DWORD context, IMalloc** out);

}  // namespace insula
