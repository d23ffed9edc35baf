// SPDX-License-Identifier: MIT
#include "insula/core/object_state.hpp"

#include "live_count.hpp"
#include "weak_block.hpp"

#include <new>

namespace insula {
namespace {
constinit live_count live_object_count;
}

std::size_t live_objects() noexcept { return live_object_count.value(); }

namespace detail {

object_state::object_state() noexcept { live_object_count.add(1); }

object_state::~object_state() {
  // A constructor that threw gets here without close.
  drop_weak_block();
  live_object_count.add(-1);
}

void object_state::close() noexcept {
  // In this order: while a weak reference can still find the object, its count must be 0.
  drop_weak_block();
  count_.store(destroying, std::memory_order_relaxed);
}

void object_state::drop_weak_block() noexcept {
  weak_block* const block = weak_.exchange(nullptr, std::memory_order_acquire);
  if (block == nullptr) return;
  block->forget_object();
  block->Release();
}

HRESULT object_state::weak_source(IUnknown* identity, void** out) noexcept {
  *out = nullptr;
  weak_block* block = weak_.load(std::memory_order_acquire);
  if (block == nullptr) {
    if (count_.load(std::memory_order_relaxed) >= destroying) return CO_E_RELEASED;
    weak_block* const fresh = new (std::nothrow) weak_block(identity, count_);
    if (fresh == nullptr) return E_OUTOFMEMORY;
    if (weak_.compare_exchange_strong(block, fresh, std::memory_order_acq_rel)) block = fresh;
    else fresh->Release();
  }
  *out = block->source();
  block->source()->AddRef();
  return S_OK;
}

}  // namespace detail
}  // namespace insula
