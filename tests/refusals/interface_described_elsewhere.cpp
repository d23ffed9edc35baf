// SPDX-License-Identifier: MIT
// refused: Insula: IAlias must be described in the namespace that declares it
// refused: Insula: IUnnamed must be described in the namespace that declares it
// refused: Insula: there::IThere must be described in the namespace that declares it
// refused: Insula: owner::IOwned must
// refused: Insula: INumberBox must be described in the namespace that declares it
#include <insula/marshal/interface.hpp>

namespace there {
struct IThere : insula::IUnknown {
  virtual insula::HRESULT Put(int value) = 0;
};
struct IOther : insula::IUnknown {
  virtual insula::HRESULT Put(int value) = 0;
};
template <class T>
struct IBox : insula::IUnknown {
  virtual insula::HRESULT Put(T value) = 0;
};
#ifdef INSULA_ACCEPTED
INSULA_INTERFACE(IThere, insula::IUnknown, "2f3c1f5e-7a54-4d0e-9b3e-000000000022", (Put));
using INumberBox = IBox<int>;
INSULA_INTERFACE(INumberBox, insula::IUnknown, "2f3c1f5e-7a54-4d0e-9b3e-000000000023", (Put));
#endif
}  // namespace there

struct owner {
  struct IOwned : insula::IUnknown {
    virtual insula::HRESULT Put(int value) = 0;
  };
};
#ifdef INSULA_ACCEPTED
using IOwned = owner::IOwned;
INSULA_INTERFACE(IOwned, insula::IUnknown, "2f3c1f5e-7a54-4d0e-9b3e-000000000026", (Put));
#endif

namespace {
struct IUnnamed : insula::IUnknown {
  virtual insula::HRESULT Put(int value) = 0;
};
#ifdef INSULA_ACCEPTED
INSULA_INTERFACE(IUnnamed, insula::IUnknown, "2f3c1f5e-7a54-4d0e-9b3e-000000000024", (Put));
#endif
}  // namespace

#ifndef INSULA_ACCEPTED
using IAlias = there::IOther;
INSULA_INTERFACE(IAlias, insula::IUnknown, "2f3c1f5e-7a54-4d0e-9b3e-000000000025", (Put));
INSULA_INTERFACE(IUnnamed, insula::IUnknown, "2f3c1f5e-7a54-4d0e-9b3e-000000000024", (Put));
using INumberBox = there::IBox<int>;
INSULA_INTERFACE(INumberBox, insula::IUnknown, "2f3c1f5e-7a54-4d0e-9b3e-000000000023", (Put));
INSULA_INTERFACE(there::IThere, insula::IUnknown, "2f3c1f5e-7a54-4d0e-9b3e-000000000022", (Put));
INSULA_INTERFACE(owner::IOwned, insula::IUnknown, "2f3c1f5e-7a54-4d0e-9b3e-000000000026", (Put));
#endif
