// SPDX-License-Identifier: MIT
#pragma once

#include <insula/apartments/apartment.hpp>

#include <memory>
#include <utility>

namespace insula {

namespace detail {

/// One pointer kept alive in the apartment it belongs to, released there: an object by a lock on
/// its stub, which ends with the apartment; a proxy by a reference, which any thread may give back.
class anchored_pointer {
 public:
  anchored_pointer(apartment home, IUnknown* object);
  ~anchored_pointer();
  anchored_pointer(const anchored_pointer&) = delete;
  anchored_pointer& operator=(const anchored_pointer&) = delete;

  /// `*out`: interface `iid` for use in the calling apartment.
  HRESULT resolve(REFIID iid, void** out) const;

 private:
  const apartment home_;
  IUnknown* const object_;
  const bool is_proxy_;
};

}  // namespace detail

/// A pointer that may travel: made in one apartment, copied and destroyed anywhere, resolved to the
/// right thing in whichever apartment asks: the object itself at home, a proxy elsewhere.
///
///     insula::agile_ref<IDisplay> display(raw);             // in the display's apartment
///     worker([display] { display.get()->Show("hello"); });  // in any other
///
/// Keeps the object alive. It is released in the apartment where the agile_ref was made, or with
/// that apartment if it closes first.
template <class I>
class agile_ref {
 public:
  agile_ref() noexcept = default;
  /// From: an apartment in which `pointer` may be used. Fails (com_error):
  /// CO_E_NOTINITIALIZED; RPC_E_WRONG_THREAD for a proxy of another apartment.
  explicit agile_ref(I* pointer)
      : anchor_(pointer == nullptr ? nullptr
                                   : std::make_shared<detail::anchored_pointer>(
                                         apartment::current(), pointer)) {}
  explicit agile_ref(const com_ptr<I>& pointer) : agile_ref(pointer.get()) {}

  explicit operator bool() const noexcept { return anchor_ != nullptr; }

  /// The pointer for the calling apartment. Empty gives empty.
  /// Waits: as a call does, in a foreign apartment. Fails (com_error): RPC_E_DISCONNECTED when the
  /// apartment it was made in has closed; CO_E_NOTINITIALIZED; E_NOINTERFACE.
  [[nodiscard]] com_ptr<I> get() const {
    com_ptr<I> resolved;
    if (anchor_) throw_if_failed(anchor_->resolve(iid_of<I>(), resolved.put_void()));
    return resolved;
  }

 private:
  std::shared_ptr<const detail::anchored_pointer> anchor_;
};

}  // namespace insula
