// SPDX-License-Identifier: MIT
// refused: Insula: describe an instance of a template under a name of its own
// refused: IBox<int> is no name
// refused: or IPair<int no type
#include <insula/marshal/interface.hpp>

template <class T>
struct IBox : insula::IUnknown {
  virtual insula::HRESULT Put(T value) = 0;
};
template <class T, class U>
struct IPair : insula::IUnknown {
  virtual insula::HRESULT Put(T first, U second) = 0;
};
#ifdef INSULA_ACCEPTED
using INumberBox = IBox<int>;
INSULA_INTERFACE(INumberBox, insula::IUnknown, "2f3c1f5e-7a54-4d0e-9b3e-000000000026", (Put));
using INumberPair = IPair<int, int>;
INSULA_INTERFACE(INumberPair, insula::IUnknown, "2f3c1f5e-7a54-4d0e-9b3e-000000000027", (Put));
struct IOnPair : IPair<int, int> {};
INSULA_INTERFACE(IOnPair, INumberPair, "2f3c1f5e-7a54-4d0e-9b3e-000000000028");
#else
INSULA_INTERFACE(IBox<int>, insula::IUnknown, "2f3c1f5e-7a54-4d0e-9b3e-000000000026", (Put));
struct IOnPair : IPair<int, int> {};
INSULA_INTERFACE(IOnPair, IPair<int, int>, "2f3c1f5e-7a54-4d0e-9b3e-000000000028");
#endif
