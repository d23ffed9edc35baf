// SPDX-License-Identifier: MIT
#include "class_table.hpp"

#include <insula/apartments/rundown.hpp>
#include <insula/interop/class_object.hpp>

#include <array>
#include <iterator>
#include <optional>
#include <utility>

namespace insula {

class_table& class_table::instance() {
  static class_table* const only = new class_table;  // threads may end after main
  return *only;
}

bool class_table::registration::offers(DWORD wanted) const noexcept {
  return (context & wanted) != 0 && !suspended && !used && !home.is_closed();
}

bool class_table::registration::offers(DWORD wanted, const apartment& here) const noexcept {
  return offers(home == here ? wanted : wanted & ~DWORD{CLSCTX_INPROC});
}

DWORD class_table::add(REFCLSID clsid, const apartment& home, com_ptr<IUnknown> object,
                       com_ptr<IPSFactoryBuffer> factory, DWORD context, DWORD flags) {
  if ((flags & REGCLS_MULTIPLEUSE) != 0 && (context & CLSCTX_LOCAL_SERVER) != 0)
    context |= CLSCTX_INPROC_SERVER;
  // First: when a later step has no memory, a home that is known without need costs nothing.
  know_home(home.id());
  const mutex_lock lock(guard_);
  const DWORD cookie = ++last_cookie_;
  const auto of_class = by_class_.emplace(clsid, cookie);
  try {
    by_cookie_.emplace(
        cookie,
        registration{.clsid = clsid,
                     .home = home,
                     .object = std::move(object),
                     .factory = std::move(factory),
                     .context = context,
                     .single_use = (flags & (REGCLS_MULTIPLEUSE | REGCLS_MULTI_SEPARATE)) == 0,
                     .suspended = (flags & REGCLS_SUSPENDED) != 0});
  } catch (...) {
    by_class_.erase(of_class);
    throw;
  }
  return cookie;
}

void class_table::know_home(oxid home) {
  {
    const mutex_lock lock(guard_);
    if (!known_homes_.insert(home).second) return;
  }
  try {
    at_rundown([this, home] { remove_all(home); });
  } catch (...) {
    const mutex_lock lock(guard_);
    known_homes_.erase(home);
    throw;
  }
}

class_table::registration class_table::take_locked(registrations::iterator at) {
  const auto [first, last] = by_class_.equal_range(at->second.clsid);
  for (auto entry = first; entry != last; ++entry) {
    if (entry->second != at->first) continue;
    by_class_.erase(entry);
    break;
  }
  registration taken = std::move(at->second);
  by_cookie_.erase(at);
  return taken;
}

class_table::removal class_table::remove(DWORD cookie, const apartment& here) {
  std::optional<registration> taken;  // dies outside the lock
  const mutex_lock lock(guard_);
  const auto at = by_cookie_.find(cookie);
  if (at == by_cookie_.end()) return removal::unknown;
  if (!(at->second.home == here)) return removal::elsewhere;
  taken = take_locked(at);
  return removal::done;
}

void class_table::remove_all(oxid home) {
  // Some at a time, in a place that is there already: an apartment closes without memory too.
  std::array<std::optional<registration>, 32> taken;
  bool more = true;
  while (more) {
    std::size_t count = 0;
    {
      const mutex_lock lock(guard_);
      known_homes_.erase(home);
      for (auto at = by_cookie_.begin(); at != by_cookie_.end() && count != taken.size();) {
        const auto next = std::next(at);
        if (at->second.home.id() == home) taken[count++] = take_locked(at);
        at = next;
      }
    }
    more = count == taken.size();
    for (auto& one : taken) one.reset();  // outside the lock
  }
}

void class_table::suspend_all(bool suspended) {
  const mutex_lock lock(guard_);
  for (auto& [cookie, entry] : by_cookie_) entry.suspended = suspended;
}

std::optional<class_table::found> class_table::find(REFCLSID clsid, DWORD context,
                                                    const apartment& here) {
  const mutex_lock lock(guard_);
  const auto [first, last] = by_class_.equal_range(clsid);
  auto best = by_cookie_.end();
  for (auto entry = first; entry != last; ++entry) {
    const auto at = by_cookie_.find(entry->second);
    if (!at->second.offers(context, here)) continue;
    const auto better = [&here](const auto& a, const auto& b) {
      const bool a_here = a.second.home == here;
      const bool b_here = b.second.home == here;
      return a_here != b_here ? a_here : a.first < b.first;
    };
    if (best == by_cookie_.end() || better(*at, *best)) best = at;
  }
  if (best == by_cookie_.end()) return std::nullopt;
  best->second.used = best->second.single_use;
  return found{best->first, best->second.home};
}

bool class_table::only_elsewhere(REFCLSID clsid, DWORD context, const apartment& here) {
  const mutex_lock lock(guard_);
  const auto [first, last] = by_class_.equal_range(clsid);
  for (auto entry = first; entry != last; ++entry) {
    const registration& one = by_cookie_.find(entry->second)->second;
    if (!(one.home == here) && one.offers(context & CLSCTX_INPROC)) return true;
  }
  return false;
}

com_ptr<IUnknown> class_table::object(DWORD cookie) {
  const mutex_lock lock(guard_);
  const auto at = by_cookie_.find(cookie);
  return at == by_cookie_.end() ? nullptr : at->second.object;
}

com_ptr<IPSFactoryBuffer> class_table::proxy_stub_factory(REFCLSID clsid) {
  const mutex_lock lock(guard_);
  const auto [first, last] = by_class_.equal_range(clsid);
  for (auto entry = first; entry != last; ++entry) {
    const registration& one = by_cookie_.find(entry->second)->second;
    if (one.factory && one.offers(CLSCTX_INPROC_SERVER)) return one.factory;
  }
  return nullptr;
}

}  // namespace insula
