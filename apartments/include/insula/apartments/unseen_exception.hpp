// SPDX-License-Identifier: MIT
#pragma once

#include <insula/apartments/apartment.hpp>
#include <insula/core/guid.hpp>
#include <insula/core/types.hpp>

#include <exception>

namespace insula::detail {

/// An exception that waits for somebody to ask for a result. If nobody has when it is destroyed,
/// the log gets it (`warn`): else it would be lost. From: one thread at a time.
class unseen_exception {
 public:
  unseen_exception() noexcept = default;
  ~unseen_exception();
  unseen_exception(const unseen_exception&) = delete;
  unseen_exception& operator=(const unseen_exception&) = delete;

  /// What a coroutine ended with. From: where it ended.
  void keep(std::exception_ptr thrown) noexcept;
  /// What a method ended with that was called at once; `slot` 0: its name is not known.
  /// From: where it was called.
  void keep(std::exception_ptr thrown, REFIID iid, ULONG slot) noexcept;

  /// Throws it, if there is one.
  void rethrow();

 private:
  [[nodiscard]] std::string source() const;

  std::exception_ptr thrown_;
  bool seen_ = false;
  apartment where_;
  IID iid_{};  // GUID_NULL: a coroutine's
  ULONG slot_ = 0;
};

}  // namespace insula::detail
