// SPDX-License-Identifier: MIT
#pragma once

#include <insula/marshal/interface_registration.hpp>
#include <insula/marshal/rpc.hpp>

#include <atomic>

namespace insula {

/// The stub of a described interface. It keeps one reference to the object from Connect to
/// Disconnect; whoever calls Invoke sees to it that no Disconnect runs meanwhile on another thread
/// and that the object outlives the call. Its own last Release does not release the object.
class interface_stub final : public IRpcStubBuffer {
 public:
  explicit interface_stub(const interface_marshaler& marshaler) noexcept
      : marshaler_(marshaler) {}
  interface_stub(const interface_stub&) = delete;
  interface_stub& operator=(const interface_stub&) = delete;

  HRESULT QueryInterface(REFIID iid, void** out) override;
  ULONG AddRef() override;
  ULONG Release() override;

  HRESULT Connect(IUnknown* server) override;
  void Disconnect() override;
  HRESULT Invoke(RPCOLEMESSAGE* message, IRpcChannelBuffer* channel) override;
  /// Not counted.
  IRpcStubBuffer* IsIIDSupported(REFIID iid) override;
  ULONG CountRefs() override;
  /// `*server` is the interface pointer that calls go to, not counted.
  HRESULT DebugServerQueryInterface(void** server) override;
  void DebugServerRelease(void* server) override;

 private:
  ~interface_stub() = default;

  std::atomic<ULONG> references_{1};      // atomic
  const interface_marshaler& marshaler_;  // fixed
  void* server_ = nullptr;                // owner: what the last Connect was given for its query
  bool connected_ = false;                // owner: server_ is a reference
};

}  // namespace insula
