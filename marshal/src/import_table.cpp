// SPDX-License-Identifier: MIT
#include "import_table.hpp"

#include "leak_report.hpp"
#include "proxy_manager.hpp"

#include <insula/core/test_gate.hpp>

#include <utility>

namespace insula {

com_ptr<proxy_manager> import_table::find_locked(const key& wanted) const {
  const auto found = proxies_.find(wanted);
  // One whose last reference is just going does not come back.
  if (found == proxies_.end() || !found->second->try_add_ref()) return nullptr;
  return com_ptr<proxy_manager>(found->second, take_ownership);
}

com_ptr<proxy_manager> import_table::find_or_make(object_exporter& home, oid id,
                                                  const com_ptr<stub_manager>& remote) {
  const key wanted{home.id(), id};
  {
    mutex_lock lock(mutex_);
    if (closed_) return nullptr;
    if (com_ptr<proxy_manager> found = find_locked(wanted)) return found;
  }
  INSULA_TEST_GATE("import_table.missed");
  com_ptr<proxy_manager> made(new proxy_manager(owner_, home, id, remote), take_ownership);
  com_ptr<proxy_manager> other;
  {
    mutex_lock lock(mutex_);
    if (closed_) return nullptr;
    other = find_locked(wanted);
    if (other == nullptr) proxies_.insert_or_assign(wanted, made.get());
  }
  return other != nullptr ? other : made;
}

void import_table::forget(const proxy_manager& manager) noexcept {
  mutex_lock lock(mutex_);
  const auto found = proxies_.find({manager.home().id(), manager.object()});
  if (found != proxies_.end() && found->second == &manager) proxies_.erase(found);
}

void import_table::release() noexcept {
  // In a chain, for which no memory can be wanting.
  proxy_manager* held = nullptr;
  {
    mutex_lock lock(mutex_);
    closed_ = true;
    for (const auto& [id, manager] : proxies_)
      if (manager->try_add_ref()) manager->next_given_back = std::exchange(held, manager);
  }
  report_held_imports(owner_, held);
  while (held != nullptr) {
    const com_ptr<proxy_manager> manager(held, take_ownership);
    held = manager->next_given_back;
    manager->give_back();
  }
}

std::size_t import_table::size() const {
  mutex_lock lock(mutex_);
  return proxies_.size();
}

}  // namespace insula
