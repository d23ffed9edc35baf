// SPDX-License-Identifier: MIT
#pragma once

#include "apartment_core.hpp"

#include <coroutine>
#include <memory>

namespace insula {

/// Resumes a coroutine inside an apartment, as system work of it. Made while the coroutine can
/// still be told that there is no memory.
class resumption final : public work_item {
 public:
  /// `*refused` becomes true, and `waiter` is resumed on the closing apartment's thread, when
  /// `target` closes after `send` and before the waiter's turn has come.
  resumption(apartment_core& target, std::coroutine_handle<> waiter, bool* refused);

  /// Null: it is under way. Else the apartment has closed, or has no thread, and the coroutine is
  /// untouched.
  static std::unique_ptr<resumption> send(std::unique_ptr<resumption> made) noexcept;

 private:
  void go_on(bool closed) noexcept;

  com_ptr<apartment_core> keeps_;
  std::coroutine_handle<> waiter_;
  bool* refused_;
};

}  // namespace insula
