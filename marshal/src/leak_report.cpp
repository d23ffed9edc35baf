// SPDX-License-Identifier: MIT
#include "leak_report.hpp"

#include <insula/core/sentence.hpp>

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
  const auto is_held = [](const auto& object) { return object->external_references() != 0; };
  const auto held = std::count_if(objects.begin(), objects.end(), is_held);
  if (held == 0) return;
  log_sentence(log_level::info, [&] {
    return home.description() + " closes while clients hold " +
           count_of_objects(static_cast<std::size_t>(held)) + " of it";
  });
  for (const auto& object : objects)
    if (is_held(object))
      log_sentence(log_level::debug, [&] {
        return home.description() + ": clients hold " + object->describe_clients();
      });
}

void report_held_imports(const object_exporter& owner, const proxy_manager* first) noexcept {
  if (first == nullptr) return;
  log_sentence(log_level::info, [&] {
    std::size_t count = 0;
    for (const auto* one = first; one != nullptr; one = one->next_given_back) ++count;
    return owner.description() + " closes while it holds proxies of " + count_of_objects(count);
  });
  for (const auto* one = first; one != nullptr; one = one->next_given_back)
    log_sentence(log_level::debug,
                 [&] { return owner.description() + ": it holds " + one->describe(); });
}

}  // namespace insula
