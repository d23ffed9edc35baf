/* SPDX-License-Identifier: MIT */
/*
 * Insula's ABI for a C compiler (C11). In C++ it is the C++ headers of the same things; the bytes
 * are the same in both.
 *
 * To call an object from C: object->lpVtbl->Method(object, ...).
 * To implement one in C: a struct whose first member is `const struct IThingVtbl* lpVtbl`.
 *
 *     INSULA_INTERFACE(ICounter);
 *     struct ICounterVtbl {
 *       INSULA_UNKNOWN_METHODS(ICounter)
 *       HRESULT (*Add)(ICounter* self, LONG by, LONG* total);
 *     };
 *
 * A method's references (REFIID) are pointers in C.
 */
#ifndef INSULA_CORE_ABI_H
#define INSULA_CORE_ABI_H

#ifdef __cplusplus

#include <insula/core/bstr.hpp>
#include <insula/core/guid.hpp>
#include <insula/core/guid_text.hpp>
#include <insula/core/hresult.hpp>
#include <insula/core/malloc.hpp>
#include <insula/core/stream.hpp>
#include <insula/core/task_memory.hpp>
#include <insula/core/unknown.hpp>

#else

#include <insula/core/hresult_codes.h>

#include <stddef.h>
#include <stdint.h>
#include <uchar.h>

typedef uint8_t BYTE;
typedef uint16_t WORD;
typedef uint32_t DWORD;
typedef int32_t LONG;
typedef uint32_t ULONG;
typedef int64_t LONGLONG;
typedef uint64_t ULONGLONG;
typedef int BOOL;
typedef int32_t HRESULT;
typedef void* LPVOID;
typedef char16_t OLECHAR;
typedef OLECHAR* BSTR;

typedef struct GUID {
  uint32_t Data1;
  uint16_t Data2;
  uint16_t Data3;
  uint8_t Data4[8];
} GUID;
typedef GUID IID;
typedef GUID CLSID;
typedef const GUID* REFGUID;
typedef const GUID* REFIID;
typedef const GUID* REFCLSID;

#define INSULA_HRESULT_CONSTANT(name, value, text) name = (int)value##u,
enum { INSULA_HRESULT_CODES(INSULA_HRESULT_CONSTANT) INSULA_HRESULT_CONSTANT_END_ = 0 };
#undef INSULA_HRESULT_CONSTANT

#define SUCCEEDED(code) ((HRESULT)(code) >= 0)
#define FAILED(code) ((HRESULT)(code) < 0)

#define INSULA_INTERFACE(I)       \
  typedef struct I I;             \
  struct I##Vtbl;                 \
  struct I {                      \
    const struct I##Vtbl* lpVtbl; \
  }

#define INSULA_UNKNOWN_METHODS(I)                              \
  HRESULT (*QueryInterface)(I * self, REFIID iid, void** out); \
  ULONG (*AddRef)(I * self);                                   \
  ULONG (*Release)(I * self);

INSULA_INTERFACE(IUnknown);
struct IUnknownVtbl {
  INSULA_UNKNOWN_METHODS(IUnknown)
};

INSULA_INTERFACE(ISequentialStream);
struct ISequentialStreamVtbl {
  INSULA_UNKNOWN_METHODS(ISequentialStream)
  HRESULT (*Read)(ISequentialStream* self, void* buffer, ULONG size, ULONG* read);
  HRESULT (*Write)(ISequentialStream* self, const void* bytes, ULONG size, ULONG* written);
};

static const IID IID_IUnknown = {0, 0, 0, {0xc0, 0, 0, 0, 0, 0, 0, 0x46}};
static const IID IID_ISequentialStream = {
    0x0c733a30, 0x2a1c, 0x11ce, {0xad, 0xe5, 0x00, 0xaa, 0x00, 0x44, 0x77, 0x3d}};

INSULA_INTERFACE(IMalloc);
struct IMallocVtbl {
  INSULA_UNKNOWN_METHODS(IMalloc)
  void* (*Alloc)(IMalloc* self, size_t size);
  void* (*Realloc)(IMalloc* self, void* block, size_t size);
  void (*Free)(IMalloc* self, void* block);
  size_t (*GetSize)(IMalloc* self, void* block);
  int (*DidAlloc)(IMalloc* self, void* block);
  void (*HeapMinimize)(IMalloc* self);
};

enum { MEMCTX_TASK = 1 };

HRESULT CoCreateGuid(GUID* out);
HRESULT CLSIDFromString(const OLECHAR* text, CLSID* clsid);
HRESULT IIDFromString(const OLECHAR* text, IID* iid);
int StringFromGUID2(REFGUID value, OLECHAR* text, int capacity);
HRESULT StringFromCLSID(REFCLSID clsid, OLECHAR** text);
HRESULT StringFromIID(REFIID iid, OLECHAR** text);
HRESULT CoGetMalloc(DWORD context, IMalloc** out);

void* CoTaskMemAlloc(size_t size);
void* CoTaskMemRealloc(void* block, size_t size);
void CoTaskMemFree(void* block);

BSTR SysAllocString(const OLECHAR* text);
BSTR SysAllocStringLen(const OLECHAR* text, ULONG length);
BSTR SysAllocStringByteLen(const char* bytes, ULONG size);
int SysReAllocString(BSTR* string, const OLECHAR* text);
int SysReAllocStringLen(BSTR* string, const OLECHAR* text, ULONG length);
void SysFreeString(BSTR string);
ULONG SysStringLen(BSTR string);
ULONG SysStringByteLen(BSTR string);

#endif
#endif
