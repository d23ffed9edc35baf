// SPDX-License-Identifier: MIT
// refused: IChild does not derive from IOther, which INSULA_IID names as its base
#include <insula/core/unknown.hpp>

struct IOther : insula::IUnknown {};
INSULA_IID(IOther, insula::IUnknown, "2f3c1f5e-7a54-4d0e-9b3e-000000000003")

#ifdef INSULA_ACCEPTED
struct IChild : IOther {};
#else
struct IChild : insula::IUnknown {};
#endif
INSULA_IID(IChild, IOther, "2f3c1f5e-7a54-4d0e-9b3e-000000000004")
