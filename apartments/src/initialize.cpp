// SPDX-License-Identifier: MIT
#include <insula/apartments/initialize.hpp>

#include "fork_watch.hpp"
#include "membership.hpp"
#include "mta_apartment.hpp"
#include "sta_apartment.hpp"

#include <insula/apartments/sta.hpp>
#include <insula/core/exception.hpp>
#include <insula/core/sentence.hpp>
#include <insula/core/thread_safety.hpp>

#include <unistd.h>

#include <unordered_set>
#include <utility>

namespace insula {
namespace {

bool inside_a_call() { return current_logical_thread().scope != nullptr; }

HRESULT changed_mode(const apartment_core& where, bool wants_sta) noexcept {
  return explain_error(RPC_E_CHANGED_MODE, [&] {
    return "CoInitializeEx asked for " + std::string(wants_sta ? "an STA" : "the MTA") +
           " on a thread that is in " + where.description() +
           ". Use that apartment, leave it first, or do this on a thread of its own.";
  });
}

/// The cookies that are outstanding, so that a wrong one is told and not followed.
struct usage_cookies {
  mutex guard;
  std::unordered_set<CO_MTA_USAGE_COOKIE> outstanding INSULA_GUARDED_BY(guard);
  std::uintptr_t last INSULA_GUARDED_BY(guard) = 0;

