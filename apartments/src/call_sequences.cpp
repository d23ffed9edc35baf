// SPDX-License-Identifier: MIT
#include "call_sequences.hpp"

#include "call.hpp"

#include <functional>

namespace insula {

std::size_t call_sequences::key_hash::operator()(const key& k) const noexcept {
  const std::hash<const void*> hash;
  return hash(k.caller) * 31 + hash(k.object);
}

call_sequences::key call_sequences::key_of(const call& of) noexcept {
  return {of.from, of.endpoint->object()};
}

bool call_sequences::hold_back(call& arriving) {
  if (arriving.is_synchronous() && open_.load(std::memory_order_acquire) == 0) return false;
  const mutex_lock lock(guard_);
  const auto found = sequences_.find(key_of(arriving));
  if (found == sequences_.end()) {
    if (arriving.is_synchronous()) return false;
    sequence& begun = sequences_[key_of(arriving)];
    begun.running = &arriving;
    begun.causality = arriving.causality;
    arriving.in_sequence = true;
    open_.fetch_add(1, std::memory_order_release);
    return false;
  }
  sequence& joined = found->second;
  if (arriving.within_a_call && arriving.causality == joined.causality) return false;
  arriving.in_sequence = true;
  joined.waiting.push_back(&arriving);
  return true;
}

call* call_sequences::after(call& served) noexcept {
  const mutex_lock lock(guard_);
  const auto found = sequences_.find(key_of(served));
  if (found == sequences_.end()) return nullptr;
  auto* const next = static_cast<call*>(found->second.waiting.pop_front());
  if (next == nullptr) {
    sequences_.erase(found);
    open_.fetch_sub(1, std::memory_order_release);
    return nullptr;
  }
  found->second.running = next;
  found->second.causality = next->causality;
  return next;
}

}  // namespace insula
