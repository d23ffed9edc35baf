// SPDX-License-Identifier: MIT
//
// A host thread that needs one more stack, and may not get it.
#include "host_thread.hpp"

#include "sta_apartment.hpp"

#include <insula/core/log.hpp>

#include <new>
#include <utility>

namespace insula {

// Without one more stack, calls nest on the one there is: they end last in, first out.
fiber* host_thread::find_leader() noexcept {
  const char* why = "no memory for one more stack of an STA's thread (each takes two of "
                    "vm.max_map_count): its calls nest, end last in, first out, and are refused "
                    "when this stack is used up too";
  try {
    if (!loops_.empty() || resting_ != nullptr || pool_.size() < fiber_limit_)
      return &take_leader();
    why = "an STA's thread has as many stacks as sta_options::fiber_limit allows: its calls nest, "
          "end last in, first out, and are refused when this stack is used up too";
  } catch (const std::bad_alloc&) {
  }
  if (!std::exchange(told_of_no_stack_, true)) log(log_level::warn, why);
  return nullptr;
}

// All code of this thread waits, and there is no stack for more. What it waits for may be behind
// the very calls that have come; whoever made them gets an answer. Work that nobody waits for stays
// until a stack comes free. False: there was nothing to refuse.
bool host_thread::refuse_calls() noexcept {
  const auto waited_for = [](const work_item* item) {
    return item->kind == work_class::call || item->waited_for;
  };
  bool any = false;
  for (work_list* const list : {&sends_, &work_}) {
    work_list refused = list->extract(waited_for);
    while (work_item* const item = refused.pop_front()) {
      any = true;
      --static_cast<sta_apartment*>(item->target)->queued;
      item->code = RPC_E_OUT_OF_RESOURCES;
      item->drop(item);
    }
  }
  return any;
}

}  // namespace insula