  static usage_cookies& instance() {
    static usage_cookies* const only = new usage_cookies;
    return *only;
  }
};

// Code that runs in none of them: an event of a foreign loop.
HRESULT serves_others() {
  return set_error(RPC_E_CHANGED_MODE,
                   "CoInitializeEx on a thread that serves STAs and is in none of them at the "
                   "moment. Use apartment::invoke to enter one.");
}

HRESULT first_initialisation(bool wants_sta) {
  thread_state& thread = this_thread();
  logical_thread& running = current_logical_thread();
  if (wants_sta) {
    thread.home =
        enter_own_sta({.name = "thread " + std::to_string(::gettid())}).detach();
  } else {
    thread.home = hold_mta().detach();
  }
  running.apartment = thread.home;
  thread.initialisations = 1;
  return S_OK;
}

void leave_home(const closing_terms& terms) {
  thread_state& thread = this_thread();
  apartment_core* const home = thread.home;
  if (home->kind() == apartment_kind::sta) {
    leave_own_sta(terms);
  } else {
    release_mta(terms.grace);
  }
  current_logical_thread().apartment = nullptr;
  thread.home = nullptr;
  thread.initialisations = 0;  // only now: what runs while it closes may pair its own calls
  home->Release();
}

APTTYPEQUALIFIER neutral_qualifier() {
  const apartment_core* const beneath = thread_apartment();
  if (beneath == nullptr) return APTTYPEQUALIFIER_NONE;
  if (beneath->kind() == apartment_kind::sta)
    return static_cast<const sta_apartment*>(beneath)->is_main() ? APTTYPEQUALIFIER_NA_ON_MAINSTA
                                                                 : APTTYPEQUALIFIER_NA_ON_STA;
  return current_logical_thread().beneath != nullptr ? APTTYPEQUALIFIER_NA_ON_MTA
                                                     : APTTYPEQUALIFIER_NA_ON_IMPLICIT_MTA;
}

}  // namespace

com_ptr<sta_apartment> enter_own_sta(sta_options options) {
  (void)current_logical_thread();
  const auto host = std::make_shared<host_thread>(options.stack_size, options.fiber_limit);
  host->begin(std::move(options.pump));
  try {
    return com_ptr<sta_apartment>(new sta_apartment(std::move(options.name), host),
                                  take_ownership);
  } catch (...) {
    host->end();
    throw;
  }
}

void leave_own_sta(const closing_terms& terms) {
  const std::shared_ptr<host_thread> host =
      static_cast<sta_apartment*>(this_thread().home)->shared_host();
  // Apartments that others put on this thread go with it, the thread's own last.
  while (!host->apartments.empty()) host->apartments.back()->close(terms);
  host->end();
}

void leave_at_thread_end() noexcept {
  if (this_thread().home == nullptr || in_forked_child()) return;
  if (inside_a_call()) {
    log_sentence(log_level::warn, [] {
      return "exit was called from inside a call into " +
             current_logical_thread().apartment->description() +
             ", which does not return: its thread does not leave " +
             this_thread().home->description();
    });
    return;
  }
  log_sentence(log_level::info, [] {
    return this_thread().home->description() +
           ": its thread ends without CoUninitialize; left now";
  });
  leave_home({});
  this_thread().left_at_end = true;
}

extern "C" HRESULT CoInitializeEx(void* reserved, DWORD flags) {
  constexpr DWORD known = COINIT_APARTMENTTHREADED | COINIT_DISABLE_OLE1DDE |
                          COINIT_SPEED_OVER_MEMORY;
  if (reserved != nullptr || (flags & ~known) != 0)
    return set_error(E_INVALIDARG,
                     "CoInitializeEx: the reserved pointer must be null and the flags "
                     "those of COINIT.");
  if (in_forked_child()) return refuse_after_fork("CoInitializeEx");
  const bool wants_sta = (flags & COINIT_APARTMENTTHREADED) != 0;
  thread_state& thread = this_thread();
  const apartment_core* const here = current_logical_thread().apartment;
  const apartment_core* const home = here != nullptr ? here : thread.home;
  if (home != nullptr && (home->kind() == apartment_kind::sta) != wants_sta)
    return changed_mode(*home, wants_sta);
  if (home != nullptr && home->kind() == apartment_kind::neutral)
    return changed_mode(*home, wants_sta);
  if (home == nullptr && thread.host != nullptr) return serves_others();
  if (home == nullptr) return abi_guard([&] { return first_initialisation(wants_sta); });
  ++thread.initialisations;
  return S_FALSE;
}

extern "C" HRESULT CoInitialize(void* reserved) {
  return CoInitializeEx(reserved, COINIT_APARTMENTTHREADED);
}

void leave_lease(const closing_terms& terms) {
  const thread_state& thread = this_thread();
  if (thread.left_at_end && thread.initialisations == 0) return;
  leave_once(terms);
}

void leave_once(const closing_terms& terms) {
  thread_state& thread = this_thread();
  if (in_forked_child()) {
    (void)refuse_after_fork("CoUninitialize");
    return;
  }
  if (thread.initialisations == 0) {
    log(log_level::warn, "CoUninitialize without a CoInitializeEx to undo on this thread; ignored");
    return;
  }
  if (thread.initialisations > 1 || thread.home == nullptr) {
    --thread.initialisations;
    return;
  }
  if (inside_a_call()) {
    log_sentence(log_level::error, [] {
      return "CoUninitialize: the last one of this thread came from inside a call into " +
             current_logical_thread().apartment->description() +
             "; ignored. Leave the apartment from the code that entered it";
    });
    return;
  }
  leave_home(terms);
}

extern "C" void CoUninitialize() { leave_once({}); }

extern "C" HRESULT CoGetApartmentType(APTTYPE* type, APTTYPEQUALIFIER* qualifier) {
  if (type == nullptr || qualifier == nullptr)
    return set_error(E_INVALIDARG, "CoGetApartmentType: both results need a place.");
  *type = APTTYPE_CURRENT;
  *qualifier = APTTYPEQUALIFIER_NONE;
  const apartment_core* const here = current_apartment();
  if (here == nullptr)
    return set_error(CO_E_NOTINITIALIZED,
                     "CoGetApartmentType: the calling thread is in no apartment "
                     "and the process has no MTA. Enter one first.");
  switch (here->kind()) {
    case apartment_kind::sta:
      *type = static_cast<const sta_apartment*>(here)->is_main() ? APTTYPE_MAINSTA : APTTYPE_STA;
      break;
    case apartment_kind::mta:
      *type = APTTYPE_MTA;
      if (current_logical_thread().apartment == nullptr)
        *qualifier = APTTYPEQUALIFIER_IMPLICIT_MTA;
      break;
    case apartment_kind::neutral:
      *type = APTTYPE_NA;
      *qualifier = neutral_qualifier();
      break;
  }
  return S_OK;
}

extern "C" HRESULT CoIncrementMTAUsage(CO_MTA_USAGE_COOKIE* cookie) {
  if (cookie == nullptr)
    return set_error(E_INVALIDARG, "CoIncrementMTAUsage: the cookie needs a place.");
  if (in_forked_child()) return refuse_after_fork("CoIncrementMTAUsage");
  return abi_guard([&] {
    usage_cookies& cookies = usage_cookies::instance();
    CO_MTA_USAGE_COOKIE given{};
    {
      const mutex_lock lock(cookies.guard);
      // NOLINTNEXTLINE(performance-no-int-to-ptr): a cookie points to nothing
      given = reinterpret_cast<CO_MTA_USAGE_COOKIE>(++cookies.last);
      cookies.outstanding.insert(given);
    }
    try {
      (void)hold_mta();
    } catch (...) {
      const mutex_lock lock(cookies.guard);
      cookies.outstanding.erase(given);
      throw;
    }
    *cookie = given;
  });
}

extern "C" HRESULT CoDecrementMTAUsage(CO_MTA_USAGE_COOKIE cookie) {
  usage_cookies& cookies = usage_cookies::instance();
  {
    const mutex_lock lock(cookies.guard);
    if (cookies.outstanding.erase(cookie) == 0)
      return set_error(E_INVALIDARG,
                       "CoDecrementMTAUsage: this cookie is not outstanding. Each one "
                       "CoIncrementMTAUsage gave is to be used once.");
  }
  release_mta(default_shutdown_grace);
  return S_OK;
}

}  // namespace insula
