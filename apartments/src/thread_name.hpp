// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace insula {

/// Names the calling thread for debuggers and `ps`; the kernel keeps the first 15 bytes of both.
void name_this_thread(std::string_view prefix, std::string_view name = {}) noexcept;

}  // namespace insula
