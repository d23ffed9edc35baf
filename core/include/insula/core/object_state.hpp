// SPDX-License-Identifier: MIT
//
// What each object made by `implements` keeps: its count, its outer object, its weak block.
// For implements.hpp; `live_objects` is for everybody.
#pragma once

#include <insula/core/home.hpp>
#include <insula/core/unknown.hpp>

#include <atomic>
#include <cstddef>

namespace insula {

/// How many objects made from `implements` are alive in this process. Exact when no other thread
/// is making or ending one. From: any thread.
std::size_t live_objects() noexcept;

namespace detail {

class weak_block;

/// Life of the count: 1 at birth; 0 exactly once; then `destroying`, from where pairs of AddRef and
/// Release inside the destructor never reach 0 again.
class object_state {
 public:
  object_state() noexcept;
  ~object_state();
  object_state(const object_state&) = delete;
  object_state& operator=(const object_state&) = delete;

  ULONG add_ref() noexcept { return count_.fetch_add(1, std::memory_order_relaxed) + 1; }

  /// The count that is left. 0: the caller must `close` and end the object.
  ULONG release() noexcept { return count_.fetch_sub(1, std::memory_order_acq_rel) - 1; }

  /// From here on weak references resolve to nothing and the count cannot reach 0 again.
  void close() noexcept;

  /// A counted IWeakReferenceSource of the object whose identity is `identity`.
  /// Fails: E_OUTOFMEMORY; CO_E_RELEASED from the object's destructor.
  HRESULT weak_source(IUnknown* identity, void** out) noexcept;

  /// The running code's place is the object's home from now on. Before the object is shared.
  void settle_here() noexcept { home_ = current_home(); }
  /// True for an object that is used where it was made, or does not know where that was.
  bool at_home(std::string_view class_name, std::string_view entry) const noexcept {
    if (home_ == home_tag::none || surely_at(home_)) [[likely]]
      return true;
    return !is_away(home_, class_name, entry);
  }

  IUnknown* outer() const noexcept { return outer_; }
  void set_outer(IUnknown* outer) noexcept { outer_ = outer; }

 private:
  static constexpr ULONG destroying = 0x40000000;

  void drop_weak_block() noexcept;

  std::atomic<ULONG> count_{1};  // atomic: the decrement to 0 pairs with all earlier ones
  home_tag home_ = home_tag::none;  // fixed before the object is shared; none: not checked
  std::atomic<weak_block*> weak_{nullptr};  // atomic: set once, by whoever asks first
  IUnknown* outer_ = nullptr;               // fixed before the object is shared, not counted
};
static_assert(sizeof(object_state) == 3 * sizeof(void*), "the home lies where padding was");

}  // namespace detail
}  // namespace insula
