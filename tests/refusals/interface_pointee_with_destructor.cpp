// SPDX-License-Identifier: MIT
// refused: a raw pointer can only be to what is trivially destructible
// refused: IOwners_description::method_Make, 1,
// refused: IOwners_description::method_Put, 2,
// refused: IOwners_description::method_Fill, 1,
// refused: this type cannot be marshaled
// refused: IOwners_description::method_Share, 1,
// refused: the type is only declared here
// refused: IOwners_description::method_Later, 1,
#include <insula/marshal/interface.hpp>

#include <memory>
#include <string>
#include <vector>

struct named {
  std::string name;
};
struct later;

struct many {
  int count;
#ifndef INSULA_ACCEPTED
  named* all;
#else
  int* all;
#endif
};
INSULA_FIELDS(many, (count), (all, size_is("count")));

struct IOwners : insula::IUnknown {
#ifndef INSULA_ACCEPTED
  virtual insula::HRESULT Make(named** made) = 0;
  virtual insula::HRESULT Put(int key, const std::vector<insula::full_ptr<named>>& all) = 0;
  virtual insula::HRESULT Share(const std::shared_ptr<void>& anything) = 0;
  virtual insula::HRESULT Later(const later& value) = 0;
#else
  virtual insula::HRESULT Make(named* made) = 0;
  virtual insula::HRESULT Put(int key, const std::vector<std::unique_ptr<named>>& all) = 0;
  virtual insula::HRESULT Share(const std::shared_ptr<named>& anything) = 0;
  virtual insula::HRESULT Later(const named& value) = 0;
#endif
  virtual insula::HRESULT Fill(const many& values) = 0;
};
INSULA_INTERFACE(IOwners, insula::IUnknown, "2f3c1f5e-7a54-4d0e-9b3e-00000000001c", (Make, out),
                 (Put), (Share), (Later), (Fill));
