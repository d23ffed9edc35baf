// SPDX-License-Identifier: MIT
// refused: the description leaves out a method of the interface
#include <insula/marshal/interface.hpp>

struct IShort : insula::IUnknown {
  virtual insula::HRESULT First() = 0;
  virtual insula::HRESULT Second() = 0;
};
#ifdef INSULA_ACCEPTED
INSULA_INTERFACE(IShort, insula::IUnknown, "2f3c1f5e-7a54-4d0e-9b3e-000000000013", (First),
                 (Second));
#else
INSULA_INTERFACE(IShort, insula::IUnknown, "2f3c1f5e-7a54-4d0e-9b3e-000000000013", (First));
#endif
