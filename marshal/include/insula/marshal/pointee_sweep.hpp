// SPDX-License-Identifier: MIT
#pragma once

#include <insula/core/unknown.hpp>

#include <cstddef>
#include <unordered_set>
#include <vector>

namespace insula {

/// Frees what hangs below raw pointers (`ndr_codec::free`) without recursion and without freeing
/// anything twice, however the pointees are linked. While a sweep lives on this thread it only
/// gathers; when it ends it walks all that was gathered, gives back the memory, then releases the
/// interface pointers. A sweep inside another one adds to the outer.
///
///     {
///       const pointee_sweep together;  // two arguments may point at one object
///       ndr_codec<A>::free(a);
///       ndr_codec<B>::free(b);
///     }
///
/// Should there be no memory for the list of what is left to walk, the rest stays allocated.
/// Runs your code: the Release of interface pointers, after everything else.
class pointee_sweep {
 public:
  pointee_sweep() noexcept;
  ~pointee_sweep();
  pointee_sweep(const pointee_sweep&) = delete;
  pointee_sweep& operator=(const pointee_sweep&) = delete;

  /// Frees task memory. `walk(memory)`, if not null, frees what lies inside: it calls back here.
  static void free(void* memory, void (*walk)(void*) noexcept) noexcept;
  /// The same for an array of `count` elements, which `walk` is told too.
  static void free(void* memory, std::size_t count,
                   void (*walk)(void*, std::size_t) noexcept) noexcept;

  /// Releases an interface pointer.
  static void release(IUnknown* object) noexcept;

 private:
  struct pending {
    void* memory;
    std::size_t count;
    void (*walk_one)(void*) noexcept;
    void (*walk_all)(void*, std::size_t) noexcept;
  };
  static thread_local pointee_sweep* current_;

  static void free(const pending& one) noexcept;
  void gather(const pending& one) noexcept;
  void gather(IUnknown* object) noexcept;

  std::vector<pending> to_walk_;
  std::unordered_set<void*> memory_;
  std::vector<IUnknown*> objects_;
};

}  // namespace insula
