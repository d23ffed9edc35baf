// SPDX-License-Identifier: MIT
#pragma once

#include "apartment_core.hpp"

namespace insula {

/// The neutral apartment: it has no thread; work for it runs at once, on the thread that brings it.
/// One at a time in the process; see open_apartments.hpp for its life.
class neutral_apartment final : public apartment_core {
 public:
  neutral_apartment() : apartment_core(apartment_kind::neutral, "") {}

  inbox::push_result submit(work_item* item) noexcept override;
  [[nodiscard]] bool runs_here() override { return !closing(); }
  void enter() noexcept override {}
  void leave() noexcept override {}

  /// Calls inside go on; their objects are disconnected when they have returned. From: the thread
  /// that closed the last other apartment.
  void close();
};

}  // namespace insula
