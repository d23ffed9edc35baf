// SPDX-License-Identifier: MIT
#include "leak_report.hpp"

#include <insula/core/exception.hpp>
#include <insula/core/log.hpp>

#include <algorithm>
#include <string>

namespace insula {

namespace {

std::string count_of_objects(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " object" : " objects");
}

}  // namespace

void report_held_exports(const object_exporter& home,
                         std::span<const com_ptr<stub_manager>> objects) noexcept {
  if (!log_enabled(log_level::info)) return;
  (void)abi_guard([&] {
    const auto held = std::count_if(objects.begin(), objects.end(), [](const auto& object) {
      return object->external_references() != 0;
    });
    if (held == 0) return;
    log(log_level::info, home.description() + " closes while clients hold " +
                             count_of_objects(static_cast<std::size_t>(held)) + " of it");
    if (!log_enabled(log_level::debug)) return;
    for (const auto& object : objects)
      if (object->external_references() != 0)
        log(log_level::debug, home.description() + ": clients hold " + object->describe_clients());
  });
}

void report_held_imports(const object_exporter& owner,
                         std::span<const com_ptr<proxy_manager>> objects) noexcept {
  if (objects.empty() || !log_enabled(log_level::info)) return;
  (void)abi_guard([&] {
    log(log_level::info, owner.description() + " closes while it holds proxies of " +
                             count_of_objects(objects.size()));
    if (!log_enabled(log_level::debug)) return;
    for (const auto& object : objects)
      log(log_level::debug, owner.description() + ": it holds " + object->describe());
  });
}

}  // namespace insula
