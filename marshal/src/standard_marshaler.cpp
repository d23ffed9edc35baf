// SPDX-License-Identifier: MIT
#include "standard_marshaler.hpp"

#include "exported_interface.hpp"
#include "failure_text.hpp"
#include "marshal_tables.hpp"
#include "proxy_manager.hpp"

#include <insula/core/error_info.hpp>
#include <insula/marshal/rpc.hpp>

namespace insula {

namespace {

constexpr std::string_view marshal_attempt = "CoMarshalInterface";
constexpr std::string_view unmarshal_attempt = "CoUnmarshalInterface";

HRESULT fail(HRESULT code, std::string_view attempt, REFIID iid, const object_exporter* into,
             std::string_view reason) {
  return set_error(code, text_failed(attempt, iid, into, reason), iid);
}

/// The proxy manager that `object` belongs to, or null for an object of this apartment. An object
/// that only has a proxy inside, and passes questions on to it, is an object.
com_ptr<IStandardProxy> find_proxy(IUnknown* object) {
  com_ptr<IUnknown> identity;
  com_ptr<IStandardProxy> proxy;
  if (FAILED(query_interface(object, &proxy))) return nullptr;
  if (FAILED(query_interface(object, &identity))) return nullptr;
  return identity.get() == proxy->manager().identity() ? proxy : nullptr;
}

HRESULT export_object(object_exporter& exporter, REFIID iid, IUnknown* object,
                      object_reference* out) {
  com_ptr<stub_manager> manager;
  HRESULT code = exporter.tables().exports.hold(object, &manager);
  // A proxy that cannot be used here has explained that already.
  if (code == RPC_E_WRONG_THREAD || code == CO_E_OBJNOTCONNECTED) return code;
  if (FAILED(code))
    return fail(code, marshal_attempt, iid, nullptr,
                code == CO_E_SERVER_STOPPING ? "the apartment is closing and exports nothing more"
                                             : "the object does not answer for IUnknown");
  std::string failure;
  {
    // Ends before anything is explained: what it ends may leave errors of its own.
    const stub_manager::held_export held(*manager);
    com_ptr<exported_interface> target;
    code = manager->export_interface(iid, &target, &failure);
    if (SUCCEEDED(code)) *out = {iid, exporter.id(), manager->id(), target->id()};
  }
  if (SUCCEEDED(code)) return code;
  if (failure.empty()) failure = "the object was disconnected meanwhile";
  return fail(code, marshal_attempt, iid, nullptr, failure);
}

/// The references of a packet that came home: given back at the end, whatever the object does.
class spent_packet {
 public:
  explicit spent_packet(const exported_interface& target) noexcept : target_(target) {}
  ~spent_packet() { target_.manager().drop_references(target_, packet_references, false); }
  spent_packet(const spent_packet&) = delete;
  spent_packet& operator=(const spent_packet&) = delete;

 private:
  const exported_interface& target_;
};

/// A packet that came home: the object's own pointer, and nobody outside holds it through this
/// packet any more. The packet is used up even if the object lacks the interface, or throws.
HRESULT unmarshal_at_home(stub_manager& manager, const exported_interface& target, REFIID iid,
                          void** out) {
  HRESULT code = S_OK;
  {
    const spent_packet spent(target);
    code = manager.query_object(iid, out);
  }
  if (SUCCEEDED(code)) return code;
  return fail(code, unmarshal_attempt, iid, &target.home(),
              code == CO_E_OBJNOTCONNECTED ? "the object was disconnected"
                                           : "the object does not have this interface");
}

/// The references of a packet between the moment they were taken and the moment a proxy has them;
/// on the way back by any door the packet is good again.
class claimed_packet {
 public:
  explicit claimed_packet(const com_ptr<exported_interface>& target) : target_(target) {}
  ~claimed_packet() {
    if (target_ != nullptr) target_->manager().return_packet(*target_);
  }
  claimed_packet(const claimed_packet&) = delete;
  claimed_packet& operator=(const claimed_packet&) = delete;
  void keep() noexcept { target_.reset(); }

