// SPDX-License-Identifier: MIT
#include "apartment_call.hpp"

#include <insula/core/error_info.hpp>

namespace insula {

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
  interface_parcel packet;
  com_ptr<IErrorInfo> why;
  const HRESULT code = home.invoke([&]() -> HRESULT {
    const HRESULT made = abi_guard([&]() -> HRESULT {
      com_ptr<IUnknown> object;
      const HRESULT got = get(&object);
      return FAILED(got) ? got : packet.pack(iid, object.get());
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
  return packet.unpack(iid, out);
}

}  // namespace insula
