// SPDX-License-Identifier: MIT
//
// What ends with an apartment, or with the last one.
#pragma once

#include <functional>
#include <memory>

namespace insula {

/// Registers `body` to run when the apartment of the calling code closes: inside it, after its
/// objects were disconnected and its imported references given back. What it throws is logged.
/// From: inside any apartment. Order: as registered. Fails: CO_E_NOTINITIALIZED (com_error).
void at_rundown(std::function<void()> body);

/// Registers a function that is called each time the last STA or MTA of the process has closed. It
/// takes out what is kept for the process as a whole and returns it; what it returned dies after
/// all of them were called. It must not wait or run code that it does not know: no apartment can be
/// opened meanwhile.
/// From: any thread, once per function.
void at_process_rundown(std::shared_ptr<void> (*take)() noexcept);

}  // namespace insula
