// SPDX-License-Identifier: MIT
#pragma once

#include <insula/apartments/apartment.hpp>

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>

namespace document_index {

/// Proves that a component is entered in its own apartment only. A component holds one and calls
/// enter() first thing in every method of its interfaces.
class home_guard {
 public:
  /// The apartment, and for an STA the thread, of the code that makes it.
  explicit home_guard(std::string component);

  /// Ends the program with a sentence when the calling code is anywhere else.
  void require() const noexcept;
  /// The same, and counts.
  void enter() const noexcept {
    require();
    entries_.fetch_add(1, std::memory_order_relaxed);
  }
  [[nodiscard]] std::uint64_t entries() const noexcept {
    return entries_.load(std::memory_order_relaxed);
  }

 private:
  const std::string component_;
  const insula::apartment home_;
  const std::thread::id thread_;
  mutable std::atomic<std::uint64_t> entries_{0};
};

}  // namespace document_index
