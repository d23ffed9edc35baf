// SPDX-License-Identifier: MIT
#include "apartment_call.hpp"

#include <insula/core/error_info.hpp>

#include <vector>

namespace insula {
namespace {

HRESULT packed(REFIID iid, IUnknown* object, std::vector<std::byte>* packet) {
  packet->resize(interface_packet_size_max(iid, object));
  std::size_t written = 0;
  const HRESULT code = write_interface_packet(iid, object, *packet, &written);
  packet->resize(SUCCEEDED(code) ? written : 0);
  return code;
}

}  // namespace

HRESULT bring_interface(const apartment& home, REFIID iid,
                        function_ref<HRESULT(com_ptr<IUnknown>*)> get, void** out) {
  const auto direct = [&](com_ptr<IUnknown>& object) -> HRESULT {
    const HRESULT code = get(&object);
    return FAILED(code) ? code : object->QueryInterface(iid, out);
  };
  if (home.is_current()) {
    com_ptr<IUnknown> object;
    return direct(object);
  }
  std::vector<std::byte> packet;
  com_ptr<IErrorInfo> why;
  const HRESULT code = home.invoke([&]() -> HRESULT {
    const HRESULT made = abi_guard([&]() -> HRESULT {
      com_ptr<IUnknown> object;
      const HRESULT got = get(&object);
      return FAILED(got) ? got : packed(iid, object.get(), &packet);
    });
    if (FAILED(made)) {
      com_ptr<IErrorInfo> info;
      (void)GetErrorInfo(0, info.put());
      (void)abi_guard([&] { why = copy_error_info(info.get()); });
    }
    return made;
  });
  if (FAILED(code)) {
    (void)SetErrorInfo(0, why.get());
    return code;
  }
  return take_interface_packet(packet, iid, out);
}

}  // namespace insula
