// SPDX-License-Identifier: MIT
#pragma once

#include "indexed_heap.hpp"
#include "posted_work.hpp"

#include <cstddef>
#include <cstdint>
#include <utility>

namespace insula {

class sta_apartment;

/// The posted application work of one apartment, in order. Owner: its host's application_queue.
struct application_line {
  explicit application_line(const sta_apartment& of) : owner(&of) {}

  const sta_apartment* const owner;
  heap_place place;  // where the line stands among those whose work may run
  work_list items;   // all of them posted_work
  std::size_t count = 0;

  [[nodiscard]] std::uint64_t first() const noexcept {
    return static_cast<const posted_work*>(items.front())->order;
  }
  [[nodiscard]] bool before(const application_line& other) const noexcept {
    return first() < other.first();
  }
};

/// Posted application work of one thread's STAs, in the order of its arrival. Owner: that thread.
///
/// Each apartment has a line of its own. One whose apartment is found waiting is set aside as a
/// whole until `run_again`, so that work held back costs nothing each time somebody looks; and an
/// apartment that closes takes out its own line, whatever else is queued.
class application_queue {
 public:
  /// An apartment has come / has gone with all that it had.
  void add_line() { order_.make_room(); }
  void remove_line() noexcept { order_.give_up_room(); }

  void push_back(work_item* item, application_line& line) noexcept {
    static_cast<posted_work*>(item)->order = ++arrived_;
    line.items.push_back(item);
    if (++line.count == 1) order_.put(line);
  }

  /// Work of `line` may run again.
  void run_again(application_line& line) noexcept {
    if (line.count != 0 && !order_.holds(line)) order_.put(line);
  }

  /// True when there is work of an apartment that satisfies `may_run`; then `pop_front` takes it.
  template <class Predicate>
  [[nodiscard]] bool has_runnable(Predicate may_run) const noexcept {
    while (!order_.empty()) {
      if (may_run(*order_.front().owner)) return true;
      order_.take_out(order_.front());
    }
    return false;
  }

  /// The first of what is not set aside; null: nothing.
  work_item* pop_front() noexcept {
    if (order_.empty()) return nullptr;
    application_line& line = order_.front();
    // While it is in the order it has something to be compared by.
    if (line.count == 1) order_.take_out(line);
    work_item* const item = line.items.pop_front();
    if (--line.count != 0) order_.put(line);
    return item;
  }

  /// Takes out everything of `line`.
  work_list take_all(application_line& line) noexcept {
    order_.take_out(line);
    line.count = 0;
    return std::exchange(line.items, {});
  }

 private:
  mutable indexed_heap<application_line> order_;  // mutable: looking sets lines aside
  std::uint64_t arrived_ = 0;
};

}  // namespace insula
