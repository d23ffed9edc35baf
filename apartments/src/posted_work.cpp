// SPDX-License-Identifier: MIT
#include "posted_work.hpp"

#include "call.hpp"
#include "call_depth.hpp"

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
  posted_work* const item = new posted_work(target, kind, causality, std::move(work), when_lost);
  if (target.submit(item) != inbox::push_result::closed) return true;
  delete item;
  return false;
}

void posted_work::run_item(work_item* item) noexcept {
  const std::unique_ptr<posted_work> mine(static_cast<posted_work*>(item));
  const apartment_scope inside(*mine->keeps_, mine->causality_, nullptr);
  mine->work_->run();
  mine->work_.reset();  // dies inside
}

void posted_work::drop_item(work_item* item) noexcept {
  const std::unique_ptr<posted_work> mine(static_cast<posted_work*>(item));
  if (mine->code == RPC_E_OUT_OF_RESOURCES)
    log_unseen([&] {
      return "work posted to " + mine->keeps_->description() + " was not run: " +
             why_no_room(mine->keeps_->kind());
    });
  else if (mine->when_lost_ == loss::told)
    mine->keeps_->note_lost_work();
}

}  // namespace insula
