// SPDX-License-Identifier: MIT
#pragma once

#include <insula/core/com_ptr.hpp>
#include <insula/core/exception.hpp>
#include <insula/marshal/standing_reference.hpp>

#include <memory>

namespace insula {

/// A pointer that may travel: made in one apartment, copied and destroyed anywhere, resolved to the
/// right thing in whichever apartment asks: the object itself at home, a proxy elsewhere.
///
///     insula::agile_ref<IDisplay> display(raw);             // in the display's apartment
///     worker([display] { display.get()->Show("hello"); });  // in any other
///
/// Keeps the object alive, until the object is disconnected or its apartment closes. It depends on
/// the object's apartment alone: made from a proxy, it outlives the apartment of the proxy. The
/// last copy may go on any thread; the object is released in its own apartment.
template <class I>
class agile_ref {
 public:
  agile_ref() noexcept = default;
  /// From: an apartment in which `pointer` may be used. Waits: as a call does, only for a proxy
  /// that does not have I itself (a pointer to a derived interface has). Runs your code:
  /// QueryInterface. Fails (com_error): CO_E_NOTINITIALIZED; RPC_E_WRONG_THREAD for a proxy of
  /// another apartment; RPC_E_DISCONNECTED for a proxy of an object that is gone;
  /// CO_E_SERVER_STOPPING in an apartment that closes.
  explicit agile_ref(I* pointer)
      : reference_(pointer == nullptr
                       ? nullptr
                       : std::make_shared<const standing_reference>(iid_of<I>(), pointer)) {}
  explicit agile_ref(const com_ptr<I>& pointer) : agile_ref(pointer.get()) {}

  explicit operator bool() const noexcept { return reference_ != nullptr; }

  /// The pointer for the calling apartment. Empty gives empty.
  /// Waits: never, unless nobody knows how to marshal I: then as a call does, to say so.
  /// Fails (com_error): RPC_E_DISCONNECTED when the object was disconnected or its apartment has
  /// closed; CO_E_NOTINITIALIZED; E_NOINTERFACE.
  [[nodiscard]] com_ptr<I> get() const {
    com_ptr<I> resolved;
    if (reference_) throw_if_failed(reference_->resolve(iid_of<I>(), resolved.put_void()));
    return resolved;
  }

 private:
  std::shared_ptr<const standing_reference> reference_;
};

}  // namespace insula
