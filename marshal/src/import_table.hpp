// SPDX-License-Identifier: MIT
#pragma once

#include "object_reference.hpp"
#include "stub_manager.hpp"

#include <insula/core/com_ptr.hpp>
#include <insula/core/thread_safety.hpp>

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

namespace insula {

class proxy_manager;

/// The objects of other exporters that one exporter holds proxies of. Does not own them: a proxy
/// manager takes itself out when its last reference goes.
class import_table {
 public:
  explicit import_table(object_exporter& owner) : owner_(owner) {}

  /// The one identity of object `id` of `home` here, made if it is new. `remote` is null for an
  /// object that is gone. From: inside. Null after `release`.
  com_ptr<proxy_manager> find_or_make(object_exporter& home, oid id,
                                      const com_ptr<stub_manager>& remote);

  /// Only for a proxy manager without references.
  void forget(const proxy_manager& manager) noexcept;

  /// Refuses new imports and gives all references back; the proxies live on without them.
  /// From: inside.
  void release() noexcept;

  [[nodiscard]] std::size_t size() const;

 private:
  struct key {
    oxid home;
    oid object;
    friend bool operator==(const key&, const key&) = default;
  };
  struct key_hash {
    std::size_t operator()(const key& k) const noexcept {
      const auto home = static_cast<std::uint64_t>(k.home);
      return std::hash<std::uint64_t>{}(static_cast<std::uint64_t>(k.object) ^ (home << 32) ^
                                        (home >> 32));
    }
  };

  com_ptr<proxy_manager> find_locked(const key& wanted) const INSULA_REQUIRES(mutex_);

  object_exporter& owner_;  // fixed; owns this table
  mutable mutex mutex_;
  std::unordered_map<key, proxy_manager*, key_hash> proxies_ INSULA_GUARDED_BY(mutex_);
  bool closed_ INSULA_GUARDED_BY(mutex_) = false;
};

}  // namespace insula
