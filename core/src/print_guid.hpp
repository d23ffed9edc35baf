// SPDX-License-Identifier: MIT
#pragma once

#include "insula/core/guid.hpp"

namespace insula {

/// "{XXXXXXXX-XXXX-XXXX-XXXX-XXXXXXXXXXXX}", without a terminator.
void print_guid(const GUID& value, char (&text)[38]) noexcept;

}  // namespace insula
