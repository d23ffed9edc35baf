// SPDX-License-Identifier: MIT
// refused: lists an interface together with one that derives from it
#include <insula/core/implements.hpp>

struct IBase : insula::IUnknown {
  virtual int base() = 0;
};
INSULA_IID(IBase, insula::IUnknown, "2f3c1f5e-7a54-4d0e-9b3e-00000000001d")

struct IDerived : IBase {
  virtual int derived() = 0;
};
INSULA_IID(IDerived, IBase, "2f3c1f5e-7a54-4d0e-9b3e-00000000001e")

#ifndef INSULA_ACCEPTED
class both : public insula::implements<both, IBase, IDerived> {
#else
class both : public insula::implements<both, IDerived> {
#endif
 public:
  int base() override { return 1; }
  int derived() override { return 2; }
};

insula::com_ptr<both> make_both() { return insula::make<both>(); }
