// SPDX-License-Identifier: MIT
#include "neutral_apartment.hpp"

namespace insula {

inbox::push_result neutral_apartment::submit(work_item* item) noexcept {
  if (closing()) return inbox::push_result::closed;
  item->target = this;
  item->run(item);
  return inbox::push_result::queued;
}

void neutral_apartment::close() {
  closing_.store(true, std::memory_order_release);
  const apartment_scope inside(*this, GUID{}, nullptr);
  close_exports();
  release_imports();
  closed_.store(true, std::memory_order_release);
  run_down();
}

}  // namespace insula
