// SPDX-License-Identifier: MIT
#pragma once

#include <insula/core/com_ptr.hpp>
#include <insula/core/unknown.hpp>

namespace insula {

class exported_interface;
class object_exporter;

/// A reference to one interface of one object, from which every apartment can make a pointer of its
/// own, any number of times. What a packet is for one client, this is for all of them.
///
/// It is kept where the object lives and nowhere else: made from a proxy it does not depend on the
/// apartment that the proxy belongs to. It keeps the object exported and alive until it goes, the
/// object is disconnected (CoDisconnectObject) or its apartment closes. From: any thread, unless
/// said otherwise; it may end on any thread, also after the object's apartment has closed. What
/// follows from its end happens inside that apartment: here, if the calling thread is inside, else
/// later.
class standing_reference {
 public:
  /// From: the apartment in which `object` may be used: an object of that apartment, or a proxy.
  /// When nobody knows how to marshal `iid`, it stands for IUnknown.
  /// Waits: only for a proxy that does not have `iid` yet. Runs your code: QueryInterface,
  /// IExternalConnection. Fails (com_error): as CoMarshalInterface.
  standing_reference(REFIID iid, IUnknown* object);
  ~standing_reference();
  standing_reference(const standing_reference&) = delete;
  standing_reference& operator=(const standing_reference&) = delete;

  /// `*out`: a counted pointer to `iid` for use in the calling apartment: from the object itself if
  /// it lives here, else from its proxy. From: any apartment.
  /// Waits: never for the interface that it was made with; for another one as a proxy's
  /// QueryInterface does. Runs your code: QueryInterface, where the object lives.
  /// Fails: CO_E_NOTINITIALIZED; RPC_E_DISCONNECTED when the object was disconnected or its
  /// apartment has closed; E_NOINTERFACE.
  HRESULT resolve(REFIID iid, void** out) const;

 private:
  HRESULT import_into(object_exporter& importer, REFIID iid, void** out) const;

  com_ptr<exported_interface> target_;  // fixed; holds the references of one packet
};

}  // namespace insula
