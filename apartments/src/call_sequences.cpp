// SPDX-License-Identifier: MIT
#include "call_sequences.hpp"

#include "call.hpp"

#include <functional>
#include <utility>

namespace insula {

std::size_t call_sequences::key_hash::operator()(const key& k) const noexcept {
  const std::hash<const void*> hash;
  return (hash(k.caller) * 31 + hash(k.object)) * 31 + hash(k.level);
}

call_sequences::key call_sequences::key_of(const call& of, const call_line* level) noexcept {
  return {of.from, of.endpoint->object(), level};
}

bool call_sequences::hold_back(call& arriving) {
  if (arriving.is_synchronous() && open_.load(std::memory_order_acquire) == 0) return false;
  const mutex_lock lock(guard_);
  const call_line* level = nullptr;
  auto found = sequences_.find(key_of(arriving, level));
  while (found != sequences_.end() && found->second.running->includes(arriving.line.get())) {
    level = found->second.running.get();
    found = sequences_.find(key_of(arriving, level));
  }
  const bool first = found == sequences_.end();
  if (first && arriving.is_synchronous()) return false;
  com_ptr<call_line> line = call_line::begin(arriving.line.get(), level);
  if (first) sequences_[key_of(arriving, level)].running = line;  // the last that may throw
  arriving.set_line(std::move(line));
  arriving.in_sequence = true;
  if (!first) {
    found->second.waiting.push_back(&arriving);
    return true;
  }
  open_.fetch_add(1, std::memory_order_release);
  return false;
}

call* call_sequences::after(call& served) noexcept {
  const mutex_lock lock(guard_);
  const auto found = sequences_.find(key_of(served, served.line->level()));
  if (found == sequences_.end()) return nullptr;
  auto* const next = static_cast<call*>(found->second.waiting.pop_front());
  if (next == nullptr) {
    sequences_.erase(found);
    open_.fetch_sub(1, std::memory_order_release);
    return nullptr;
  }
  found->second.running = next->line;
  return next;
}

}  // namespace insula
