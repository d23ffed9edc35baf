// SPDX-License-Identifier: MIT
#pragma once

#include "place.hpp"

#include <insula/core/com_ptr.hpp>

#include <memory>
#include <utility>

namespace insula::bench {

/// An object of one place and the pointer by which another place calls it. Taken down in the right
/// order: the pointer inside the caller, then the caller, then the owner.
template <class I>
class proxy_in {
 public:
  template <class Factory>
  proxy_in(std::unique_ptr<place> caller, std::unique_ptr<place> owner, Factory factory)
      : owner_(std::move(owner)), caller_(std::move(caller)) {
    caller_->run([&] { pointer_ = owner_->home().create<I>(factory); });
  }
  ~proxy_in() {
    caller_->run([this] { pointer_.reset(); });
  }
  proxy_in(const proxy_in&) = delete;
  proxy_in& operator=(const proxy_in&) = delete;

  [[nodiscard]] place& caller() const { return *caller_; }
  /// For use inside the caller.
  [[nodiscard]] I* get() const { return pointer_.get(); }

 private:
  std::unique_ptr<place> owner_;
  std::unique_ptr<place> caller_;
  com_ptr<I> pointer_;
};

}  // namespace insula::bench
