// SPDX-License-Identifier: MIT
#pragma once

#include "port.hpp"
#include "wait_state.hpp"

#include <insula/core/function_ref.hpp>

namespace insula {

/// Synchronous work on its way to another thread and back. Lives on the stack of the code that
/// waits, which therefore waits without a deadline.
class round_trip final : public work_item {
 public:
  round_trip(work_class kind, function_ref<void()> work);

  /// Hands itself to `submit` and waits for it to come back. False: it was refused or dropped.
  bool through(function_ref<inbox::push_result(work_item*)> submit, const port* other);

 private:
  static void run_item(work_item* item) noexcept;
  static void drop_item(work_item* item) noexcept;
  static void arrive_home(work_item* item) noexcept;
  void go_home() noexcept;

  function_ref<void()> work_;
  port& home_;
  wait_state wait_;
  bool ran_ = false;
};

}  // namespace insula
