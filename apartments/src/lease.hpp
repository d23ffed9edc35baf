// SPDX-License-Identifier: MIT
#pragma once

namespace insula {

/// The calling thread, for a lease to remember.
[[nodiscard]] long lease_thread() noexcept;

/// Ends the program with a sentence when the calling thread is not the one the lease was made on:
/// leaving the wrong apartment would release objects on the wrong thread.
void require_lease_thread(long made_on, const char* lease) noexcept;

}  // namespace insula
