/* SPDX-License-Identifier: MIT */
/* What the C file and the C++ test know of each other. */
#ifndef INSULA_TESTS_CORE_C_CALLER_H
#define INSULA_TESTS_CORE_C_CALLER_H

#include <insula/core/abi.h>

#ifdef __cplusplus
namespace insula::core_tests {

struct IAdder : IUnknown {
  virtual HRESULT Add(LONG by, LONG* total) = 0;
  virtual HRESULT Describe(GUID id, BSTR* text) = 0;
};
INSULA_IID(IAdder, IUnknown, "7d7f1a52-0d0a-4a5b-8f5b-000000000001")

extern "C" {

#else

INSULA_INTERFACE(IAdder);
struct IAdderVtbl {
  INSULA_UNKNOWN_METHODS(IAdder)
  HRESULT (*Add)(IAdder* self, LONG by, LONG* total);
  HRESULT (*Describe)(IAdder* self, GUID id, BSTR* text);
};

#endif

/* Adds `by` twice through `adder`, asked for from `object`; the result of the first failure. */
HRESULT c_adds_twice(IUnknown* object, LONG by, LONG* total);

/* The references of `object`, counted from C. */
ULONG c_counts_references(IUnknown* object);

/* Reads up to `size` bytes. */
HRESULT c_reads(IUnknown* object, void* buffer, ULONG size, ULONG* read);

/* An adder written in C, with one reference; `*ended` becomes 1 when it ends. */
IAdder* c_makes_an_adder(int* ended);

/* Reads an id and writes it again; `*owned`: what the allocator says of the text in between. */
HRESULT c_spells(const OLECHAR* text, OLECHAR* again, int capacity, int* owned);

/* Sizes and values as the C compiler sees them. */
struct c_view {
  size_t guid_size;
  size_t pointer_size;
  HRESULT no_interface;
  HRESULT wrong_thread;
  HRESULT not_all_interfaces;
  int failed_says;
  GUID unknown_id;
};
struct c_view c_sees(void);

#ifdef __cplusplus
}  // extern "C"
}  // namespace insula::core_tests
#endif
#endif
