// SPDX-License-Identifier: MIT
#pragma once

#include <insula/core/hresult.hpp>

#include <cstdint>

namespace insula {

class apartment_core;

/// What kind of work an item is; the order in which a waiting STA looks at it.
enum class work_class : std::uint8_t {
  reply,        // the answer to something this thread waits for
  send,         // synchronous send from another thread
  call,         // incoming call
  system,       // posted system work: a wait dispatches it
  application,  // posted application work: a wait leaves it queued, in order
};

/// A piece of work on its way to a thread. Intrusive: queues allocate nothing.
/// Whoever holds the item runs it once or drops it once; either consumes it.
struct work_item {
  work_item* next = nullptr;           // owner: the queue that holds the item
  apartment_core* target = nullptr;    // fixed while queued; null for replies
  void (*run)(work_item*) noexcept = nullptr;
  void (*drop)(work_item*) noexcept = nullptr;  // the target closed before the item ran
  work_class kind = work_class::call;
  bool waited_for : 1 = false;   // somebody waits for what comes of it
  bool has_line : 1 = false;     // of calls: `line` is set, and the callee looks there only then
  bool in_sequence : 1 = false;  // of calls: the target is told when it has been served
  bool withdrawable : 1 = false;  // of calls, fixed once sent: may be stopped before it begins
  std::uint16_t link = 0;        // of calls: the chain that they belong to (call_chain.hpp)
  /// Of the way there and back. Whoever drops the item may set it to say why; else it is
  /// RPC_E_DISCONNECTED.
  HRESULT code = S_OK;

  /// The code for whoever waits for an item that was refused or dropped.
  [[nodiscard]] HRESULT refused_with() const noexcept {
    return FAILED(code) ? code : RPC_E_DISCONNECTED;
  }
};

/// First in, first out, one thread.
class work_list {
 public:
  [[nodiscard]] bool empty() const noexcept { return first_ == nullptr; }

  [[nodiscard]] work_item* front() const noexcept { return first_; }

  void push_back(work_item* item) noexcept {
    item->next = nullptr;
    if (first_ == nullptr) {
      first_ = item;
    } else {
      last_->next = item;
    }
    last_ = item;
  }

  work_item* pop_front() noexcept {
    work_item* item = first_;
    if (item != nullptr) first_ = item->next;
    return item;
  }

  /// Takes out every item that `belongs` says yes to, in order.
  template <class Predicate>
  work_list extract(Predicate belongs) noexcept {
    work_list kept;
    work_list taken;
    while (work_item* item = pop_front()) (belongs(item) ? taken : kept).push_back(item);
    *this = kept;
    return taken;
  }

 private:
  work_item* first_ = nullptr;
  work_item* last_ = nullptr;
};

}  // namespace insula
