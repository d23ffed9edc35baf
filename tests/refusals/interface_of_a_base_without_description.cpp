// SPDX-License-Identifier: MIT
// refused: the base interface has no description
#include <insula/marshal/interface.hpp>

struct IHalf : insula::IUnknown {
  virtual insula::HRESULT First() = 0;
};
#ifdef INSULA_ACCEPTED
INSULA_INTERFACE(IHalf, insula::IUnknown, "2f3c1f5e-7a54-4d0e-9b3e-000000000018", (First));
#else
INSULA_IID(IHalf, insula::IUnknown, "2f3c1f5e-7a54-4d0e-9b3e-000000000018")
#endif
struct IWhole : IHalf {
  virtual insula::HRESULT Second() = 0;
};
INSULA_INTERFACE(IWhole, IHalf, "2f3c1f5e-7a54-4d0e-9b3e-000000000019", (Second));
