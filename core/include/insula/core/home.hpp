// SPDX-License-Identifier: MIT
//
// The home of an object: the place (apartment) in which it was made. Core knows no apartments; who
// has such places says here which one the running code is in. For implementing `implements`.
#pragma once

#include <insula/core/hresult.hpp>
#include <insula/core/types.hpp>

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

// Whether classes check their home when they do not say it themselves. It changes what functions
// do, never what objects look like: translation units with and without it may share objects.
#ifndef INSULA_CHECK_HOMES
#ifdef NDEBUG
#define INSULA_CHECK_HOMES 0
#else
#define INSULA_CHECK_HOMES 1
#endif
#endif

namespace insula::detail {

/// A place in four bytes, which is what an object has left for it; 0 is none.
enum class home_tag : std::uint32_t { none = 0 };

inline home_tag tag_of(const void* place) noexcept {
  if (place == nullptr) return home_tag::none;
  return static_cast<home_tag>(
      static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(place) >> 4) | 1u);
}

/// Where the pointer lies that says the running code's place; null on a thread that has none yet.
extern thread_local constinit const void* const* running_place;

/// What the fast comparison does not know: a thread may be in a place without having entered it.
struct home_source {
  home_tag (*current)() noexcept;
  /// For a sentence; empty when there is no such place any more.
  std::string (*describe)(home_tag home);
};

/// Installed once, before main, by whoever has places.
void set_home_source(const home_source& source) noexcept;

/// The place of the running code.
home_tag current_home() noexcept;

/// True when the running code is in `home`, as far as one comparison tells.
inline bool surely_at(home_tag home) noexcept {
  if (running_place == nullptr) return false;
  const void* place = nullptr;
  std::memcpy(&place, running_place, sizeof place);
  return tag_of(place) == home;
}

/// For when that was false: whether the running code is elsewhere indeed while the home is still
/// there. Then the log (`error`) says so, naming class, home and caller, and so does the slot for
/// error info.
bool is_away(home_tag home, std::string_view class_name, std::string_view entry) noexcept;

/// Throws the error in the slot. After is_away.
[[noreturn]] void throw_away_from_home();

/// What a class does that does not say whether it checks its home.
constexpr bool check_homes = INSULA_CHECK_HOMES != 0;

}  // namespace insula::detail
