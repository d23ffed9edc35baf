// SPDX-License-Identifier: MIT
#pragma once

#include <insula/marshal/object_exporter.hpp>

namespace insula {

/// The exporters of the process by id, so that a packet finds its way home. Nobody here owns one.
/// From: any thread. Waits: for another thread that looks at the same exporter, never for longer.
void register_exporter(object_exporter& exporter);
/// After this `find_exporter` gives null; a find in progress has ended.
void unregister_exporter(object_exporter& exporter) noexcept;

}  // namespace insula
