// SPDX-License-Identifier: MIT
#pragma once

#include <insula/marshal/rpc.hpp>
#include <insula/marshal/stub_endpoint.hpp>

#include <cstddef>

namespace insula {

class stub_manager;

/// Disconnect, of which a stub that somebody else wrote may throw.
void disconnect_stub(IRpcStubBuffer& stub) noexcept;

/// One interface of an exported object, shared by all clients. The interface stub behind it lives
/// as long as the object is exported; this, as long as anybody knows it.
class exported_interface final : public stub_endpoint {
 public:
  /// `index` is the place among the manager's interfaces. A null `stub` makes an endpoint that can
  /// be held but not called: IUnknown.
  exported_interface(stub_manager& manager, std::size_t index, REFIID iid,
                     com_ptr<IRpcStubBuffer> stub);

  [[nodiscard]] const void* object() const noexcept override { return manager_.get(); }
  HRESULT invoke(RPCOLEMESSAGE* message, IRpcChannelBuffer* channel) noexcept override;

  [[nodiscard]] stub_manager& manager() const noexcept { return *manager_; }
  [[nodiscard]] std::size_t index() const noexcept { return index_; }

  /// Lets go of the interface stub. Only the manager, when nobody is inside the object any more.
  void disconnect() noexcept;

 private:
  ~exported_interface() override;

  const com_ptr<stub_manager> manager_;  // fixed; a ring until the manager ends
  const std::size_t index_;              // fixed
  com_ptr<IRpcStubBuffer> stub_;         // owner: fixed while the manager's gate lets calls in
};

/// What calls go to when the object of a packet was gone before the packet was unmarshaled.
class disconnected_endpoint final : public stub_endpoint {
 public:
  disconnected_endpoint(object_exporter& home, REFIID iid, const ipid& id);

  [[nodiscard]] const void* object() const noexcept override { return this; }
  HRESULT invoke(RPCOLEMESSAGE* message, IRpcChannelBuffer* channel) noexcept override;
};

}  // namespace insula
