// SPDX-License-Identifier: MIT
#pragma once

namespace insula {

/// What a method does at its two ends beyond sending its arguments, as a pair of [local] and
/// [call_as] methods does in IDL. Specialised for a method before its interface is described:
///
///     template <>
///     struct insula::call_as<&IFeed::Read> {
///       // In the proxy, instead of the call; remote() makes it, with the arguments as they are
///       // then.
///       static HRESULT at_caller(auto remote, void*&, ULONG&, ULONG*& read) {
///         ULONG unwanted = 0;
///         if (read == nullptr) read = &unwanted;  // callers may leave it out, messages may not
///         return remote();
///       }
///       // In the stub, instead of object.Read(...).
///       static HRESULT at_object(IFeed& object, void* buffer, ULONG size, ULONG* read) {
///         *read = 0;
///         return object.Read(buffer, size, read);
///       }
///     };
///
/// Either may be left out. The two halves of an asynchronous call (begin_call, async) send the
/// arguments as they are.
template <auto Method>
struct call_as {};

}  // namespace insula
