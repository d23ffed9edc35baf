// SPDX-License-Identifier: MIT
#pragma once

#include <insula/core/com_ptr.hpp>

namespace insula {

class sta_apartment;

/// The main STA is the first STA of the process; when it closes, the next STA to be made is.
/// (Microsoft reference, "Single-Threaded Apartments".)
void offer_main_sta(sta_apartment& made) noexcept;
void withdraw_main_sta(sta_apartment& closed) noexcept;
[[nodiscard]] bool main_sta_is(const sta_apartment& asked) noexcept;

}  // namespace insula
