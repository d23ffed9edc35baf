// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace insula {

class sta_apartment;

/// The timers of one thread's STAs, soonest first. Owner: that thread.
class timer_queue {
 public:
  using time = std::chrono::steady_clock::time_point;

  struct timer {
    std::uint64_t id = 0;
    sta_apartment* owner = nullptr;
    std::chrono::nanoseconds period{};  // zero: once
    std::function<void()> body;
  };

  void add(time due, timer added) { timers_.emplace(due, std::move(added)); }

  bool remove(std::uint64_t id) {
    return std::erase_if(timers_, [id](const auto& entry) { return entry.second.id == id; }) != 0;
  }

  /// Takes out the timers of `owner`: their bodies die with the result.
  std::vector<timer> remove_all(const sta_apartment* owner) {
    std::vector<timer> removed;
    for (auto it = timers_.begin(); it != timers_.end();) {
      if (it->second.owner == owner) {
        removed.push_back(std::move(it->second));
        it = timers_.erase(it);
      } else {
        ++it;
      }
    }
    return removed;
  }

  /// The soonest timer whose owner satisfies `may_run`.
  template <class Predicate>
  [[nodiscard]] std::optional<time> next(Predicate may_run) const {
    for (const auto& [due, entry] : timers_)
      if (may_run(*entry.owner)) return due;
    return std::nullopt;
  }

  /// Takes out the soonest timer that is due at `now` and whose owner satisfies `may_run`.
  template <class Predicate>
  std::optional<std::pair<time, timer>> take_due(time now, Predicate may_run) {
    for (auto it = timers_.begin(); it != timers_.end() && it->first <= now; ++it) {
      if (!may_run(*it->second.owner)) continue;
      std::pair<time, timer> taken{it->first, std::move(it->second)};
      timers_.erase(it);
      return taken;
    }
    return std::nullopt;
  }

  [[nodiscard]] bool empty() const noexcept { return timers_.empty(); }

 private:
  std::multimap<time, timer> timers_;
};

}  // namespace insula
