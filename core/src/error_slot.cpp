// SPDX-License-Identifier: MIT
//
// The slot of the calling logical thread.
#include "insula/core/error_info.hpp"

namespace insula {
namespace {

constinit thread_local error_info_slot* switched_slot = nullptr;

// Destructors of other thread-locals may set errors after this thread's slot has ended.
constinit thread_local bool own_slot_ended = false;

struct own_slot : error_info_slot {
  ~own_slot() { own_slot_ended = true; }
};

/// Null when the thread is nearly over.
error_info_slot* slot() noexcept {
  if (switched_slot != nullptr) return switched_slot;
  if (own_slot_ended) return nullptr;
  thread_local own_slot own;
  return &own;
}

}  // namespace

error_info_slot*& current_error_info_slot() noexcept { return switched_slot; }

bool has_error_info() noexcept {
  const error_info_slot* const here = slot();
  return here != nullptr && here->current;
}

HRESULT SetErrorInfo(ULONG reserved, IErrorInfo* info) {
  if (reserved != 0) return E_INVALIDARG;
  // What was there dies after the new one is in place: its Release may look at the slot.
  if (error_info_slot* const here = slot()) com_ptr<IErrorInfo>(info).swap(here->current);
  return S_OK;
}

HRESULT GetErrorInfo(ULONG reserved, IErrorInfo** out) {
  if (reserved != 0 || out == nullptr) return E_INVALIDARG;
  error_info_slot* const here = slot();
  *out = here == nullptr ? nullptr : here->current.detach();
  return *out == nullptr ? S_FALSE : S_OK;
}

std::string error_description() {
  const error_info_slot* const here = slot();
  // Held: reading a foreign object may change the slot.
  const com_ptr<IErrorInfo> info = here == nullptr ? nullptr : here->current;
  return error_description(info.get());
}

}  // namespace insula
