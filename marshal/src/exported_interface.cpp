// SPDX-License-Identifier: MIT
#include "exported_interface.hpp"

#include "call_error.hpp"
#include "failure_text.hpp"
#include "stub_manager.hpp"
#include "unique_id.hpp"

#include <insula/core/contain.hpp>
#include <insula/core/sentence.hpp>

#include <cstring>
#include <utility>

namespace insula {

namespace {

/// An ipid is a number of its own and the exporter's: unique, and readable in a log.
ipid next_ipid(const object_exporter& home) {
  const std::uint64_t parts[2] = {next_unique_id(), static_cast<std::uint64_t>(home.id())};
  ipid result{};
  static_assert(sizeof result == sizeof parts);
  std::memcpy(&result, parts, sizeof result);
  return result;
}

/// Explains to the caller that the object cannot be reached any more.
HRESULT gone(const stub_endpoint& endpoint, HRESULT code) noexcept {
  return explain_error(
      code, [&] { return text_object_gone(endpoint.iid(), endpoint.home()); }, endpoint.iid());
}

}  // namespace

exported_interface::exported_interface(stub_manager& manager, std::size_t index, REFIID iid,
                                       com_ptr<IRpcStubBuffer> stub)
    : stub_endpoint(manager.home(), iid, next_ipid(manager.home())),
      manager_(&manager),
      index_(index),
      stub_(std::move(stub)) {}

exported_interface::~exported_interface() = default;

HRESULT exported_interface::invoke(RPCOLEMESSAGE* message, IRpcChannelBuffer* channel) noexcept {
  if (!connected()) return gone(*this, RPC_E_DISCONNECTED);
  // While the last calls run the object is neither quite there nor gone.
  const stub_manager::visit inside(*manager_);
  if (!inside) return gone(*this, connected() ? CO_E_OBJNOTCONNECTED : RPC_E_DISCONNECTED);
  if (stub_ == nullptr) return RPC_E_INVALIDMETHOD;
  try {
    return stub_->Invoke(message, channel);
  } catch (...) {
    return stub_threw(iid());
  }
}

void exported_interface::disconnect() noexcept {
  connected_.store(false, std::memory_order_release);
  if (stub_ == nullptr) return;
  disconnect_stub(*stub_);
  stub_.reset();
}

void disconnect_stub(IRpcStubBuffer& stub) noexcept {
  (void)detail::contain("IRpcStubBuffer::Disconnect", "an interface stub",
                        [&] { stub.Disconnect(); });
}

disconnected_endpoint::disconnected_endpoint(object_exporter& home, REFIID iid, const ipid& id)
    : stub_endpoint(home, iid, id) {
  connected_.store(false, std::memory_order_relaxed);
}

HRESULT disconnected_endpoint::invoke(RPCOLEMESSAGE*, IRpcChannelBuffer*) noexcept {
  return gone(*this, RPC_E_DISCONNECTED);
}

}  // namespace insula
