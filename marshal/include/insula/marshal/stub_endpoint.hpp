// SPDX-License-Identifier: MIT
#pragma once

#include <insula/marshal/object_exporter.hpp>

#include <atomic>

namespace insula {

/// One exported interface of one object (what an IPID names), as a channel sees it: where the call
/// must go, whether it still can, and the door to the interface stub. Counted; outlives the object.
class stub_endpoint {
 public:
  stub_endpoint(const stub_endpoint&) = delete;
  stub_endpoint& operator=(const stub_endpoint&) = delete;

  ULONG AddRef() noexcept { return references_.fetch_add(1, std::memory_order_relaxed) + 1; }
  ULONG Release() noexcept;

  [[nodiscard]] REFIID iid() const noexcept { return iid_; }
  [[nodiscard]] const ipid& id() const noexcept { return id_; }
  [[nodiscard]] object_exporter& home() const noexcept { return *home_; }

  /// False once the object was disconnected and released: a call would give RPC_E_DISCONNECTED.
  /// While the last calls run on an object that was disconnected this is true still, and new
  /// calls get CO_E_OBJNOTCONNECTED from `invoke`.
  /// From: any thread.
  [[nodiscard]] bool connected() const noexcept {
    return connected_.load(std::memory_order_acquire);
  }

  /// The same for all interfaces of one object. To compare, not to follow.
  [[nodiscard]] virtual const void* object() const noexcept = 0;

  /// Delivers one request to the interface stub; `channel` gives the buffer for the reply.
  /// The object stays alive while the call runs, even if it is disconnected meanwhile.
  /// From: inside home(), by a caller that holds a reference to this. Runs your code.
  /// Fails: RPC_E_DISCONNECTED or CO_E_OBJNOTCONNECTED without entering the object, with a
  /// sentence; RPC_E_INVALIDMETHOD for IUnknown, which has no method to call; what the stub
  /// returned.
  virtual HRESULT invoke(RPCOLEMESSAGE* message, IRpcChannelBuffer* channel) noexcept = 0;

 protected:
  stub_endpoint(object_exporter& home, REFIID iid, const ipid& id);
  virtual ~stub_endpoint();

  std::atomic<bool> connected_{true};

 private:
  std::atomic<ULONG> references_{1};
  com_ptr<object_exporter> home_;
  const IID iid_;
  const ipid id_;
};

}  // namespace insula
