// SPDX-License-Identifier: MIT
// refused: Insula: an interface derives from its base once and not virtually
#include <insula/marshal/interface.hpp>

#ifdef INSULA_ACCEPTED
struct IShared : insula::IUnknown {
#else
struct IShared : virtual insula::IUnknown {
#endif
  virtual insula::HRESULT Put(int value) = 0;
};
INSULA_INTERFACE(IShared, insula::IUnknown, "2f3c1f5e-7a54-4d0e-9b3e-000000000027", (Put));
