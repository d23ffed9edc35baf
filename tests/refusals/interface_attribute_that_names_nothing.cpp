// SPDX-License-Identifier: MIT
// refused: the description has more parameters than the method
// refused: checked_list<ILong, ILong_description::method_Put>
// refused: size_is, length_is or iid_is names no parameter
// refused: ILong_description::method_Get, 1,
// refused: size_is or length_is names a parameter that is no integer
// refused: ILong_description::method_Sum, 1,
// refused: iid_is must name a GUID parameter that comes before
// refused: ILong_description::method_Find, 1,
#include <insula/marshal/interface.hpp>

struct ILong : insula::IUnknown {
  virtual insula::HRESULT Put(int key) = 0;
  virtual insula::HRESULT Get(const int* values, int count) = 0;
  virtual insula::HRESULT Sum(const int* values, double count) = 0;
  virtual insula::HRESULT Find(void** out, insula::REFIID iid) = 0;
};
#ifndef INSULA_ACCEPTED
INSULA_INTERFACE(ILong, insula::IUnknown, "2f3c1f5e-7a54-4d0e-9b3e-000000000014",
                 (Put, in("key"), in("more")), (Get, in("values", size_is("size")), in("count")),
                 (Sum, in("values", size_is("count")), in("count")),
                 (Find, out("out", iid_is("iid")), in("iid")));
#endif
