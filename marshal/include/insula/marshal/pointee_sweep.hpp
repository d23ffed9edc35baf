// SPDX-License-Identifier: MIT
#pragma once

#include <insula/core/unknown.hpp>

namespace insula {

/// Frees what hangs below raw pointers (`ndr_codec::free`) without recursion and without freeing
/// anything twice, however the pointees are linked: the outermost `free` on a thread walks all of
/// it first, then gives back memory and interface pointers. Should there be no memory for the list
/// of what is left to walk, the rest stays allocated.
/// Runs your code: the Release of interface pointers, after the walk.
class pointee_sweep {
 public:
  /// Frees task memory. `walk(memory)`, if not null, frees what lies inside: it may call back here.
  static void free(void* memory, void (*walk)(void*) noexcept) noexcept;

  /// Releases an interface pointer.
  static void release(IUnknown* object) noexcept;

 private:
  struct state;
  static thread_local state* current_;
};

}  // namespace insula
