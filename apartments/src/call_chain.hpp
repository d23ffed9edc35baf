// SPDX-License-Identifier: MIT
#pragma once

#include "logical_thread.hpp"

#include <insula/core/guid.hpp>

namespace insula {

class apartment_core;
class apartment_scope;

/// Pieces of code of which each waits for the next: calls, invokes and sends, made one inside the
/// other. The causality alone does not name a chain: asynchronous calls have that of the code that
/// made them, and nobody need wait for them.
struct call_chain {
  GUID causality{};
  std::uint16_t link = 0;
  friend bool operator==(const call_chain&, const call_chain&) = default;
};

/// The chain of the calling code. Empty when nobody can wait for it: it runs in no apartment.
[[nodiscard]] call_chain current_chain();

/// For an asynchronous call: what it begins is a chain of its own.
[[nodiscard]] std::uint16_t new_chain_link() noexcept;

/// True when code of `inside` is among what runs on the stack of `running` as part of `chain`. When
/// the code that asks is part of it too, that code is waited for.
[[nodiscard]] bool is_on_chain(const logical_thread& running, const apartment_core& inside,
                               const call_chain& chain) noexcept;

/// The outermost scope inside `inside` on the stack of `running`; null: none.
[[nodiscard]] const apartment_scope* outermost_scope(const logical_thread& running,
                                                     const apartment_core& inside) noexcept;

/// True when the calling code, or code that it is called from on this stack, is of an apartment
/// that closes.
[[nodiscard]] bool works_for_closing_apartment() noexcept;

}  // namespace insula
