// SPDX-License-Identifier: MIT
#pragma once

#include "apartment_core.hpp"

#include <coroutine>

namespace insula {

/// Resumes `waiter` inside `target`, as system work. False: it has closed, and `waiter` is
/// untouched. When it closes before the waiter's turn comes, `*refused` becomes true and the waiter
/// is resumed on the closing apartment's thread.
bool resume_inside(apartment_core& target, std::coroutine_handle<> waiter, bool* refused);

}  // namespace insula
