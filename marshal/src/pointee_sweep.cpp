// SPDX-License-Identifier: MIT
#include <insula/marshal/pointee_sweep.hpp>

#include <insula/core/contain.hpp>
#include <insula/core/task_memory.hpp>

#include <new>

namespace insula {

thread_local pointee_sweep* pointee_sweep::current_ = nullptr;

pointee_sweep::pointee_sweep() noexcept {
  if (current_ == nullptr) current_ = this;
}

pointee_sweep::~pointee_sweep() {
  if (current_ != this) return;
  while (!to_walk_.empty()) {
    const pending next = to_walk_.back();
    to_walk_.pop_back();
    if (next.walk_one != nullptr) next.walk_one(next.memory);
    else next.walk_all(next.memory, next.count);
  }
  // From here on nothing more is gathered: a Release may free structures of its own.
  current_ = nullptr;
  for (void* one : memory_) CoTaskMemFree(one);
  for (IUnknown* one : objects_) detail::let_go(one);
}

void pointee_sweep::free(void* memory, void (*walk)(void*) noexcept) noexcept {
  free({memory, 1, walk, nullptr});
}

void pointee_sweep::free(void* memory, std::size_t count,
                         void (*walk)(void*, std::size_t) noexcept) noexcept {
  free({memory, count, nullptr, walk});
}

void pointee_sweep::free(const pending& one) noexcept {
  if (one.memory == nullptr) return;
  if (current_ != nullptr) {
    current_->gather(one);
  } else if (one.walk_one == nullptr && one.walk_all == nullptr) {
    CoTaskMemFree(one.memory);
  } else {
    const pointee_sweep alone;
    current_->gather(one);
  }
}

void pointee_sweep::release(IUnknown* object) noexcept {
  if (object == nullptr) return;
  if (current_ != nullptr) current_->gather(object);
  else detail::let_go(object);
}

void pointee_sweep::gather(const pending& one) noexcept {
  try {
    if (!memory_.insert(one.memory).second) return;
    if (one.walk_one != nullptr || one.walk_all != nullptr) to_walk_.push_back(one);
  } catch (const std::bad_alloc&) {
  }
}

void pointee_sweep::gather(IUnknown* object) noexcept {
  try {
    objects_.push_back(object);
  } catch (const std::bad_alloc&) {
  }
}

}  // namespace insula
