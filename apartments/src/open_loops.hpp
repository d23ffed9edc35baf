// SPDX-License-Identifier: MIT
#pragma once

namespace insula {

/// Which waits of an STA's code hold its application work back: all of them, but for those that are
/// older than a loop that its code has opened since. Such a loop runs application work, until code
/// waits that it has led to. Owner: the STA's thread.
class open_loops {
 public:
  /// Names the newest loop that was open when a wait began.
  using ticket = unsigned long;

  /// A loop that runs inside the STA. Lives where the loop is known.
  struct loop {
    ticket serial = 0;
    int older_waits = 0;  // those that had begun before it and have not ended
    loop* before = nullptr;
  };

  ticket begin_wait() noexcept {
    ++waits_;
    return newest_ != nullptr ? newest_->serial : 0;
  }
  void end_wait(ticket begun) noexcept {
    --waits_;
    for (loop* one = newest_; one != nullptr && one->serial > begun; one = one->before)
      --one->older_waits;
  }
  [[nodiscard]] bool hold_back() const noexcept {
    return waits_ != (newest_ != nullptr ? newest_->older_waits : 0);
  }

  void open(loop& opened) noexcept {
    opened = {.serial = ++last_serial_, .older_waits = waits_, .before = newest_};
    newest_ = &opened;
  }
  /// In any order.
  void close(loop& closed) noexcept {
    loop** link = &newest_;
    while (*link != &closed) link = &(*link)->before;
    *link = closed.before;
  }

 private:
  int waits_ = 0;
  ticket last_serial_ = 0;
  loop* newest_ = nullptr;
};

}  // namespace insula
