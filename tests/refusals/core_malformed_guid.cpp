// SPDX-License-Identifier: MIT
// refused: malformed GUID
#include <insula/core/guid.hpp>

#ifdef INSULA_ACCEPTED
constexpr insula::GUID id = insula::guid("00112233-4455-6677-8899-aabbccddeeff");
#else
constexpr insula::GUID id = insula::guid("00112233-4455-6677-8899-aabbccddeegg");
#endif
