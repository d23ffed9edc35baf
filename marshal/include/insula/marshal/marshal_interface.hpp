// SPDX-License-Identifier: MIT
//
// Interface pointers in streams: the way from one apartment to another.
//   CoMarshalInterface, CoUnmarshalInterface, CoReleaseMarshalData      the packet's three ends
//   CoMarshalInterThreadInterfaceInStream, CoGetInterfaceAndReleaseStream    the same, shorter
//   CoGetMarshalSizeMax                                                  how long a packet will be
//   CoMarshalHresult, CoUnmarshalHresult
// Signatures and meaning are those of the Microsoft reference pages of the same titles
// (combaseapi.h).
//
// A packet holds its object alive until it is unmarshaled once or released.
#pragma once

#include <insula/core/stream.hpp>
#include <insula/core/unknown.hpp>
#include <insula/marshal/rpc.hpp>

namespace insula {

extern "C" {

/// Writes a packet that stands for interface `iid` of `object` at the stream's position. `object`
/// may be an object of the calling apartment or a proxy; a proxy's packet names the original.
/// `destination` is MSHCTX_INPROC or MSHCTX_CROSSCTX, `destination_data` is not used, `flags` is
/// MSHLFLAGS_NORMAL, with or without MSHLFLAGS_NOPING.
/// From: the apartment in which `object` may be used. Waits: only for a proxy that does not know
/// `iid` yet. Runs your code: QueryInterface, IExternalConnection, the stream.
/// Fails: E_INVALIDARG; CO_E_NOTINITIALIZED; E_NOINTERFACE when the object lacks `iid` or nobody
/// knows how to marshal it (the error text says which); RPC_E_WRONG_THREAD when `object` is a
/// proxy of another apartment; CO_E_NOT_SUPPORTED for table packets and other destinations; what
/// the stream said. After a failure there is nothing to release.
HRESULT CoMarshalInterface(IStream* stream, REFIID iid, IUnknown* object, DWORD destination,
                           void* destination_data, DWORD flags);

/// Reads the packet at the stream's position; `*out` is a counted pointer to `iid` for use in the
/// calling apartment: the object itself if it lives here, else a proxy. IID_NULL asks for the
/// interface that the packet names. A packet can be unmarshaled once.
/// From: any apartment. Waits: only if `iid` is not what the packet names.
/// Runs your code: QueryInterface and, where the object lives here, IExternalConnection.
/// Fails: E_INVALIDARG; CO_E_NOTINITIALIZED, before anything is read; STG_E_READFAULT;
/// RPC_E_INVALID_OBJREF for what is no packet; CO_E_OBJNOTCONNECTED for a packet that was used up
/// or whose apartment has closed; E_NOINTERFACE, which uses the packet up. After any other failure
/// the packet can still be unmarshaled or released. The stream stands behind the packet in any
/// case. Of an object that is not exported any more, elsewhere than at home, the packet gives a
/// proxy whose calls fail with RPC_E_DISCONNECTED.
HRESULT CoUnmarshalInterface(IStream* stream, REFIID iid, void** out);

/// Gives up the packet at the stream's position, which nobody will unmarshal. A packet that was
/// used up or released before is S_OK. From: any apartment. Waits: never. Fails: as
/// CoUnmarshalInterface for what it reads.
HRESULT CoReleaseMarshalData(IStream* stream);

/// Makes a stream in memory with a normal packet in it, ready for the other thread.
HRESULT CoMarshalInterThreadInterfaceInStream(REFIID iid, IUnknown* object, IStream** stream);

/// Unmarshals and releases the stream, whatever happens. If unmarshaling fails the packet is
/// released too, as nobody else could do it.
HRESULT CoGetInterfaceAndReleaseStream(IStream* stream, REFIID iid, void** out);

/// `*size` is how many bytes CoMarshalInterface with the same arguments needs at most.
HRESULT CoGetMarshalSizeMax(ULONG* size, REFIID iid, IUnknown* object, DWORD destination,
                            void* destination_data, DWORD flags);

/// The four bytes of an HRESULT. Fails: E_INVALIDARG; STG_E_READFAULT; what the stream said.
HRESULT CoMarshalHresult(IStream* stream, HRESULT code);
HRESULT CoUnmarshalHresult(IStream* stream, HRESULT* code);

}  // extern "C"

}  // namespace insula
