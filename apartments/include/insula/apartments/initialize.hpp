// SPDX-License-Identifier: MIT
//
// COM's own way into apartments. Meaning and codes are those of the Microsoft reference pages of
// the same names. The lease types (sta.hpp, mta.hpp) do the same and cannot be left unbalanced.
//
// After fork the child has one thread and none of the others that apartments need: it may call
// exec. When apartments were open, what it does with them fails with CO_E_NOT_SUPPORTED and a
// sentence, and does not wait for threads that are not there.
//
// No function of this floor may be called from a signal handler: they take locks, allocate, and use
// what the interrupted code of the thread may be changing. Let the handler write to a pipe or an
// eventfd that a pump or a thread reads, or block the signal everywhere and take it with signalfd
// or sigwait on a thread that posts.
//
// Code that an apartment runs (calls, posted work, timers, coroutines) must not end its thread with
// pthread_exit, nor be cancelled with pthread_cancel: others wait for it, and its stack may not be
// the thread's own. It ends the process, with a sentence that names the apartment and the method.
#pragma once

#include <insula/core/hresult.hpp>
#include <insula/core/types.hpp>

namespace insula {

enum COINIT : DWORD {
  COINIT_MULTITHREADED = 0x0,
  COINIT_APARTMENTTHREADED = 0x2,
  COINIT_DISABLE_OLE1DDE = 0x4,      // accepted, without meaning here
  COINIT_SPEED_OVER_MEMORY = 0x8,    // accepted, without meaning here
};

enum APTTYPE : std::int32_t {
  APTTYPE_CURRENT = -1,
  APTTYPE_STA = 0,
  APTTYPE_MTA = 1,
  APTTYPE_NA = 2,
  APTTYPE_MAINSTA = 3,
};

enum APTTYPEQUALIFIER : std::int32_t {
  APTTYPEQUALIFIER_NONE = 0,
  APTTYPEQUALIFIER_IMPLICIT_MTA = 1,
  APTTYPEQUALIFIER_NA_ON_MTA = 2,
  APTTYPEQUALIFIER_NA_ON_STA = 3,
  APTTYPEQUALIFIER_NA_ON_IMPLICIT_MTA = 4,
  APTTYPEQUALIFIER_NA_ON_MAINSTA = 5,
};

/// Keeps the MTA in existence; see CoIncrementMTAUsage.
using CO_MTA_USAGE_COOKIE = struct CO_MTA_USAGE_COOKIE_tag*;

extern "C" {

/// Puts the calling thread into an apartment: one STA of its own, or the MTA (also when `flags` is
/// 0). Counted: balance each S_OK and S_FALSE with a CoUninitialize on the same thread.
/// S_OK the first time; S_FALSE when the thread was in that kind already.
/// Fails: RPC_E_CHANGED_MODE (not counted) when the thread is in the other kind or runs inside the
/// neutral apartment; E_INVALIDARG for a reserved pointer or unknown flags.
/// A thread that ends without the balance leaves its apartment then; so does one that calls exit,
/// but not from inside a call, which would have to return first.
HRESULT CoInitializeEx(void* reserved, DWORD flags);

/// CoInitializeEx(reserved, COINIT_APARTMENTTHREADED).
HRESULT CoInitialize(void* reserved);

/// Undoes one CoInitializeEx. The last one closes the thread's STA, or the MTA if this thread was
/// the last to hold it: accepted calls are served, new ones refused, the objects inside are
/// disconnected and released, imported references are given back. Waits as a call waits; runs your
/// code. Without a CoInitializeEx to undo, or from inside a call, it does nothing but say so in the
/// log.
void CoUninitialize();

/// Where the calling thread is. Uninitialised and without an MTA in the process:
/// CO_E_NOTINITIALIZED, with APTTYPE_CURRENT and APTTYPEQUALIFIER_NONE written.
/// Fails: E_INVALIDARG for null.
HRESULT CoGetApartmentType(APTTYPE* type, APTTYPEQUALIFIER* qualifier);

/// Keeps the MTA in existence, making it if need be, without putting the calling thread into it.
HRESULT CoIncrementMTAUsage(CO_MTA_USAGE_COOKIE* cookie);
/// Takes one such count back; the last holder's going closes the MTA (see CoUninitialize), or, from
/// inside a call, has it closed by a thread of its own as soon as that call has returned.
/// From: any thread. Fails: E_INVALIDARG for a cookie that is not outstanding.
HRESULT CoDecrementMTAUsage(CO_MTA_USAGE_COOKIE cookie);

}  // extern "C"

}  // namespace insula
