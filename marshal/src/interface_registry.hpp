// SPDX-License-Identifier: MIT
#pragma once

#include <insula/core/guid.hpp>
#include <insula/marshal/interface_registration.hpp>

#include <shared_mutex>
#include <unordered_map>

namespace insula {

/// All descriptions of the process by IID. Made by the first one, before main, and never destroyed:
/// modules come and go until the very end.
class interface_registry {
 public:
  static interface_registry& instance() noexcept;

  void add(interface_registration& one);
  void remove(interface_registration& one) noexcept;
  [[nodiscard]] const interface_marshaler* find(REFIID iid) noexcept;
  /// Null also when it would have to wait for somebody who describes an interface.
  [[nodiscard]] const interface_marshaler* try_find(REFIID iid) noexcept;

 private:
  std::shared_mutex mutex_;
  // The first of a chain: several modules may describe one interface. Behind mutex_.
  std::unordered_map<GUID, interface_registration*> first_;
};

}  // namespace insula
