// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

namespace insula {

/// The size that `block`, which is task memory, was asked for.
std::size_t task_block_size(const void* block) noexcept;

/// 1: `block` is task memory; 0: it is not, whatever it is; -1: null, or the system does not say
/// what can be read.
int is_task_block(const void* block) noexcept;

}  // namespace insula
