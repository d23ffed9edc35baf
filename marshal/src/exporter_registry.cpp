// SPDX-License-Identifier: MIT
#include "exporter_registry.hpp"

#include <tbb/concurrent_hash_map.h>

#include <cstdint>
#include <memory>
#include <utility>

namespace insula {

namespace {

// Nodes from the standard allocator: tbb's own recycles memory where the thread sanitizer of a
// program that uses this library cannot see it, and reports races that are none.
using exporter_entry = std::pair<const std::uint64_t, object_exporter*>;
using exporter_map = tbb::concurrent_hash_map<std::uint64_t, object_exporter*,
                                              tbb::tbb_hash_compare<std::uint64_t>,
                                              std::allocator<exporter_entry>>;

/// Lives as long as the process: exporters may outlive the statics of other files.
exporter_map& exporters() {
  static auto* const map = new exporter_map;
  return *map;
}

std::uint64_t key_of(oxid id) noexcept { return static_cast<std::uint64_t>(id); }

}  // namespace

void register_exporter(object_exporter& exporter) {
  exporters().insert({key_of(exporter.id()), &exporter});
}

void unregister_exporter(object_exporter& exporter) noexcept {
  exporters().erase(key_of(exporter.id()));
}

com_ptr<object_exporter> find_exporter(oxid id) noexcept {
  // The accessor keeps the entry, and so the exporter's memory, until the reference is counted.
  exporter_map::const_accessor entry;
  if (!exporters().find(entry, key_of(id)) || !entry->second->try_add_ref()) return nullptr;
  return com_ptr<object_exporter>(entry->second, take_ownership);
}

}  // namespace insula
