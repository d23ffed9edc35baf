// SPDX-License-Identifier: MIT
#pragma once

#include "stub_manager.hpp"

#include <insula/core/thread_safety.hpp>

#include <cstddef>
#include <cstdint>
#include <unordered_map>

namespace insula {

/// The exported objects of one exporter, by identity and by oid. An object that ended and was
/// exported again is here under two oids until the first is torn down.
class export_table {
 public:
  explicit export_table(object_exporter& home) : home_(home) {}

  /// The manager of the object that `object` belongs to, made if it is new, with a hold that is the
  /// caller's. From: inside. Runs your code: QueryInterface.
  /// Fails: CO_E_SERVER_STOPPING after `close`; what QueryInterface for IUnknown said.
  HRESULT hold(IUnknown* object, com_ptr<stub_manager>* out);

  /// Null when the object is not exported. From: any thread.
  [[nodiscard]] com_ptr<stub_manager> find(oid id) const;
  /// The same by identity. From: inside.
  [[nodiscard]] com_ptr<stub_manager> find(const IUnknown* identity) const;

  /// Only for a manager that is being torn down.
  void forget(const stub_manager& manager) noexcept;

  /// Refuses new exports, then ends every object. From: inside. Runs your code.
  void close() noexcept;

  [[nodiscard]] std::size_t size() const;

 private:
  struct id_hash {
    std::size_t operator()(oid id) const noexcept {
      return std::hash<std::uint64_t>{}(static_cast<std::uint64_t>(id));
    }
  };

  com_ptr<stub_manager> hold_known(const IUnknown* identity) const;
  com_ptr<stub_manager> take_any() const;
  void report() const noexcept;

  object_exporter& home_;  // fixed; owns this table
  mutable mutex mutex_;
  std::unordered_map<oid, com_ptr<stub_manager>, id_hash> by_id_ INSULA_GUARDED_BY(mutex_);
  std::unordered_map<const IUnknown*, stub_manager*> by_identity_ INSULA_GUARDED_BY(mutex_);
  bool closed_ INSULA_GUARDED_BY(mutex_) = false;
};

}  // namespace insula
