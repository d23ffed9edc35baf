// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

namespace insula::test {

/// How often the calling thread has taken memory from the heap with operator new (with malloc too
/// where a sanitizer counts).
std::size_t heap_allocations() noexcept;

}  // namespace insula::test
