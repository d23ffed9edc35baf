// SPDX-License-Identifier: MIT
// Ends with 0 when the floor interop works: a class that nobody registered is not found.
#include <insula/apartments/sta.hpp>
#include <insula/core/com_ptr.hpp>
#include <insula/core/hresult.hpp>
#include <insula/interop/class_object.hpp>

int main() {
  const insula::sta_lease here("main");
  constexpr insula::CLSID nobody = insula::guid("7d2b1c40-5a1e-4c0b-9b0e-0d7a8f6c3e23");
  insula::com_ptr<insula::IUnknown> made;
  const insula::HRESULT result =
      insula::CoCreateInstance(nobody, nullptr, insula::CLSCTX_INPROC_SERVER,
                               insula::IID_IUnknown, made.put_void());
  return result == insula::REGDB_E_CLASSNOTREG && !made ? 0 : 1;
}
