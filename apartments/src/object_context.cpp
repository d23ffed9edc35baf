// SPDX-License-Identifier: MIT
#include <insula/apartments/object_context.hpp>

#include "apartment_context.hpp"
#include "apartment_core.hpp"
#include "call.hpp"
#include "sta_apartment.hpp"

#include <insula/core/exception.hpp>
#include <insula/core/sentence.hpp>

#include <unistd.h>

#include <atomic>

namespace insula {
namespace {

HRESULT not_initialised(const char* what) noexcept {
  return explain_error(CO_E_NOTINITIALIZED, [what] {
    return std::string(what) + ": the calling thread is in no apartment and the process has no "
                               "MTA. Enter one first.";
  });
}

}  // namespace

extern "C" HRESULT CoGetObjectContext(REFIID iid, void** out) {
  if (out == nullptr) return set_error(E_POINTER, "CoGetObjectContext: the result needs a place.");
  *out = nullptr;
  apartment_core* const here = current_apartment();
  if (here == nullptr) return not_initialised("CoGetObjectContext");
  return abi_guard([&] { return here->context().QueryInterface(iid, out); });
}

extern "C" HRESULT CoGetContextToken(ULONG_PTR* token) {
  apartment_core* const here = current_apartment();
  if (here == nullptr) return not_initialised("CoGetContextToken");
  if (token == nullptr) return set_error(E_POINTER, "CoGetContextToken: the result needs a place.");
  return abi_guard([&] {
    *token = reinterpret_cast<ULONG_PTR>(static_cast<IObjContext*>(&here->context()));
  });
}

extern "C" HRESULT CoGetCurrentLogicalThreadId(GUID* id) {
  if (id == nullptr)
    return set_error(E_INVALIDARG, "CoGetCurrentLogicalThreadId: the result needs a place.");
  return abi_guard([&] { *id = current_causality(); });
}

extern "C" HRESULT CoGetCallerTID(DWORD* caller) {
  if (caller == nullptr)
    return set_error(E_INVALIDARG, "CoGetCallerTID: the result needs a place.");
  *caller = 0;
  const call* const serving = current_logical_thread().serving;
  if (serving == nullptr) return S_FALSE;
  switch (serving->from->kind()) {
    case apartment_kind::sta:
      *caller = static_cast<DWORD>(static_cast<const sta_apartment&>(*serving->from).thread_id());
      break;
    case apartment_kind::mta:
      break;
    case apartment_kind::neutral:
      *caller = static_cast<DWORD>(-1);
      break;
  }
  return S_OK;
}

extern "C" DWORD CoGetCurrentProcess() {
  static std::atomic<DWORD> last{0};
  thread_local DWORD mine = 0;
  while (mine == 0 || mine == static_cast<DWORD>(::getpid()) ||
         mine == static_cast<DWORD>(::gettid()))
    mine = last.fetch_add(1, std::memory_order_relaxed) + 1;
  return mine;
}

}  // namespace insula
