// SPDX-License-Identifier: MIT
//
// The descriptions of COM's own interfaces, as their IDL has them: streams, error objects,
// enumerators. The library registers them itself; this header is for interfaces that derive from
// one of these, and for calls in two halves (async, begin_call).
#pragma once

#include <insula/core/enumerators.hpp>
#include <insula/core/error_info.hpp>
#include <insula/core/stream.hpp>
#include <insula/marshal/call_as.hpp>
#include <insula/marshal/interface.hpp>

namespace insula {

// ---- What callers may leave out -----------------------------------------------------------------

namespace detail {

/// Somewhere for a number that the caller does not want to know, for as long as this lives.
template <class T>
class unwanted {
 public:
  explicit unwanted(T*& place) noexcept {
    if (place == nullptr) place = &value_;
  }
  unwanted(const unwanted&) = delete;
  unwanted& operator=(const unwanted&) = delete;

 private:
  T value_{};
};

/// Next of an enumerator of T.
template <class I, class T>
struct call_next {
  static HRESULT at_caller(auto remote, ULONG& count, T*&, ULONG*& fetched) {
    // Who does not see how many came may ask for one: then the result tells.
    if (fetched == nullptr && count > 1)
      return set_error(E_INVALIDARG,
                       "Next of an enumerator: whoever asks for more than one element must give a "
                       "place for how many came",
                       iid_of<I>());
    const unwanted<ULONG> nowhere(fetched);
    return remote();
  }
  static HRESULT at_object(I& object, ULONG count, T* elements, ULONG* fetched) {
    *fetched = 0;
    const HRESULT code = object.Next(count, elements, fetched);
    if (code == S_OK) *fetched = count;
    return code;
  }
};

}  // namespace detail

template <>
struct call_as<&ISequentialStream::Read> {
  static HRESULT at_caller(auto remote, void*&, ULONG&, ULONG*& read) {
    const detail::unwanted<ULONG> nowhere(read);
    return remote();
  }
};
template <>
struct call_as<&ISequentialStream::Write> {
  static HRESULT at_caller(auto remote, const void*&, ULONG&, ULONG*& written) {
    const detail::unwanted<ULONG> nowhere(written);
    return remote();
  }
};
template <>
struct call_as<&IStream::Seek> {
  static HRESULT at_caller(auto remote, LARGE_INTEGER&, DWORD&, ULARGE_INTEGER*& position) {
    const detail::unwanted<ULARGE_INTEGER> nowhere(position);
    return remote();
  }
};
template <>
struct call_as<&IStream::CopyTo> {
  static HRESULT at_caller(auto remote, IStream*&, ULARGE_INTEGER&, ULARGE_INTEGER*& read,
                           ULARGE_INTEGER*& written) {
    const detail::unwanted<ULARGE_INTEGER> nowhere(read);
    const detail::unwanted<ULARGE_INTEGER> nor_there(written);
    return remote();
  }
};
template <>
struct call_as<&IEnumUnknown::Next> : detail::call_next<IEnumUnknown, IUnknown*> {};
template <>
struct call_as<&IEnumString::Next> : detail::call_next<IEnumString, LPOLESTR> {};
template <>
struct call_as<&IEnumGUID::Next> : detail::call_next<IEnumGUID, GUID> {};

// ---- Streams ------------------------------------------------------------------------------------

INSULA_DESCRIBE(ISequentialStream,
                (Read, out("buffer", size_is("size"), length_is("read")), in("size"), out("read")),
                (Write, in("bytes", size_is("size")), in("size"), out("written")));

INSULA_DESCRIBE(IStream, (Seek, in("move"), in("origin"), out("position")), (SetSize, in("size")),
                (CopyTo, in("target"), in("size"), out("read"), out("written")),
                (Commit, in("flags")), (Revert),
                (LockRegion, in("offset"), in("size"), in("type")),
                (UnlockRegion, in("offset"), in("size"), in("type")),
                (Stat, out("stat"), in("flags")), (Clone, out("clone")));

// ---- Error objects ------------------------------------------------------------------------------

INSULA_DESCRIBE(IErrorInfo, (GetGUID, out("guid")), (GetSource, out("source", bstr)),
                (GetDescription, out("description", bstr)), (GetHelpFile, out("help_file", bstr)),
                (GetHelpContext, out("help_context")));

INSULA_DESCRIBE(ICreateErrorInfo, (SetGUID, in("guid")), (SetSource, in("source", string, unique)),
                (SetDescription, in("description", string, unique)),
                (SetHelpFile, in("help_file", string, unique)),
                (SetHelpContext, in("help_context")));

INSULA_DESCRIBE(ISupportErrorInfo, (InterfaceSupportsErrorInfo, in("iid")));

// ---- Enumerators --------------------------------------------------------------------------------

INSULA_DESCRIBE(IEnumUnknown,
                (Next, in("count"), out("elements", size_is("count"), length_is("fetched")),
                 out("fetched")),
                (Skip, in("count")), (Reset), (Clone, out("out")));

INSULA_DESCRIBE(IEnumString,
                (Next, in("count"), out("elements", size_is("count"), length_is("fetched")),
                 out("fetched")),
                (Skip, in("count")), (Reset), (Clone, out("out")));

INSULA_DESCRIBE(IEnumGUID,
                (Next, in("count"), out("elements", size_is("count"), length_is("fetched")),
                 out("fetched")),
                (Skip, in("count")), (Reset), (Clone, out("out")));

}  // namespace insula
