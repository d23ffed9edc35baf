// SPDX-License-Identifier: MIT
//
// Where a piece of code runs, as COM's own functions tell it.
#pragma once

#include <insula/apartments/initialize.hpp>
#include <insula/apartments/object_context.hpp>

#include <unistd.h>

#include <ostream>

namespace insula::test {

/// What CoGetApartmentType said.
struct apartment_answer {
  HRESULT code = S_OK;
  APTTYPE type = APTTYPE_CURRENT;
  APTTYPEQUALIFIER qualifier = APTTYPEQUALIFIER_NONE;

  friend bool operator==(const apartment_answer&, const apartment_answer&) = default;
  friend std::ostream& operator<<(std::ostream& out, const apartment_answer& a) {
    return out << hresult{a.code} << ", type " << static_cast<int>(a.type) << ", qualifier "
               << static_cast<int>(a.qualifier);
  }
};

inline apartment_answer apartment_here() {
  // What must be overwritten.
  apartment_answer answer{S_OK, APTTYPE_NA, APTTYPEQUALIFIER_NA_ON_STA};
  answer.code = CoGetApartmentType(&answer.type, &answer.qualifier);
  return answer;
}

inline constexpr apartment_answer in_no_apartment{CO_E_NOTINITIALIZED, APTTYPE_CURRENT,
                                                  APTTYPEQUALIFIER_NONE};
inline constexpr apartment_answer in_main_sta{S_OK, APTTYPE_MAINSTA, APTTYPEQUALIFIER_NONE};
inline constexpr apartment_answer in_other_sta{S_OK, APTTYPE_STA, APTTYPEQUALIFIER_NONE};
inline constexpr apartment_answer in_mta{S_OK, APTTYPE_MTA, APTTYPEQUALIFIER_NONE};
inline constexpr apartment_answer in_mta_implicitly{S_OK, APTTYPE_MTA,
                                                    APTTYPEQUALIFIER_IMPLICIT_MTA};

/// Everything that tells one place from another.
struct whereabouts {
  apartment_answer apartment = apartment_here();
  ULONG_PTR token = [] {
    ULONG_PTR value = 0;
    (void)CoGetContextToken(&value);
    return value;
  }();
  long thread = ::gettid();
};

/// A balanced CoInitializeEx.
class initialised {
 public:
  explicit initialised(DWORD model) : code_(CoInitializeEx(nullptr, model)) {}
  ~initialised() {
    if (SUCCEEDED(code_)) CoUninitialize();
  }
  initialised(const initialised&) = delete;
  initialised& operator=(const initialised&) = delete;

  [[nodiscard]] HRESULT code() const noexcept { return code_; }

 private:
  const HRESULT code_;
};

}  // namespace insula::test
