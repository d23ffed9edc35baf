// SPDX-License-Identifier: MIT
// refused: IHeavy holds data: an interface has only functions
#include <insula/core/unknown.hpp>

struct IHeavy : insula::IUnknown {
#ifndef INSULA_ACCEPTED
  int weight;
#endif
};
INSULA_IID(IHeavy, insula::IUnknown, "2f3c1f5e-7a54-4d0e-9b3e-000000000002")
