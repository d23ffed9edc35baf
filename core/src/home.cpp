// SPDX-License-Identifier: MIT
#include "insula/core/home.hpp"

#include "insula/core/error_info.hpp"
#include "insula/core/exception.hpp"
#include "insula/core/log.hpp"

#include <atomic>

namespace insula::detail {

thread_local constinit const void* const* running_place = nullptr;

namespace {

constinit std::atomic<const home_source*> places{nullptr};  // atomic: set before any use

std::string words_for(const home_source& source, home_tag place) {
  std::string words = place == home_tag::none ? std::string() : source.describe(place);
  return words.empty() ? "no apartment" : words;
}

}  // namespace

void set_home_source(const home_source& source) noexcept {
  places.store(&source, std::memory_order_release);
}

home_tag current_home() noexcept {
  const home_source* const source = places.load(std::memory_order_acquire);
  return source != nullptr ? source->current() : home_tag::none;
}

bool is_away(home_tag home, std::string_view class_name, std::string_view entry) noexcept {
  const home_source* const source = places.load(std::memory_order_acquire);
  if (source == nullptr) return false;
  const home_tag here = source->current();
  if (here == home) return false;
  try {
    // Nothing runs in a place that has closed: what is left of it may end anywhere.
    const std::string made_in = source->describe(home);
    if (made_in.empty()) return false;
    std::string text = "an object of class " + std::string(class_name) + ", made in " + made_in +
                       ", was entered (" + std::string(entry) + ") from " +
                       words_for(*source, here) +
                       ": its pointer got there without being marshaled. Make it with "
                       "apartment::create, or carry it over with agile_ref or "
                       "CoMarshalInterThreadInterfaceInStream. A class whose objects may be used "
                       "everywhere says `static constexpr bool checks_home = false`.";
    log(log_level::error, text);
    set_error(RPC_E_WRONG_THREAD, text);
  } catch (...) {
    set_error(RPC_E_WRONG_THREAD, "");
  }
  return true;
}

void throw_away_from_home() { throw_last_error(RPC_E_WRONG_THREAD); }

}  // namespace insula::detail
