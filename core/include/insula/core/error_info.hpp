// SPDX-License-Identifier: MIT
//
// The sentence that goes with a failure.
//   IErrorInfo, ICreateErrorInfo, ISupportErrorInfo    COM's interfaces
//   SetErrorInfo, GetErrorInfo                         the slot of the calling logical thread
//   set_error, error_description                       the everyday forms
//   error_info_slot                                    a slot, for whoever switches logical threads
// Meaning is that of the Microsoft reference, "Error Handling Interfaces".
#pragma once

#include <insula/core/bstr.hpp>
#include <insula/core/com_ptr.hpp>
#include <insula/core/unknown.hpp>

#include <string>
#include <string_view>

namespace insula {

/// Reads an error. The BSTRs belong to the caller; one that was never set comes back null, with
/// S_OK.
struct IErrorInfo : IUnknown {
  virtual HRESULT GetGUID(GUID* out) = 0;
  virtual HRESULT GetSource(BSTR* out) = 0;
  virtual HRESULT GetDescription(BSTR* out) = 0;
  virtual HRESULT GetHelpFile(BSTR* out) = 0;
  virtual HRESULT GetHelpContext(DWORD* out) = 0;
};

/// Writes an error. Texts are copied; null unsets.
struct ICreateErrorInfo : IUnknown {
  virtual HRESULT SetGUID(REFGUID guid) = 0;
  virtual HRESULT SetSource(LPOLESTR source) = 0;
  virtual HRESULT SetDescription(LPOLESTR description) = 0;
  virtual HRESULT SetHelpFile(LPOLESTR help_file) = 0;
  virtual HRESULT SetHelpContext(DWORD help_context) = 0;
};

struct ISupportErrorInfo : IUnknown {
  /// S_OK when failures of interface `iid` come with error info, else S_FALSE.
  virtual HRESULT InterfaceSupportsErrorInfo(REFIID iid) = 0;
};

INSULA_IID(IErrorInfo, IUnknown, "1cf2b120-547d-101b-8e65-08002b2bd119")
INSULA_IID(ICreateErrorInfo, IUnknown, "22f03340-547d-101b-8e65-08002b2bd119")
INSULA_IID(ISupportErrorInfo, IUnknown, "df0b3d60-548f-101b-8e65-08002b2bd119")

extern "C" {

/// The standard error object, empty. It has IErrorInfo, ICreateErrorInfo and IExceptionInfo, and
/// may be used from any thread and apartment. Fails: E_POINTER, E_OUTOFMEMORY.
HRESULT CreateErrorInfo(ICreateErrorInfo** out);
/// Puts `info` (null: nothing) into the calling logical thread's slot, in place of what was there.
/// Runs your code: the Release of what was there. Fails: E_INVALIDARG when `reserved` is not 0.
HRESULT SetErrorInfo(ULONG reserved, IErrorInfo* info);
/// Takes the error out of the slot: S_OK with the object, which the caller now owns, or S_FALSE
/// with null. Fails: E_INVALIDARG when `reserved` is not 0 or `out` is null.
HRESULT GetErrorInfo(ULONG reserved, IErrorInfo** out);

}  // extern "C"

/// Explains `code` to the caller: makes the standard error object with this description (UTF-8) for
/// interface `iid`, puts it into the slot and returns `code`.
///
///     if (closed_)
///       return set_error(RPC_E_DISCONNECTED, "store \"main\" is closed", iid_of<IStore>());
///
/// Never throws; without memory the slot ends up empty.
HRESULT set_error(HRESULT code, std::string_view description, REFIID iid = IID_NULL) noexcept;

/// The description in the slot (UTF-8), which stays there; empty when there is none.
std::string error_description();

/// The description of one error object (UTF-8); empty for null.
std::string error_description(IErrorInfo* info);

/// True when the slot holds something. Cheap enough to ask after every call.
bool has_error_info() noexcept;

/// A new standard error object with the same fields, code and exception as `info`; how an error
/// crosses apartments by value. Null gives null. Fails: throws std::bad_alloc.
/// Runs your code: the methods of `info` if that is a foreign object.
com_ptr<IErrorInfo> copy_error_info(IErrorInfo* info);

/// Where one logical thread keeps its error.
struct error_info_slot {
  com_ptr<IErrorInfo> current;  // owner: the logical thread
};

/// The calling thread's current slot. Null, as it is at first, means the thread's own slot, which
/// lets go of its error when the thread ends. Whoever runs several logical threads on one thread
/// stores a pointer to the one's slot when switching to it, and null (or the former value) before
/// that slot ends.
error_info_slot*& current_error_info_slot() noexcept;

}  // namespace insula
