// SPDX-License-Identifier: MIT
//
// The multithreaded apartment.
//   mta_lease   makes the calling thread a member while it lives
//   mta_usage   keeps the MTA in existence, from any thread
#pragma once

#include <insula/apartments/apartment.hpp>
#include <insula/apartments/initialize.hpp>

namespace insula {

/// Makes the calling thread a member of the MTA while it lives; the same as a balanced
/// CoInitializeEx, which it counts with. Bound to its thread.
class mta_lease {
 public:
  /// Fails: RPC_E_CHANGED_MODE (com_error) when the thread is in an STA.
  mta_lease();
  mta_lease(mta_lease&& other) noexcept;
  mta_lease& operator=(mta_lease&&) = delete;
  /// Leaves; the last holder's going closes the MTA. See CoUninitialize.
  ~mta_lease();

  [[nodiscard]] const apartment& get() const noexcept { return apartment_; }
  operator const apartment&() const noexcept { return apartment_; }  // NOLINT: is-an apartment

 private:
  apartment apartment_;
  long thread_ = 0;
};

/// Keeps the MTA in existence while it lives. Threads without an apartment are in it implicitly.
class mta_usage {
 public:
  mta_usage();
  mta_usage(mta_usage&& other) noexcept : cookie_(std::exchange(other.cookie_, nullptr)) {}
  mta_usage& operator=(mta_usage&&) = delete;
  ~mta_usage();

  /// The MTA.
  [[nodiscard]] apartment get() const;

 private:
  CO_MTA_USAGE_COOKIE cookie_ = nullptr;
};

/// Threads in the MTA's pool now. For diagnosis and tests.
[[nodiscard]] std::size_t mta_pool_threads() noexcept;

}  // namespace insula
