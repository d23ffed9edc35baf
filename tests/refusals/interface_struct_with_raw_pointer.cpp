// SPDX-License-Identifier: MIT
// refused: a raw pointer in a struct or container, named last, travels as one element
// refused: use std::span or std::vector for several, INSULA_FIELDS with size_is
// refused: IBlocks_description::method_Put, 1,
// refused: raw_pointer<float
// refused: IBlocks_description::method_PutAll, 1,
// refused: IBlocks_description::method_Get, 1,
// refused: raw_pointer<const int
// refused: a raw pointer in the method's result travels as one element
// refused: IBlocks_description::method_get,
// refused: raw_pointer<knot
#include <insula/marshal/interface.hpp>

#include <vector>

struct block {
  int count;
  float* samples;
};
struct knot {
  int value;
  knot* next;
};
#ifdef INSULA_ACCEPTED
INSULA_FIELDS(block, (count), (samples, size_is("count")));
INSULA_FIELDS(knot, (next, one));
using pointer = insula::one<const int>;
#else
using pointer = const int*;
#endif

struct IBlocks : insula::IUnknown {
  virtual insula::HRESULT Put(const block& one) = 0;
  virtual insula::HRESULT PutAll(const std::vector<std::vector<block>>& all) = 0;
  virtual insula::HRESULT Get(std::vector<pointer>& all) = 0;
  virtual knot get() = 0;
};
INSULA_INTERFACE(IBlocks, insula::IUnknown, "2f3c1f5e-7a54-4d0e-9b3e-000000000021", (Put), (PutAll),
                 (Get), (get));
