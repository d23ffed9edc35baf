// SPDX-License-Identifier: MIT
#include "posted_work.hpp"

#include "call.hpp"
#include "call_depth.hpp"

#include <memory>
#include <new>
#include <utility>

namespace insula {

posted_work::posted_work(apartment_core& to, work_class of, const GUID& causality,
                         std::unique_ptr<exporter_work> work, loss when_lost)
    : keeps_(&to), causality_(causality), when_lost_(when_lost), work_(std::move(work)) {
  kind = of;
  run = &posted_work::run_item;
  drop = &posted_work::drop_item;
}

bool posted_work::submit(apartment_core& target, work_class kind, const GUID& causality,
                         std::unique_ptr<exporter_work> work, loss when_lost) noexcept {
  static_assert(sizeof(posted_work) <= sizeof(exporter_work::queue_place));
  void* const place = work->place().bytes;
  auto* const item =
      new (place) posted_work(target, kind, causality, std::move(work), when_lost);
  if (target.submit(item) != inbox::push_result::closed) return true;
  (void)item->taken_out();
  return false;
}

// Ends the item, which lies in what it gives.
std::unique_ptr<exporter_work> posted_work::taken_out() noexcept {
  std::unique_ptr<exporter_work> work = std::move(work_);
  std::destroy_at(this);
  return work;
}

void posted_work::run_item(work_item* item) noexcept {
  auto* const mine = static_cast<posted_work*>(item);
  const com_ptr<apartment_core> where = mine->keeps_;
  const GUID causality = mine->causality_;
  std::unique_ptr<exporter_work> work = mine->taken_out();
  const apartment_scope inside(*where, causality, nullptr);
  work->run();
  work.reset();  // dies inside
}

void posted_work::drop_item(work_item* item) noexcept {
  auto* const mine = static_cast<posted_work*>(item);
  if (mine->code == RPC_E_OUT_OF_RESOURCES)
    log_unseen([&] {
      return "work posted to " + mine->keeps_->description() + " was not run: " +
             why_no_room(mine->keeps_->kind());
    });
  else if (mine->when_lost_ == loss::told)
    mine->keeps_->note_lost_work();
  (void)mine->taken_out();
}

}  // namespace insula
