// SPDX-License-Identifier: MIT
//
// How deep calls may nest and how many threads they may take, so that a recursion without an end is
// an error and not the end of the machine's memory. What is refused for one of these reasons, or
// because the system gives no more threads or memory for stacks while all there are wait, fails
// with RPC_E_OUT_OF_RESOURCES and a sentence that names methods of the chain; what waits goes on.
// The limit of an STA's fibers is in sta_options.
#pragma once

#include <cstddef>

namespace insula {

/// Calls from apartment to apartment of which each waits for the next may be so many; also those on
/// one thread, into the neutral apartment, and by `invoke` and `send`. Asynchronous calls begin
/// anew. At first 16,384; at the most 65,535, at the least 1. Process-wide. From: any thread.
void set_call_depth_limit(std::size_t most) noexcept;
[[nodiscard]] std::size_t call_depth_limit() noexcept;

/// The MTA's pool may have so many threads: it takes one for each call under way in the MTA that a
/// proxy brought. At first 8,192; at the least 1. Threads that exist stay until they are idle.
/// Process-wide. From: any thread.
void set_mta_thread_limit(std::size_t most) noexcept;
[[nodiscard]] std::size_t mta_thread_limit() noexcept;

}  // namespace insula
