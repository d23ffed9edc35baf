// SPDX-License-Identifier: MIT
#pragma once

#include <insula/core/com_ptr.hpp>

#include <memory>

namespace insula {

class neutral_apartment;

/// Counts the STAs and the MTA. Called once for each, from wherever it is made, and at the end of
/// its closing.
void apartment_opened() noexcept;
/// When it was the last: what the process had registered goes, and the neutral apartment closes, on
/// the calling thread. Runs your code.
void apartment_closed();

/// The neutral apartment, made on first use while any other apartment is open. Null: none is.
[[nodiscard]] com_ptr<neutral_apartment> open_neutral_apartment();

/// See at_process_rundown.
void add_process_rundown(std::shared_ptr<void> (*take)() noexcept);

}  // namespace insula
