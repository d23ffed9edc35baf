// SPDX-License-Identifier: MIT
#pragma once

#include <insula/core/com_ptr.hpp>
#include <insula/core/types.hpp>

#include <chrono>
#include <memory>
#include <string>

namespace insula {

class mta_apartment;
class sta_apartment;
struct sta_options;

inline constexpr std::chrono::seconds default_shutdown_grace{2};

/// How an apartment closes.
struct closing_terms {
  std::chrono::nanoseconds grace = default_shutdown_grace;
  bool drains = false;  // posted application work runs first
};

/// Puts the calling thread into a new STA of its own, once; CoInitializeEx's counting is not here.
com_ptr<sta_apartment> enter_own_sta(sta_options options);
/// Closes that STA and ends the thread's being a host.
void leave_own_sta(const closing_terms& terms);

/// One more holder of the MTA, which is made if there is none.
com_ptr<mta_apartment> hold_mta();
/// One holder less; the last closes it.
void release_mta(std::chrono::nanoseconds grace);

/// CoUninitialize, with the terms for the case that it is the last.
void leave_once(const closing_terms& terms);
/// The same for a lease. One of static storage ends after its thread, which has left by itself.
void leave_lease(const closing_terms& terms);

/// Undoes everything the calling thread did not undo itself.
void leave_at_thread_end() noexcept;

}  // namespace insula
