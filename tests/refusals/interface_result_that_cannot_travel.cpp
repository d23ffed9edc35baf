// SPDX-License-Identifier: MIT
// refused: a noexcept method must return HRESULT
// refused: checked_list<IResults, IResults_description::method_count>
// refused: a method cannot return a reference or a raw pointer
// refused: IResults_description::method_name, const std
// refused: is a view
// refused: IResults_description::method_view,
#include <insula/marshal/interface.hpp>

#include <string>
#include <string_view>

struct IResults : insula::IUnknown {
#ifndef INSULA_ACCEPTED
  virtual int count() noexcept = 0;
  virtual const std::string& name() = 0;
  virtual std::string_view view() = 0;
#else
  virtual int count() = 0;
  virtual std::string name() = 0;
  virtual insula::HRESULT view() noexcept = 0;
#endif
};
INSULA_INTERFACE(IResults, insula::IUnknown, "2f3c1f5e-7a54-4d0e-9b3e-000000000015", (count),
                 (name), (view));
