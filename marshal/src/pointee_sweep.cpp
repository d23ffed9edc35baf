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
    next.walk(next.memory);
  }
  // From here on nothing more is gathered: a Release may free structures of its own.
  current_ = nullptr;
  for (void* one : memory_) CoTaskMemFree(one);
  for (IUnknown* one : objects_) detail::let_go(one);
}

void pointee_sweep::free(void* memory, void (*walk)(void*) noexcept) noexcept {
  if (memory == nullptr) return;
  if (current_ != nullptr) {
    current_->gather(memory, walk);
  } else if (walk == nullptr) {
    CoTaskMemFree(memory);
  } else {
    const pointee_sweep alone;
    current_->gather(memory, walk);
  }
}

void pointee_sweep::release(IUnknown* object) noexcept {
  if (object == nullptr) return;
  if (current_ != nullptr) current_->gather(object);
  else detail::let_go(object);
}

void pointee_sweep::gather(void* memory, void (*walk)(void*) noexcept) noexcept {
  try {
    if (!memory_.insert(memory).second || walk == nullptr) return;
    to_walk_.push_back({memory, walk});
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
