// SPDX-License-Identifier: MIT
#pragma once

#include <insula/apartments/apartment.hpp>
#include <insula/core/com_ptr.hpp>
#include <insula/core/thread_safety.hpp>
#include <insula/marshal/rpc.hpp>

#include <optional>
#include <unordered_map>
#include <unordered_set>

namespace insula {

/// The class objects registered at run time, of all apartments. Any thread.
class class_table {
 public:
  static class_table& instance();

  /// `factory` may be null. From: inside `home`.
  DWORD add(REFCLSID clsid, const apartment& home, com_ptr<IUnknown> object,
            com_ptr<IPSFactoryBuffer> factory, DWORD context, DWORD flags);

  enum class removal { done, unknown, elsewhere };
  /// From: the apartment named as `here`. Runs your code.
  removal remove(DWORD cookie, const apartment& here);

  void suspend_all(bool suspended);

  struct found {
    DWORD cookie;
    apartment home;
  };
  /// The registration to be used by code in `here`: its own, else the oldest local server of an
  /// open apartment. One for single use is used up by this.
  std::optional<found> find(REFCLSID clsid, DWORD context, const apartment& here);

  /// True when another apartment has what `find` would look for, for itself alone.
  [[nodiscard]] bool only_elsewhere(REFCLSID clsid, DWORD context, const apartment& here);

  /// Null when it was revoked meanwhile. From: inside the registration's apartment.
  com_ptr<IUnknown> object(DWORD cookie);

  /// Null when no registration of the class has one.
  com_ptr<IPSFactoryBuffer> proxy_stub_factory(REFCLSID clsid);

 private:
  struct registration {
    CLSID clsid;
    apartment home;
    com_ptr<IUnknown> object;
    com_ptr<IPSFactoryBuffer> factory;
    DWORD context;
    bool single_use;
    bool suspended;
    bool used = false;

    /// To code of its own apartment.
    [[nodiscard]] bool offers(DWORD wanted) const noexcept;
    /// To code in `here`: in-process registrations are the apartment's own.
    [[nodiscard]] bool offers(DWORD wanted, const apartment& here) const noexcept;
  };
  using registrations = std::unordered_map<DWORD, registration>;

  registration take_locked(registrations::iterator at) INSULA_REQUIRES(guard_);
  /// Sees to it that remove_all is called. From: inside the apartment.
  void know_home(oxid home);
  /// From: inside the apartment, as it closes.
  void remove_all(oxid home);

  mutex guard_;
  registrations by_cookie_ INSULA_GUARDED_BY(guard_);
  std::unordered_multimap<CLSID, DWORD> by_class_ INSULA_GUARDED_BY(guard_);
  // Those that remove_all will be called for.
  std::unordered_set<oxid> known_homes_ INSULA_GUARDED_BY(guard_);
  DWORD last_cookie_ INSULA_GUARDED_BY(guard_) = 0;
};

}  // namespace insula
