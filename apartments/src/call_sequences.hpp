// SPDX-License-Identifier: MIT
#pragma once

#include "call_line.hpp"
#include "work_item.hpp"

#include <insula/core/thread_safety.hpp>

#include <atomic>
#include <cstddef>
#include <unordered_map>

namespace insula {

class call;

/// Keeps the order of calls from one apartment to one object where many threads could serve them.
///
/// An STA serves its queue in order, and a thread that waits for each call makes its own order;
/// what is left are the asynchronous calls to objects of the MTA. Those of one caller to one object
/// run one after the other, and a synchronous call made after them comes after them. A call that is
/// made on behalf of the one that runs (by code that serves it, or that serves what it called) is
/// not held back: the running one may be waiting for it. Such calls have an order among themselves:
/// they form sequences one level further in.
class call_sequences {
 public:
  /// True: `arriving` waits for its turn here. False: it may run now; if it is asynchronous, it has
  /// begun or joined a sequence and `after` must be told when it has been served.
  /// Fails: throws std::bad_alloc, and nothing has changed.
  bool hold_back(call& arriving);

  /// `served` has ended: the next of its sequence, or null.
  call* after(call& served) noexcept;

 private:
  struct key {
    const void* caller;
    const void* object;
    const call_line* level;  // null, or the running call on whose behalf these are made
    friend bool operator==(const key&, const key&) = default;
  };
  struct key_hash {
    std::size_t operator()(const key& k) const noexcept;
  };
  struct sequence {
    com_ptr<call_line> running;
    work_list waiting;
  };
  static key key_of(const call& of, const call_line* level) noexcept;

  std::atomic<std::size_t> open_{0};  // sequences, so that ordinary calls need no lock
  mutex guard_;
  std::unordered_map<key, sequence, key_hash> sequences_ INSULA_GUARDED_BY(guard_);
};

}  // namespace insula
