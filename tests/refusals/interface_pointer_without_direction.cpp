// SPDX-License-Identifier: MIT
// refused: a pointer to a non-const type does not say which way it goes
// refused: ISilent, ISilent_description::method_Put, 2,
#include <insula/marshal/interface.hpp>

struct ISilent : insula::IUnknown {
  virtual insula::HRESULT Put(int key, int* value) = 0;
};
#ifdef INSULA_ACCEPTED
INSULA_INTERFACE(ISilent, insula::IUnknown, "2f3c1f5e-7a54-4d0e-9b3e-000000000011",
                 (Put, in("key"), out("value")));
#else
INSULA_INTERFACE(ISilent, insula::IUnknown, "2f3c1f5e-7a54-4d0e-9b3e-000000000011", (Put));
#endif