 private:
  com_ptr<exported_interface> target_;  // owner
};

/// A null `target` makes a proxy of an object that is gone; its calls will say so.
HRESULT unmarshal_as_proxy(object_exporter& importer, object_exporter& home,
                           const object_reference& reference, const com_ptr<stub_manager>& manager,
                           const com_ptr<exported_interface>& target, REFIID iid, void** out,
                           bool* consumed) {
  claimed_packet packet(target);
  const com_ptr<proxy_manager> proxy =
      importer.tables().imports.find_or_make(home, reference.object, manager);
  if (proxy == nullptr)
    return fail(CO_E_NOTINITIALIZED, unmarshal_attempt, iid, &home,
                "the calling apartment has closed");
  const HRESULT code = proxy->add_interface(reference.iid, reference.interface_id, target,
                                            target != nullptr ? packet_references : 0);
  if (FAILED(code)) return code;
  packet.keep();
  *consumed = true;
  return proxy->QueryInterface(iid, out);
}

}  // namespace

HRESULT check_marshaling(REFIID iid, DWORD destination, DWORD flags) {
  if (destination > MSHCTX_CROSSCTX ||
      (flags & ~DWORD{MSHLFLAGS_TABLESTRONG | MSHLFLAGS_TABLEWEAK | MSHLFLAGS_NOPING}) != 0)
    return fail(E_INVALIDARG, marshal_attempt, iid, nullptr,
                "the destination or the flags are none that exist");
  if ((flags & (MSHLFLAGS_TABLESTRONG | MSHLFLAGS_TABLEWEAK)) != 0)
    return fail(CO_E_NOT_SUPPORTED, marshal_attempt, iid, nullptr,
                "only normal packets can be made: marshal once for each client");
  if (destination != MSHCTX_INPROC && destination != MSHCTX_CROSSCTX)
    return fail(CO_E_NOT_SUPPORTED, marshal_attempt, iid, nullptr,
                "there is no channel to another process: marshal for MSHCTX_INPROC");
  return S_OK;
}

HRESULT make_reference(object_exporter& exporter, REFIID iid, IUnknown* object, DWORD destination,
                       DWORD flags, object_reference* out) {
  const HRESULT code = check_marshaling(iid, destination, flags);
  if (FAILED(code)) return code;
  if (iid == IID_NULL)
    return fail(E_INVALIDARG, marshal_attempt, iid, nullptr, "a packet must name an interface");
  if (const com_ptr<IStandardProxy> proxy = find_proxy(object))
    return proxy->manager().make_packet(iid, out);
  return export_object(exporter, iid, object, out);
}

HRESULT resolve_reference(object_exporter& importer, const object_reference& reference, REFIID iid,
                          void** out, bool* consumed) {
  *out = nullptr;
  *consumed = false;
  const IID& wanted = iid == IID_NULL ? reference.iid : iid;
  const com_ptr<object_exporter> home = find_exporter(reference.home);
  if (home == nullptr)
    return fail(CO_E_OBJNOTCONNECTED, unmarshal_attempt, wanted, nullptr,
                "the apartment that the packet names has closed, or never was in this process");
  com_ptr<stub_manager> manager = home->tables().exports.find(reference.object);
  com_ptr<exported_interface> target;
  packet_claim claim = packet_claim::gone;
  if (manager != nullptr) {
    target = manager->find_interface(reference.interface_id);
    if (target != nullptr ? target->iid() != reference.iid : !manager->ended())
      return fail(RPC_E_INVALID_OBJREF, unmarshal_attempt, wanted, home.get(),
                  "the packet names an interface that the object never exported");
    if (target != nullptr) claim = manager->claim_packet(*target, importer.id());
  }
  const bool at_home = home.get() == &importer;
  if (claim == packet_claim::used_up || (claim == packet_claim::gone && at_home))
    return fail(CO_E_OBJNOTCONNECTED, unmarshal_attempt, wanted, home.get(),
                "the packet was unmarshaled or released before: marshal once for each client");
  if (at_home) {
    *consumed = true;
    return unmarshal_at_home(*manager, *target, wanted, out);
  }
  if (claim == packet_claim::gone) target.reset();
  return unmarshal_as_proxy(importer, *home, reference, manager, target, wanted, out, consumed);
}

HRESULT release_reference(const object_reference& reference) noexcept {
  const com_ptr<object_exporter> home = find_exporter(reference.home);
  if (home == nullptr) return S_OK;
  const com_ptr<stub_manager> manager = home->tables().exports.find(reference.object);
  if (manager == nullptr) return S_OK;
  const com_ptr<exported_interface> target = manager->find_interface(reference.interface_id);
  if (target == nullptr) return S_OK;
  if (manager->claim_packet(*target, oxid{}) == packet_claim::taken)
    manager->drop_references(*target, packet_references, true);
  return S_OK;
}

}  // namespace insula
