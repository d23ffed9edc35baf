// SPDX-License-Identifier: MIT
// refused: travels as one element: use std::span or std::vector for several
// refused: ISum_description::method_sum, 1,
// refused: ISum_description::method_Named, 2,
// refused: ISum_description::method_Reference, 1,
// refused: ISum_description::method_Rows, 2,
// refused: IOne_description::method_Iid, 1,
#include <insula/marshal/interface.hpp>

#include <cstddef>
#include <span>

struct ISum : insula::IUnknown {
#ifndef INSULA_ACCEPTED
  virtual double sum(const double* values, std::size_t count) = 0;
#else
  virtual double sum(std::span<const double> values) = 0;
#endif
  virtual insula::HRESULT Named(std::size_t count, const int* values) = 0;
  virtual insula::HRESULT Reference(int*& value) = 0;
  virtual insula::HRESULT Rows(std::size_t count, const int* const* rows) = 0;
  virtual insula::HRESULT Text(const char* text, insula::IUnknown* object) = 0;
  virtual insula::HRESULT Aloud(const int* value, const int* maybe) = 0;
};
struct IOne : insula::IUnknown {
  virtual insula::HRESULT Iid(const insula::GUID* iid) = 0;
};

#ifndef INSULA_ACCEPTED
INSULA_INTERFACE(ISum, insula::IUnknown, "2f3c1f5e-7a54-4d0e-9b3e-00000000001f", (sum),
                 (Named, in("count")), (Reference), (Rows, in, in("rows", size_is(1))), (Text),
                 (Aloud, in, in("maybe", unique)));
INSULA_INTERFACE(IOne, insula::IUnknown, "2f3c1f5e-7a54-4d0e-9b3e-000000000020", (Iid));
#else
INSULA_INTERFACE(ISum, insula::IUnknown, "2f3c1f5e-7a54-4d0e-9b3e-00000000001f", (sum),
                 (Named, in("count"), in("values", size_is("count"))), (Reference, in_out),
                 (Rows, in, in("rows", one)), (Text), (Aloud, in, in("maybe", one, unique)));
INSULA_INTERFACE(IOne, insula::IUnknown, "2f3c1f5e-7a54-4d0e-9b3e-000000000020", (Iid, in));
#endif
