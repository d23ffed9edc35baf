// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

namespace document_index {

/// How many columns a terminal gives to a character: 0 for marks that stand over the one before, 2
/// for East Asian characters and most emoji. Coarse, the same everywhere, and independent of the
/// locale.
[[nodiscard]] std::size_t columns_of(char32_t character) noexcept;

/// True for controls, for what changes the direction of text or ends a line, and for what nobody
/// sees. The joiners are left out: scripts and emoji need them.
[[nodiscard]] bool steers_terminal(char32_t character) noexcept;

}  // namespace document_index
