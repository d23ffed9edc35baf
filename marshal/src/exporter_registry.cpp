// SPDX-License-Identifier: MIT
#include "exporter_registry.hpp"

#include <tbb/concurrent_hash_map.h>

#include <cstdint>
#include <utility>

namespace insula {

namespace {

using exporter_map = tbb::concurrent_hash_map<std::uint64_t, object_exporter*>;

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
