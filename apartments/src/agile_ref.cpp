// SPDX-License-Identifier: MIT
#include <insula/apartments/agile_ref.hpp>

#include "apartment_core.hpp"

#include <insula/marshal/disconnect.hpp>
#include <insula/marshal/interface_proxy_base.hpp>

#include <vector>

namespace insula::detail {
namespace {

class unlocked_object final : public exporter_work {
 public:
  explicit unlocked_object(IUnknown* object) : object_(object) {}
  void run() noexcept override { (void)CoLockObjectExternal(object_, 0, 1); }

 private:
  IUnknown* object_;
};

}  // namespace

anchored_pointer::anchored_pointer(apartment home, IUnknown* object)
    : home_(std::move(home)),
      object_(object),
      is_proxy_(throw_if_failed(is_proxy(object)) == S_OK) {
  if (is_proxy_) {
    object_->AddRef();
  } else {
    throw_if_failed(CoLockObjectExternal(object_, 1, 1));
  }
}

anchored_pointer::~anchored_pointer() {
  if (is_proxy_) {
    object_->Release();
  } else if (home_.is_current()) {
    (void)CoLockObjectExternal(object_, 0, 1);
  } else {
    // Refused when the apartment has closed: then the lock has ended with it.
    (void)home_.core()->post(std::make_unique<unlocked_object>(object_));
  }
}

HRESULT anchored_pointer::resolve(REFIID iid, void** out) const {
  *out = nullptr;
  if (home_.is_current() && !home_.core()->closed()) return object_->QueryInterface(iid, out);
  if (current_exporter() == nullptr)
    return set_error(CO_E_NOTINITIALIZED, "agile_ref: the calling thread is in no apartment. Enter "
                                          "one (sta_lease, mta_lease, CoInitializeEx) first.");
  std::vector<std::byte> packet;
  HRESULT code = S_OK;
  const HRESULT ran = home_.core()->call([&] {
    code = abi_guard([&] {
      packet.resize(interface_packet_size_max(iid, object_));
      std::size_t written = 0;
      const HRESULT marshaled = write_interface_packet(iid, object_, packet, &written);
      packet.resize(SUCCEEDED(marshaled) ? written : 0);
      return marshaled;
    });
  });
  if (FAILED(ran))
    return set_error(ran,
                     "agile_ref: the object could not be reached in " + home_.description() +
                         ", where the pointer was made: " + why_refused(ran));
  if (FAILED(code))
    return set_error(code, "agile_ref: the object could not be marshaled in " +
                               home_.description() + ": " + std::string(hresult_text(code)));
  return read_interface_packet(packet, iid, out);
}

}  // namespace insula::detail
