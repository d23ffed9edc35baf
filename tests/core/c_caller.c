/* SPDX-License-Identifier: MIT */
#include "c_caller.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static const IID iid_adder = {
    0x7d7f1a52, 0x0d0a, 0x4a5b, {0x8f, 0x5b, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01}};

HRESULT c_adds_twice(IUnknown* object, LONG by, LONG* total) {
  void* found = NULL;
  HRESULT code = object->lpVtbl->QueryInterface(object, &iid_adder, &found);
  if (FAILED(code)) return code;
  IAdder* const adder = found;
  code = adder->lpVtbl->Add(adder, by, total);
  if (SUCCEEDED(code)) code = adder->lpVtbl->Add(adder, by, total);
  adder->lpVtbl->Release(adder);
  return code;
}

ULONG c_counts_references(IUnknown* object) {
  object->lpVtbl->AddRef(object);
  return object->lpVtbl->Release(object);
}

HRESULT c_reads(IUnknown* object, void* buffer, ULONG size, ULONG* read) {
  void* found = NULL;
  const HRESULT code = object->lpVtbl->QueryInterface(object, &IID_ISequentialStream, &found);
  if (FAILED(code)) return code;
  ISequentialStream* const stream = found;
  const HRESULT result = stream->lpVtbl->Read(stream, buffer, size, read);
  stream->lpVtbl->Release(stream);
  return result;
}

struct c_adder {
  IAdder interface;
  atomic_uint references;
  LONG total;
  int* ended;
};

static ULONG adder_add_ref(IAdder* self) {
  return atomic_fetch_add(&((struct c_adder*)self)->references, 1) + 1;
}

static ULONG adder_release(IAdder* self) {
  struct c_adder* const adder = (struct c_adder*)self;
  const ULONG left = atomic_fetch_sub(&adder->references, 1) - 1;
  if (left == 0) {
    *adder->ended = 1;
    free(adder);
  }
  return left;
}

static HRESULT adder_query(IAdder* self, REFIID iid, void** out) {
  if (out == NULL) return E_POINTER;
  *out = NULL;
  if (memcmp(iid, &IID_IUnknown, sizeof *iid) != 0 && memcmp(iid, &iid_adder, sizeof *iid) != 0)
    return E_NOINTERFACE;
  *out = self;
  adder_add_ref(self);
  return S_OK;
}

static HRESULT adder_add(IAdder* self, LONG by, LONG* total) {
  *total = ((struct c_adder*)self)->total += by;
  return S_OK;
}

static HRESULT adder_describe(IAdder* self, GUID id, BSTR* text) {
  (void)self;
  *text = memcmp(&id, &IID_IUnknown, sizeof id) == 0 ? SysAllocString(u"the root") : NULL;
  return *text == NULL ? S_FALSE : S_OK;
}

static const struct IAdderVtbl adder_table = {adder_query, adder_add_ref, adder_release, adder_add,
                                              adder_describe};

IAdder* c_makes_an_adder(int* ended) {
  struct c_adder* const adder = calloc(1, sizeof *adder);
  if (adder == NULL) return NULL;
  adder->interface.lpVtbl = &adder_table;
  atomic_init(&adder->references, 1);
  adder->ended = ended;
  return &adder->interface;
}

HRESULT c_spells(const OLECHAR* text, OLECHAR* again, int capacity, int* owned) {
  CLSID clsid;
  IMalloc* allocator = NULL;
  OLECHAR* copy = NULL;
  HRESULT code = CLSIDFromString(text, &clsid);
  if (FAILED(code)) return code;
  code = StringFromCLSID(&clsid, &copy);
  if (FAILED(code)) return code;
  code = CoGetMalloc(MEMCTX_TASK, &allocator);
  if (FAILED(code)) return code;
  *owned = allocator->lpVtbl->DidAlloc(allocator, copy);
  allocator->lpVtbl->Free(allocator, copy);
  allocator->lpVtbl->Release(allocator);
  return StringFromGUID2(&clsid, again, capacity) == 39 ? S_OK : S_FALSE;
}

struct c_view c_sees(void) {
  const struct c_view view = {sizeof(GUID),          sizeof(IUnknown),
                              E_NOINTERFACE,         RPC_E_WRONG_THREAD,
                              CO_S_NOTALLINTERFACES, FAILED(E_FAIL) && SUCCEEDED(S_FALSE),
                              IID_IUnknown};
  return view;
}
