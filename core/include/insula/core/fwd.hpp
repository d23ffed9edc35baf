// SPDX-License-Identifier: MIT
//
// Names of core, for headers that only point at them.
#pragma once

namespace insula {

struct GUID;
struct hresult;

struct IUnknown;
struct ISequentialStream;
struct IStream;
struct IErrorInfo;
struct ICreateErrorInfo;
struct ISupportErrorInfo;
struct IExceptionInfo;
struct IWeakReference;
struct IWeakReferenceSource;
struct error_info_slot;

template <class I>
class com_ptr;
template <class I>
class weak_ref;
template <class T, class... I>
class implements;

class bstr;
class com_error;
class mutex;

enum class log_level;

}  // namespace insula
