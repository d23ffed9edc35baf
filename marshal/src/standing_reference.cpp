// SPDX-License-Identifier: MIT
#include <insula/marshal/standing_reference.hpp>

#include "exported_interface.hpp"
#include "failure_text.hpp"
#include "marshal_tables.hpp"
#include "proxy_manager.hpp"
#include "standard_marshaler.hpp"

#include <insula/core/error_info.hpp>
#include <insula/core/exception.hpp>
#include <insula/marshal/rpc.hpp>

namespace insula {
namespace {

constexpr std::string_view making = "Making a reference that may travel";
constexpr std::string_view resolving = "Resolving a reference that may travel";

HRESULT gone(REFIID iid, const object_exporter& home) {
  return set_error(RPC_E_DISCONNECTED, text_object_gone(iid, home), iid);
}

/// Takes the references of a packet that nobody else has seen. Null: the object is gone meanwhile.
com_ptr<exported_interface> claimed(const object_reference& packet) {
  const com_ptr<object_exporter> home = find_exporter(packet.home);
  if (home == nullptr) return nullptr;
  const com_ptr<stub_manager> manager = home->tables().exports.find(packet.object);
  if (manager == nullptr) return nullptr;
  com_ptr<exported_interface> target = manager->find_interface(packet.interface_id);
  if (target == nullptr || manager->claim_packet(*target, oxid{}) != packet_claim::taken)
    return nullptr;
  return target;
}

}  // namespace

standing_reference::standing_reference(REFIID iid, IUnknown* object) {
  object_exporter* const here = current_exporter();
  if (here == nullptr) throw_if_failed(fail_without_apartment(making, iid));
  object_reference packet;
  const auto pack = [&](REFIID wanted) {
    return make_reference(*here, wanted, object, MSHCTX_INPROC, MSHLFLAGS_NORMAL, &packet);
  };
  HRESULT code = pack(iid);
  // What cannot be marshaled is good at home still; elsewhere the question for it says why not.
  if (code == E_NOINTERFACE && iid != IID_IUnknown) code = pack(IID_IUnknown);
  throw_if_failed(code);
  target_ = claimed(packet);
  if (target_ == nullptr) throw_if_failed(gone(iid, *here));
}

standing_reference::~standing_reference() {
  if (target_ != nullptr) target_->manager().drop_references(*target_, packet_references, true);
}

HRESULT standing_reference::resolve(REFIID iid, void** out) const {
  if (out == nullptr) return E_POINTER;
  *out = nullptr;
  return abi_guard([&]() -> HRESULT {
    object_exporter* const here = current_exporter();
    if (here == nullptr) return fail_without_apartment(resolving, iid);
    if (here != &target_->home()) return import_into(*here, iid, out);
    const HRESULT code = target_->manager().query_object(iid, out);
    return code == CO_E_OBJNOTCONNECTED ? gone(iid, *here) : code;
  });
}

HRESULT standing_reference::import_into(object_exporter& importer, REFIID iid, void** out) const {
  stub_manager& manager = target_->manager();
  if (manager.ended()) return gone(iid, target_->home());
  const com_ptr<proxy_manager> proxy = importer.tables().imports.find_or_make(
      target_->home(), manager.id(), com_ptr<stub_manager>(&manager));
  if (proxy == nullptr)
    return set_error(CO_E_NOTINITIALIZED,
                     text_failed(resolving, iid, &target_->home(),
                                 "the calling apartment has closed"),
                     iid);
  // References are added once: who resolves again and again must not count up without end.
  if (!proxy->has_interface(*target_)) {
    if (!manager.add_client(*target_, importer.id())) return gone(iid, target_->home());
    const HRESULT code = abi_guard([&] {
      return proxy->add_interface(target_->iid(), target_->id(), target_, packet_references);
    });
    if (FAILED(code)) {
      manager.drop_references(*target_, packet_references, true);
      return code;
    }
  }
  return proxy->QueryInterface(iid, out);
}

}  // namespace insula
