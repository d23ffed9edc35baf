// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace insula {

/// Names the calling thread for debuggers and `ps`; the kernel keeps the first 15 bytes.
void name_this_thread(const std::string& name) noexcept;

}  // namespace insula
