// SPDX-License-Identifier: MIT
#pragma once

#include <insula/apartments/apartment.hpp>

namespace insula {

/// The neutral apartment of the process. Its objects run on the thread of whoever calls them, many
/// at once, in a context of their own: they hold proxies that are theirs, and what they may do
/// while they wait is what the caller's thread may do. `post` and `post_system` run the work at
/// once. Timers and quit it has none.
///
///     auto cache = insula::neutral().create<ICache>([] { return insula::make<cache>(); });
///     cache->Find(key, &value);   // no thread is changed, whichever apartment this is in
///
/// Made on first use. It closes when the last STA or MTA of the process has closed, on the thread
/// that did that; a later one is another apartment.
/// From: any thread. Fails: CO_E_NOTINITIALIZED (com_error) while the process has no STA and no
/// MTA.
[[nodiscard]] apartment neutral();

}  // namespace insula
