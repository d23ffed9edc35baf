// SPDX-License-Identifier: MIT
#include "export_table.hpp"

#include "leak_report.hpp"

#include <insula/core/log.hpp>
#include <insula/core/test_gate.hpp>

#include <new>
#include <vector>

namespace insula {

com_ptr<stub_manager> export_table::find(oid id) const {
  mutex_lock lock(mutex_);
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : found->second;
}

com_ptr<stub_manager> export_table::find(const IUnknown* identity) const {
  mutex_lock lock(mutex_);
  const auto found = by_identity_.find(identity);
  return found == by_identity_.end() ? nullptr : com_ptr<stub_manager>(found->second);
}

com_ptr<stub_manager> export_table::hold_known(const IUnknown* identity) const {
  com_ptr<stub_manager> known = find(identity);
  // One that has ended does not come back: the caller makes a new one in its place.
  return known != nullptr && known->hold() ? known : nullptr;
}

HRESULT export_table::hold(IUnknown* object, com_ptr<stub_manager>* out) {
  com_ptr<IUnknown> identity;
  HRESULT code = query_interface(object, &identity);
  if (FAILED(code)) return code;
  *out = hold_known(identity.get());
  if (*out != nullptr) return S_OK;

  INSULA_TEST_GATE("export_table.missed");
  com_ptr<IExternalConnection> connection = identity.try_as<IExternalConnection>();
  com_ptr<stub_manager> made(new stub_manager(home_, identity, std::move(connection)),
                             take_ownership);
  {
    mutex_lock lock(mutex_);
    if (closed_) {
      code = CO_E_SERVER_STOPPING;
    } else {
      const auto other = by_identity_.find(identity.get());
      if (other != by_identity_.end() && other->second->hold()) {
        *out = com_ptr<stub_manager>(other->second);
      } else {
        const auto at = by_id_.emplace(made->id(), made).first;
        try {
          by_identity_.insert_or_assign(identity.get(), made.get());
        } catch (...) {
          by_id_.erase(at);
          throw;
        }
        *out = made;
      }
    }
  }
  // Lost against another thread of this apartment, or against the closing of it.
  if (*out != made) made->disconnect();
  return code;
}

void export_table::forget(const stub_manager& manager) noexcept {
  com_ptr<stub_manager> removed;
  mutex_lock lock(mutex_);
  const auto found = by_id_.find(manager.id());
  if (found == by_id_.end()) return;
  removed.swap(found->second);
  by_id_.erase(found);
  const auto identity = by_identity_.find(manager.key());
  if (identity != by_identity_.end() && identity->second == &manager) by_identity_.erase(identity);
  lock.unlock();
}

com_ptr<stub_manager> export_table::take_any() const {
  mutex_lock lock(mutex_);
  return by_id_.empty() ? nullptr : by_id_.begin()->second;
}

void export_table::close() noexcept {
  {
    mutex_lock lock(mutex_);
    closed_ = true;
  }
  report();
  // One at a time: the destructor of one object may release others.
  while (const com_ptr<stub_manager> manager = take_any())
    manager->close();
}

void export_table::report() const noexcept {
  if (!log_enabled(log_level::info)) return;
  std::vector<com_ptr<stub_manager>> all;
  try {
    mutex_lock lock(mutex_);
    all.reserve(by_id_.size());
    for (const auto& [id, manager] : by_id_)
      all.push_back(manager);
  } catch (const std::bad_alloc&) {
    return;  // closing goes on without the report
  }
  report_held_exports(home_, all);
}

std::size_t export_table::size() const {
  mutex_lock lock(mutex_);
  return by_id_.size();
}

}  // namespace insula
