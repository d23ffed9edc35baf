// SPDX-License-Identifier: MIT
#pragma once

#include "insula/core/thread_safety.hpp"
#include "insula/core/weak_reference.hpp"

#include <atomic>

namespace insula::detail {

/// What outlives an object that was ever referred to weakly.
///
/// It is the IWeakReference that callers hold, and it carries the object's IWeakReferenceSource,
/// whose references are strong references to the object.
///
///   object ──owns one──> weak_block <──own one each── IWeakReference pointers
///      ^──── source(): counts are the object's ──┘
class weak_block final : public IWeakReference {
 public:
  weak_block(IUnknown* object, std::atomic<ULONG>& strong) noexcept
      : source_(*this, object), strong_(strong), object_(object) {}

  HRESULT QueryInterface(REFIID iid, void** out) override;
  ULONG AddRef() override { return weak_.fetch_add(1, std::memory_order_relaxed) + 1; }
  ULONG Release() override;
  HRESULT Resolve(REFIID iid, void** out) override;

  /// The strong count has reached 0: from now on Resolve gives null. On return no Resolve is
  /// touching the object any more.
  void forget_object();

  IWeakReferenceSource* source() noexcept { return &source_; }

 private:
  class object_source final : public IWeakReferenceSource {
   public:
    object_source(weak_block& block, IUnknown* object) noexcept : block_(block), object_(object) {}
    HRESULT QueryInterface(REFIID iid, void** out) override {
      return object_->QueryInterface(iid, out);
    }
    ULONG AddRef() override { return object_->AddRef(); }
    ULONG Release() override { return object_->Release(); }
    HRESULT GetWeakReference(IWeakReference** out) override;

   private:
    weak_block& block_;  // fixed
    IUnknown* object_;   // fixed; alive while anybody holds this source
  };

  IUnknown* hold_object();

  object_source source_;        // fixed
  std::atomic<ULONG>& strong_;  // atomic: the object's count; gone when object_ is null
  std::atomic<ULONG> weak_{1};  // atomic: the object's one and those of the callers
  mutex guard_;
  IUnknown* object_ INSULA_GUARDED_BY(guard_);
};

}  // namespace insula::detail
