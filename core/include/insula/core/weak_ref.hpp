// SPDX-License-Identifier: MIT
#pragma once

#include <insula/core/com_ptr.hpp>
#include <insula/core/weak_reference.hpp>

namespace insula {

/// Refers to an object without keeping it alive.
///
///     weak_ref<IView> view{strong};
///     if (com_ptr<IView> here = view.resolve()) here->Draw();
///
/// From: one thread at a time for one weak_ref; the object itself may end on any thread meanwhile.
template <class I>
class weak_ref {
 public:
  weak_ref() noexcept = default;
  /// Null gives an empty reference. Fails: throws com_error, E_NOINTERFACE when the object cannot
  /// be referred to weakly.
  explicit weak_ref(I* object) {
    if (object == nullptr) return;
    com_ptr<IWeakReferenceSource> source;
    HRESULT code = query_interface(object, &source);
    if (SUCCEEDED(code)) code = source->GetWeakReference(reference_.put());
    if (FAILED(code)) detail::throw_query_failed(code, iid_of<IWeakReferenceSource>());
  }
  explicit weak_ref(const com_ptr<I>& object) : weak_ref(object.get()) {}

  /// The object, held; empty once its last strong reference has gone.
  [[nodiscard]] com_ptr<I> resolve() const {
    com_ptr<I> object;
    if (!reference_) return object;
    const HRESULT code = reference_->Resolve(iid_of<I>(), object.put_void());
    if (FAILED(code)) detail::throw_query_failed(code, iid_of<I>());
    return object;
  }

  /// True when it refers to an object, alive or not.
  explicit operator bool() const noexcept { return static_cast<bool>(reference_); }
  void reset() noexcept { reference_.reset(); }

 private:
  com_ptr<IWeakReference> reference_;  // owner: whoever uses this weak_ref
};

template <class I>
weak_ref(const com_ptr<I>&) -> weak_ref<I>;
template <class I>
weak_ref(I*) -> weak_ref<I>;

}  // namespace insula
