// SPDX-License-Identifier: MIT
#include "work_list.hpp"

#include <utility>

namespace document_index {

std::optional<std::string> work_list::next() {
  home_.enter();
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !paused_ || !cancelled_.empty(); });
  if (!cancelled_.empty() || next_ == files_.size()) return std::nullopt;
  return std::move(files_[next_++]);
}

void work_list::pause() {
  home_.enter();
  const std::lock_guard lock(mutex_);
  paused_ = true;
}

void work_list::resume() {
  home_.enter();
  {
    const std::lock_guard lock(mutex_);
    paused_ = false;
  }
  changed_.notify_all();
}

void work_list::cancel(const std::string& reason) {
  home_.enter();
  {
    const std::lock_guard lock(mutex_);
    if (cancelled_.empty()) cancelled_ = reason.empty() ? "cancelled" : reason;
  }
  changed_.notify_all();
}

std::string work_list::cancelled() const {
  const std::lock_guard lock(mutex_);
  return cancelled_;
}

}  // namespace document_index
