// SPDX-License-Identifier: MIT
#pragma once

#include <insula/marshal/interface_info.hpp>

namespace insula {

/// As find_interface_info, for code that may not wait, such as a handler of a signal that a fault
/// raised: null also while a module that describes interfaces is being loaded or unloaded.
[[nodiscard]] const interface_info* try_find_interface_info(REFIID iid) noexcept;

}  // namespace insula
