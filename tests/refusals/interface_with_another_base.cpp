// SPDX-License-Identifier: MIT
// refused: does not derive from IOther, which INSULA_IID names as its base
#include <insula/marshal/interface.hpp>

struct IOther : insula::IUnknown {};
INSULA_INTERFACE(IOther, insula::IUnknown, "2f3c1f5e-7a54-4d0e-9b3e-000000000016");
struct IPlain : insula::IUnknown {};
#ifdef INSULA_ACCEPTED
INSULA_INTERFACE(IPlain, insula::IUnknown, "2f3c1f5e-7a54-4d0e-9b3e-000000000017");
#else
INSULA_INTERFACE(IPlain, IOther, "2f3c1f5e-7a54-4d0e-9b3e-000000000017");
#endif
