// SPDX-License-Identifier: MIT
#include <insula/marshal/pointee_sweep.hpp>

#include <insula/core/task_memory.hpp>

#include <new>
#include <unordered_set>
#include <vector>

namespace insula {

struct pointee_sweep::state {
  struct pending {
    void* memory;
    void (*walk)(void*) noexcept;
  };
  std::vector<pending> to_walk;
  std::unordered_set<void*> memory;
  std::vector<IUnknown*> objects;
};

thread_local pointee_sweep::state* pointee_sweep::current_ = nullptr;

void pointee_sweep::free(void* memory, void (*walk)(void*) noexcept) noexcept {
  if (memory == nullptr) return;
  if (current_ == nullptr && walk == nullptr) return CoTaskMemFree(memory);

  if (current_ != nullptr) {
    try {
      if (!current_->memory.insert(memory).second) return;
      if (walk != nullptr) current_->to_walk.push_back({memory, walk});
    } catch (const std::bad_alloc&) {
    }
    return;
  }

  state here;
  current_ = &here;
  free(memory, walk);
  while (!here.to_walk.empty()) {
    const state::pending next = here.to_walk.back();
    here.to_walk.pop_back();
    next.walk(next.memory);
  }
  current_ = nullptr;
  for (void* one : here.memory) CoTaskMemFree(one);
  for (IUnknown* one : here.objects) one->Release();
}

void pointee_sweep::release(IUnknown* object) noexcept {
  if (object == nullptr) return;
  if (current_ == nullptr) {
    object->Release();
    return;
  }
  try {
    current_->objects.push_back(object);
  } catch (const std::bad_alloc&) {
  }
}

}  // namespace insula
