// SPDX-License-Identifier: MIT
// refused: this interface has no id: put INSULA_IID
#include <insula/core/com_ptr.hpp>

struct INamed : insula::IUnknown {};
INSULA_IID(INamed, insula::IUnknown, "2f3c1f5e-7a54-4d0e-9b3e-000000000001")

/// Has a base with an id, and none of its own.
struct INameless : INamed {};

#ifndef INSULA_ACCEPTED
const insula::GUID& id = insula::iid_of<INameless>();
#endif
