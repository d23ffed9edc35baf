// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace insula {

/// A process may hold more than one copy of this library: a program and a plug-in that were each
/// linked with the static one. Each copy has apartments of its own and knows nothing of the
/// other's, so what one of them is asked about the other's makes no sense. They meet when one is
/// used on a thread that is in an apartment of another.
///
/// Empty, or the sentence that says so, with both modules and the apartment. From: any thread.
[[nodiscard]] std::string apartment_of_another_copy();

/// Logs that sentence, once in the process. Cheap while no module is loaded or unloaded.
void look_for_another_copy() noexcept;

}  // namespace insula
