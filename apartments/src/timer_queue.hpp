// SPDX-License-Identifier: MIT
#pragma once

#include "indexed_heap.hpp"

#include <insula/apartments/from_now.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <unordered_map>
#include <utility>

namespace insula {

class sta_apartment;

struct timer {
  using time = std::chrono::steady_clock::time_point;
  using body_type = std::shared_ptr<const std::function<void()>>;

  std::uint64_t id = 0;
  sta_apartment* owner = nullptr;
  std::chrono::nanoseconds period{};  // zero: once
  body_type body;
};

/// The timers of one apartment. Owner: its host's timer_queue.
struct timer_line {
  using key = std::pair<timer::time, std::uint64_t>;  // by the time when they are due, then by age

  heap_place place;  // where the line stands among those whose timers may run
  std::map<key, timer> timers;

  [[nodiscard]] const key& first() const noexcept { return timers.begin()->first; }
  [[nodiscard]] bool before(const timer_line& other) const noexcept {
    return first() < other.first();
  }
};

/// The timers of one thread's STAs, soonest first. Owner: that thread.
///
/// Each apartment has a line of its own, and the lines are ordered by their first timers. A line
/// whose apartment is found waiting, so that its timers may not run, is set aside as a whole until
/// `run_again`: nobody looks at its timers one by one again and again.
class timer_queue {
 public:
  using time = timer::time;

  /// An apartment that may have timers has come / has gone with all of them.
  void add_line() { order_.make_room(); }
  void remove_line() noexcept { order_.give_up_room(); }

  void add(time due, timer added, timer_line& line) {
    const timer_line::key key{due, added.id};
    const auto known = lines_.try_emplace(added.id, known_timer{&line, due}).first;
    try {
      line.timers.emplace(key, std::move(added));
    } catch (...) {
      lines_.erase(known);
      throw;
    }
    if (line.timers.size() == 1 || order_.holds(line)) order_.put(line);
  }

  bool remove(std::uint64_t id) {
    const auto known = lines_.find(id);
    if (known == lines_.end()) return false;
    timer_line& line = *known->second.line;
    const auto removed = line.timers.extract({known->second.due, id});  // its body dies last
    lines_.erase(known);
    place(line);
    return true;
  }

  /// Takes out all timers of `line`: their bodies die with the result.
  std::map<timer_line::key, timer> remove_all(timer_line& line) noexcept {
    order_.take_out(line);
    for (const auto& [key, entry] : line.timers) lines_.erase(entry.id);
    return std::exchange(line.timers, {});
  }

  /// The timers of `line` may run again.
  void run_again(timer_line& line) noexcept {
    if (!line.timers.empty() && !order_.holds(line)) order_.put(line);
  }

  /// The soonest timer whose owner satisfies `may_run`.
  template <class Predicate>
  [[nodiscard]] std::optional<time> next(Predicate may_run) const {
    const timer_line* const line = first_line(may_run);
    return line != nullptr ? std::optional(line->first().first) : std::nullopt;
  }

  /// Takes out the soonest timer that is due at `now` and whose owner satisfies `may_run`. One with
  /// a period stays, and is due again a period after it was; at `now` at the soonest.
  template <class Predicate>
  std::optional<timer> take_due(time now, Predicate may_run) {
    timer_line* const line = first_line(may_run);
    if (line == nullptr || line->first().first > now) return std::nullopt;
    auto node = line->timers.extract(line->timers.begin());
    timer taken = node.mapped();
    if (taken.period.count() != 0) {
      const time next = std::max(time_after(node.key().first, taken.period), now);
      node.key().first = next;
      line->timers.insert(std::move(node));
      lines_.find(taken.id)->second.due = next;
    } else {
      lines_.erase(taken.id);
    }
    place(*line);
    return taken;
  }

  /// No timers at all but those of lines that were set aside.
  [[nodiscard]] bool empty() const noexcept { return order_.empty(); }

 private:
  struct known_timer {
    timer_line* line;
    time due;
  };

  template <class Predicate>
  timer_line* first_line(Predicate may_run) const {
    while (!order_.empty()) {
      timer_line& line = order_.front();
      if (may_run(*line.timers.begin()->second.owner)) return &line;
      order_.take_out(line);
    }
    return nullptr;
  }

  void place(timer_line& line) noexcept {
    if (line.timers.empty()) {
      order_.take_out(line);
    } else if (order_.holds(line)) {
      order_.put(line);
    }
  }

  mutable indexed_heap<timer_line> order_;  // mutable: looking sets lines aside
  std::unordered_map<std::uint64_t, known_timer> lines_;
};

}  // namespace insula
