// SPDX-License-Identifier: MIT
// refused: has several of: overloaded methods need names of their own
// refused: ITwice_description::method_Put
// refused: ITwice_description::method_Misspelt
// refused: names something that is no method of the interface
// refused: ITwice_description::method_Shared
#include <insula/marshal/interface.hpp>

struct ITwice : insula::IUnknown {
  virtual insula::HRESULT Put(int value) = 0;
#ifndef INSULA_ACCEPTED
  virtual insula::HRESULT Put(double value) = 0;
#endif
  static insula::HRESULT Shared(int value);
};
#ifndef INSULA_ACCEPTED
INSULA_INTERFACE(ITwice, insula::IUnknown, "2f3c1f5e-7a54-4d0e-9b3e-00000000001b", (Put),
                 (Misspelt), (Shared));
#else
INSULA_INTERFACE(ITwice, insula::IUnknown, "2f3c1f5e-7a54-4d0e-9b3e-00000000001b", (Put));
#endif
