// SPDX-License-Identifier: MIT
#pragma once

#include <insula/core/com_ptr.hpp>
#include <insula/core/function_ref.hpp>

#include <memory>

namespace insula {

class apartment_core;
class neutral_apartment;

/// Lists the STAs and the MTA. Called once for each, from wherever it is made, and at the end of
/// its closing.
void apartment_opened(apartment_core& opened) noexcept;
/// When it was the last: what the process had registered goes, and the neutral apartment closes, on
/// the calling thread. Runs your code.
void apartment_closed(apartment_core& closed);

/// The first open apartment, the neutral one included, that `is_meant` says yes to, or null. It is
/// asked behind the lock of all that open and close. From: any thread.
[[nodiscard]] com_ptr<apartment_core> find_open_apartment(
    function_ref<bool(const apartment_core&)> is_meant);

/// The neutral apartment, made on first use while any other apartment is open. Null: none is.
[[nodiscard]] com_ptr<neutral_apartment> open_neutral_apartment();

/// See at_process_rundown.
void add_process_rundown(std::shared_ptr<void> (*take)() noexcept);

}  // namespace insula
