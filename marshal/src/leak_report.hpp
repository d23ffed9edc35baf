// SPDX-License-Identifier: MIT
#pragma once

#include "proxy_manager.hpp"
#include "stub_manager.hpp"

#include <span>

namespace insula {

/// Logs what a closing exporter leaves undone: how many objects clients still hold, or how many it
/// still holds itself (info), and which (debug). Silent when there is nothing to say.
void report_held_exports(const object_exporter& home,
                         std::span<const com_ptr<stub_manager>> objects) noexcept;
/// `first`: a chain by next_given_back.
void report_held_imports(const object_exporter& owner, const proxy_manager* first) noexcept;

}  // namespace insula
