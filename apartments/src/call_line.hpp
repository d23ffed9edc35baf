// SPDX-License-Identifier: MIT
#pragma once

#include <insula/core/com_ptr.hpp>
#include <insula/core/types.hpp>

#include <atomic>

namespace insula {

/// Which calls of sequences (call_sequences.hpp) a piece of code works for: the innermost, linked
/// to those around it. The causality id cannot tell: all that one piece of code calls has the same.
/// Counted; from: any thread.
class call_line {
 public:
  /// The line of a call that joins a sequence, made by code whose line is `around`. `level`: of the
  /// sequence that it joins.
  static com_ptr<call_line> begin(call_line* around, const call_line* level) {
    return com_ptr<call_line>(new call_line(around, level), take_ownership);
  }

  call_line(const call_line&) = delete;
  call_line& operator=(const call_line&) = delete;

  ULONG AddRef() noexcept { return references_.fetch_add(1, std::memory_order_relaxed) + 1; }
  ULONG Release() noexcept {
    const ULONG left = references_.fetch_sub(1, std::memory_order_acq_rel) - 1;
    if (left == 0) delete this;
    return left;
  }

  /// True when code with line `asked` (null: none) works for the call that has this one.
  [[nodiscard]] bool includes(const call_line* asked) const noexcept {
    while (asked != nullptr && asked != this) asked = asked->around_.get();
    return asked == this;
  }

  [[nodiscard]] const call_line* level() const noexcept { return level_; }

 private:
  call_line(call_line* around, const call_line* level) : around_(around), level_(level) {}
  ~call_line() = default;

  std::atomic<ULONG> references_{1};
  const com_ptr<call_line> around_;  // fixed
  const call_line* const level_;     // fixed; one of those around, or null
};

}  // namespace insula
