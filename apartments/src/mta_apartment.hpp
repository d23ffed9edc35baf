// SPDX-License-Identifier: MIT
#pragma once

#include "apartment_core.hpp"
#include "call_sequences.hpp"
#include "mta_pool.hpp"

#include <chrono>

namespace insula {

/// The multithreaded apartment. One at a time in the process; made when its first member enters or
/// its first usage is counted, closed when the last has gone.
class mta_apartment final : public apartment_core {
 public:
  mta_apartment() : apartment_core(apartment_kind::mta, "") {}

  inbox::push_result submit(work_item* item) noexcept override;
  void served_in_sequence(insula::call& served) noexcept override;
  [[nodiscard]] bool runs_here() override;
  void enter() noexcept override {}
  void leave() noexcept override {}

  /// Staged, as the STA's: accepted work finishes, or is left alone after `grace`; exports;
  /// imports. From: the thread that was the last to leave.
  void close(std::chrono::nanoseconds grace);

  [[nodiscard]] std::size_t pool_threads() const noexcept { return pool_.threads(); }

 private:
  call_sequences sequences_;
  mta_pool pool_;
};

/// The MTA while it exists, else null: what a thread without an apartment of its own is in.
/// The pointer stays good until a second MTA after this one has closed.
[[nodiscard]] apartment_core* implicit_mta() noexcept;

}  // namespace insula
