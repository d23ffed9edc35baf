// SPDX-License-Identifier: MIT
#pragma once

#include <insula/apartments/apartment_kind.hpp>
#include <insula/core/types.hpp>
#include <insula/core/unknown.hpp>

#include <atomic>
#include <cstdint>
#include <string>

namespace insula {

/// How deep calls may nest. Read with every call, written by set_call_depth_limit.
extern constinit std::atomic<std::uint16_t> call_depth_limit_now;

/// The last calls before the limit are noted, so that the refusal can name them.
inline constexpr unsigned deep_calls_noted = 8;

/// Notes a call near the limit, made by code that is `depth` calls deep. False: one too many.
[[nodiscard]] bool note_deep_call(unsigned depth, REFIID iid, ULONG method) noexcept;

/// The calling code is `depth` calls deep and is about to make one more, of this method. False:
/// that is one too many.
[[nodiscard]] inline bool may_nest(unsigned depth, REFIID iid, ULONG method) noexcept {
  const unsigned limit = call_depth_limit_now.load(std::memory_order_relaxed);
  if (depth + deep_calls_noted < limit) [[likely]] return true;
  return note_deep_call(depth, iid, method);
}

/// The same for work that is no call of a method.
[[nodiscard]] inline bool may_nest(unsigned depth) noexcept {
  return depth < call_depth_limit_now.load(std::memory_order_relaxed);
}

/// Why a call was refused that may_nest said no to: the end of a sentence, with the methods that
/// the calling code's chain went through last.
[[nodiscard]] std::string why_too_deep();

/// Why a call into an apartment of `kind` found neither thread nor stack: the end of a sentence.
[[nodiscard]] std::string why_no_room(apartment_kind kind);

/// Room on the calling code's stack for a call that runs on it.
[[nodiscard]] bool stack_for_a_call() noexcept;

}  // namespace insula
