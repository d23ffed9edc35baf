// SPDX-License-Identifier: MIT
#include "weak_block.hpp"

#include "insula/core/com_ptr.hpp"

namespace insula::detail {

HRESULT weak_block::QueryInterface(REFIID iid, void** out) {
  if (out == nullptr) return E_POINTER;
  *out = nullptr;
  if (iid != iid_of<IUnknown>() && iid != iid_of<IWeakReference>()) return E_NOINTERFACE;
  *out = static_cast<IWeakReference*>(this);
  AddRef();
  return S_OK;
}

ULONG weak_block::Release() {
  const ULONG left = weak_.fetch_sub(1, std::memory_order_acq_rel) - 1;
  if (left == 0) delete this;
  return left;
}

HRESULT weak_block::Resolve(REFIID iid, void** out) {
  if (out == nullptr) return E_POINTER;
  *out = nullptr;
  IUnknown* const object = hold_object();
  if (object == nullptr) return S_OK;
  const com_ptr<IUnknown> held(object, take_ownership);
  return held->QueryInterface(iid, out);
}

IUnknown* weak_block::hold_object() {
  const mutex_lock lock(guard_);
  if (object_ == nullptr) return nullptr;
  // The object is still there, but its last reference may just have gone: 0 stays 0.
  ULONG count = strong_.load(std::memory_order_relaxed);
  do {
    if (count == 0) return nullptr;
  } while (!strong_.compare_exchange_weak(count, count + 1, std::memory_order_acquire,
                                          std::memory_order_relaxed));
  return object_;
}

void weak_block::forget_object() {
  const mutex_lock lock(guard_);
  object_ = nullptr;
}

HRESULT weak_block::object_source::GetWeakReference(IWeakReference** out) {
  if (out == nullptr) return E_POINTER;
  *out = &block_;
  block_.AddRef();
  return S_OK;
}

}  // namespace insula::detail
