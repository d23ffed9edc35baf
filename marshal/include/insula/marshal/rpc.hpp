// SPDX-License-Identifier: MIT
//
// The standard seam between proxies, stubs and whatever carries messages between apartments:
//   RPCOLEMESSAGE        one message: a buffer, a method number, the writer's data representation
//   IRpcChannelBuffer    carries messages to one interface of one object
//   IRpcProxyBuffer      an interface proxy: one interface of an object that lives elsewhere
//   IRpcStubBuffer       an interface stub: unpacks a message and calls the object
//   IPSFactoryBuffer     makes proxies and stubs for the interface ids that it knows
// Layout and meaning are those of the Microsoft reference pages of the same titles.
#pragma once

#include <insula/core/unknown.hpp>

namespace insula {

/// NDR data representation label of what this library writes: little-endian integers, ASCII,
/// IEEE floating point (C706, 14.1: format label).
inline constexpr ULONG ndr_local_data_representation = 0x00000010;

/// One message. `reserved1` belongs to the channel that filled the message in GetBuffer.
/// `reserved2[0]`, if not null, is the `packet_ledger` of the buffer: whoever writes an interface
/// packet into the buffer notes its offset there (see packet_ledger.hpp).
struct RPCOLEMESSAGE {
  void* reserved1 = nullptr;
  ULONG dataRepresentation = ndr_local_data_representation;
  void* Buffer = nullptr;
  ULONG cbBuffer = 0;
  ULONG iMethod = 0;
  void* reserved2[5] = {};
  ULONG rpcFlags = 0;
};

/// Destination contexts (MSHCTX enumeration). Calls inside a process use MSHCTX_INPROC.
enum MSHCTX : DWORD {
  MSHCTX_LOCAL = 0,
  MSHCTX_NOSHAREDMEM = 1,
  MSHCTX_DIFFERENTMACHINE = 2,
  MSHCTX_INPROC = 3,
  MSHCTX_CROSSCTX = 4,
};

/// Packet kinds (MSHLFLAGS enumeration).
enum MSHLFLAGS : DWORD {
  MSHLFLAGS_NORMAL = 0,
  MSHLFLAGS_TABLESTRONG = 1,
  MSHLFLAGS_TABLEWEAK = 2,
  MSHLFLAGS_NOPING = 4,
};

/// A connection to one interface of one object.
struct IRpcChannelBuffer : IUnknown {
  /// Fills `message->Buffer` with at least `message->cbBuffer` writable bytes, aligned to 16.
  /// On the client: for the request of method `message->iMethod`. Fails, without taking memory,
  /// when the calling thread is not in the apartment that owns the proxy (RPC_E_WRONG_THREAD,
  /// CO_E_NOTINITIALIZED) or the connection is gone (RPC_E_DISCONNECTED, CO_E_OBJNOTCONNECTED).
  /// In a stub's Invoke: for the reply.
  virtual HRESULT GetBuffer(RPCOLEMESSAGE* message, REFIID iid) = 0;
  /// Sends the request and waits for the reply, which replaces `Buffer` and `cbBuffer`.
  /// A failure means that there is no reply: `Buffer` is null and there is nothing to free.
  virtual HRESULT SendReceive(RPCOLEMESSAGE* message, ULONG* status) = 0;
  /// Gives back what GetBuffer or SendReceive put into `message->Buffer`.
  virtual HRESULT FreeBuffer(RPCOLEMESSAGE* message) = 0;
  virtual HRESULT GetDestCtx(DWORD* context, void** context_data) = 0;
  /// S_OK while the other side can be reached, S_FALSE after.
  virtual HRESULT IsConnected() = 0;
};

struct IRpcProxyBuffer : IUnknown {
  virtual HRESULT Connect(IRpcChannelBuffer* channel) = 0;
  virtual void Disconnect() = 0;
};

struct IRpcStubBuffer : IUnknown {
  virtual HRESULT Connect(IUnknown* server) = 0;
  virtual void Disconnect() = 0;
  /// Unpacks the request in `message`, calls the object, and puts the reply into a buffer asked of
  /// `channel`. A failure means that no reply was made.
  virtual HRESULT Invoke(RPCOLEMESSAGE* message, IRpcChannelBuffer* channel) = 0;
  virtual IRpcStubBuffer* IsIIDSupported(REFIID iid) = 0;
  virtual ULONG CountRefs() = 0;
  virtual HRESULT DebugServerQueryInterface(void** server) = 0;
  virtual void DebugServerRelease(void* server) = 0;
};

struct IPSFactoryBuffer : IUnknown {
  /// `outer` is the identity that the proxy's interface belongs to; null makes a proxy that is its
  /// own identity. `*interface_proxy` is a counted pointer to the interface itself.
  virtual HRESULT CreateProxy(IUnknown* outer, REFIID iid, IRpcProxyBuffer** proxy,
                              void** interface_proxy) = 0;
  /// `server` may be null: the stub then waits for Connect.
  virtual HRESULT CreateStub(REFIID iid, IUnknown* server, IRpcStubBuffer** stub) = 0;
};

INSULA_IID(IRpcChannelBuffer, IUnknown, "d5f56b60-593b-101a-b569-08002b2dbf7a")
INSULA_IID(IRpcProxyBuffer, IUnknown, "d5f56a34-593b-101a-b569-08002b2dbf7a")
INSULA_IID(IRpcStubBuffer, IUnknown, "d5f56afc-593b-101a-b569-08002b2dbf7a")
INSULA_IID(IPSFactoryBuffer, IUnknown, "d5f569d0-593b-101a-b569-08002b2dbf7a")

}  // namespace insula
