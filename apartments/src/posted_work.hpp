// SPDX-License-Identifier: MIT
#pragma once

#include "apartment_core.hpp"

#include <cstdint>
#include <memory>

namespace insula {

/// Work without an answer on its way to an apartment, which it keeps alive. It lies in the work
/// itself (exporter_work::place), so that sending needs no memory.
/// Runs inside, as part of `causality`; dropped, it is destroyed where it was dropped.
class posted_work final : public work_item {
 public:
  /// Whether the log tells when it was accepted and then did not run.
  enum class loss { quiet, told };

  /// Sends `work` to `target`. False, and `work` destroyed here, when `target` has closed.
  static bool submit(apartment_core& target, work_class kind, const GUID& causality,
                     std::unique_ptr<exporter_work> work, loss when_lost = loss::quiet) noexcept;

  std::uint64_t order = 0;  // owner: the application_queue that holds it

 private:
  posted_work(apartment_core& target, work_class kind, const GUID& causality,
              std::unique_ptr<exporter_work> work, loss when_lost);
  static void run_item(work_item* item) noexcept;
  static void drop_item(work_item* item) noexcept;
  std::unique_ptr<exporter_work> taken_out() noexcept;

  com_ptr<apartment_core> keeps_;
  GUID causality_;
  loss when_lost_;
  std::unique_ptr<exporter_work> work_;
};

}  // namespace insula
