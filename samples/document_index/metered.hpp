// SPDX-License-Identifier: MIT
#pragma once

#include "call_ledger.hpp"

#include <insula/core/com_ptr.hpp>

#include <chrono>
#include <memory>
#include <utility>

namespace document_index {

/// An interface pointer that enters each call made through it into the ledger: `pointer->f()`. If
/// the object lives in the apartment of the calling code, the call is direct and its time is taken
/// here; else it is a proxy, the call is counted, and the runtime says how long it took.
/// May be used by all threads of the apartment that it was made in.
template <class I>
class metered {
 public:
  metered() = default;
  /// `home`: where the object lives.
  metered(insula::com_ptr<I> object, std::shared_ptr<call_ledger> ledger, call_ledger::place home)
      : object_(std::move(object)), ledger_(std::move(ledger)) {
    const call_ledger::place here = ledger_->here();
    pair_ = &ledger_->between(here, home);
    direct_ = here == home;
  }

  /// Lasts until the end of the statement, and so as long as the call. It has a reference of its
  /// own: while a call is out, an STA serves others, and one of those may reset the pointer.
  class call {
   public:
    explicit call(const metered& through) noexcept
        : object_(through.object_), pair_(*through.pair_), direct_(through.direct_) {
      if (direct_) began_ = std::chrono::steady_clock::now();
      else pair_.sent.fetch_add(1, std::memory_order_relaxed);
    }
    ~call() {
      if (direct_) pair_.direct.add(std::chrono::steady_clock::now() - began_);
    }
    call(const call&) = delete;
    call& operator=(const call&) = delete;
    I* operator->() const noexcept { return object_.get(); }

   private:
    const insula::com_ptr<I> object_;
    call_pair& pair_;
    const bool direct_;
    std::chrono::steady_clock::time_point began_;
  };

  [[nodiscard]] call operator->() const noexcept { return call(*this); }
  [[nodiscard]] I* get() const noexcept { return object_.get(); }
  explicit operator bool() const noexcept { return static_cast<bool>(object_); }
  void reset() noexcept { object_.reset(); }

 private:
  insula::com_ptr<I> object_;
  std::shared_ptr<call_ledger> ledger_;
  call_pair* pair_ = nullptr;
  bool direct_ = false;
};

}  // namespace document_index
