// SPDX-License-Identifier: MIT
#pragma once

#include <insula/core/implements.hpp>
#include <insula/marshal/packet_ledger.hpp>
#include <insula/marshal/rpc.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <memory>
#include <span>

namespace insula::fuzz {

/// Fuzz input as a sequence of small numbers; zeros when it has ended.
class input {
 public:
  input(const std::uint8_t* data, std::size_t size) : left_(data, size) {}
  std::uint8_t byte() noexcept {
    if (left_.empty()) return 0;
    const std::uint8_t next = left_.front();
    left_ = left_.subspan(1);
    return next;
  }
  std::uint16_t word() noexcept {
    const std::uint16_t low = byte();
    return static_cast<std::uint16_t>(low | byte() << 8);
  }
  [[nodiscard]] bool ended() const noexcept { return left_.empty(); }
  std::span<const std::uint8_t> rest() noexcept { return std::exchange(left_, {}); }

 private:
  std::span<const std::uint8_t> left_;
};

/// Hands each request to a stub on the calling thread, and spoils requests or replies on their way.
/// Every message lies in a block of its exact size, so that a read beyond it is seen.
class spoiled_channel final : public implements<spoiled_channel, IRpcChannelBuffer> {
 public:
  spoiled_channel(IRpcStubBuffer* stub, input& changes) : stub_(stub), changes_(changes) {}

  bool spoil_request = false;
  bool spoil_reply = false;
  bool replace = false;     // the whole message by what is left of the input
  bool other_order = false; // says that it is in the other byte order
  int buffers_out = 0;

  HRESULT GetBuffer(RPCOLEMESSAGE* message, REFIID) override {
    constexpr ULONG most = 1 << 20;
    if (message->cbBuffer > most) return E_OUTOFMEMORY;
    auto held = std::make_unique<block>(message->cbBuffer);
    message->Buffer = held->memory.get();
    message->reserved2[0] = &held->ledger;
    message->reserved1 = held.release();
    ++buffers_out;
    return S_OK;
  }
  HRESULT SendReceive(RPCOLEMESSAGE* message, ULONG* status) override {
    if (status != nullptr) *status = 0;
    RPCOLEMESSAGE request = *message;
    *message = {};
    if (spoil_request) spoil(request);
    const RPCOLEMESSAGE whole = request;
    RPCOLEMESSAGE reply = request;
    const HRESULT code = stub_->Invoke(&reply, this);
    RPCOLEMESSAGE served = whole;
    FreeBuffer(&served);
    if (reply.Buffer == whole.Buffer) reply = {};
    if (FAILED(code)) {
      if (reply.Buffer != nullptr) FreeBuffer(&reply);
      return code;
    }
    if (reply.Buffer == nullptr) return E_UNEXPECTED;
    if (spoil_reply) spoil(reply);
    *message = reply;
    return S_OK;
  }
  HRESULT FreeBuffer(RPCOLEMESSAGE* message) override {
    const std::unique_ptr<block> held(static_cast<block*>(message->reserved1));
    held->ledger.release_unconsumed({held->memory.get(), held->size});
    message->Buffer = nullptr;
    message->reserved1 = nullptr;
    message->reserved2[0] = nullptr;
    --buffers_out;
    return S_OK;
  }
  HRESULT GetDestCtx(DWORD* context, void** context_data) override {
    *context = MSHCTX_INPROC;
    if (context_data != nullptr) *context_data = nullptr;
    return S_OK;
  }
  HRESULT IsConnected() override { return S_OK; }

 private:
  struct block {
    explicit block(std::size_t bytes)
        : memory(std::make_unique_for_overwrite<std::byte[]>(bytes)), size(bytes) {}
    std::unique_ptr<std::byte[]> memory;
    std::size_t size;
    packet_ledger ledger;
  };

  void spoil(RPCOLEMESSAGE& message) {
    auto& held = *static_cast<block*>(message.reserved1);
    if (other_order) message.dataRepresentation = 0;
    if (replace) {
      const std::span<const std::uint8_t> all = changes_.rest();
      resize(message, held, all.size());
      if (!all.empty()) std::memcpy(held.memory.get(), all.data(), all.size());
      return;
    }
    for (int i = 0; i != 16 && !changes_.ended(); ++i) change(message, held);
  }

  void change(RPCOLEMESSAGE& message, block& held) {
    static constexpr std::uint64_t telling[] = {
        0,          1,          2,           3,           7,          0x7F,
        0x80,       0xFF,       0x100,       0x7FFF,      0x8000,     0xFFFF,
        0x10000,    0x7FFFFFFF, 0x80000000,  0xFFFFFFFF,  0xFFFF0000, 0x100000000,
        0x20000000, 0x40000000, 0x3FFFC000,  0x00020004,  0x00020008, 0x7FFFFFFFFFFFFFFF,
        1ull << 63, ~0ull,      1ull << 32 | 4};
    const std::uint8_t how = changes_.byte();
    const std::uint16_t at = changes_.word();
    const std::uint8_t with = changes_.byte();
    const std::size_t size = held.size;
    const auto overwrite = [&](const void* from, std::size_t count) {
      if (at + count <= size) std::memcpy(held.memory.get() + at, from, count);
    };
    std::uint64_t value = telling[with % std::size(telling)];
    switch (how % 8) {
      case 0: overwrite(&with, 1); break;
      case 1:
        if (at < size) held.memory[at] ^= std::byte{with};
        break;
      case 2: overwrite(&value, 2); break;
      case 3: overwrite(&value, 4); break;
      case 4: overwrite(&value, 8); break;
      case 5:  // four bytes of another place: referents that meet, counts that fit elsewhere
        if (with * std::size_t{4} + 4 <= size) {
          std::memcpy(&value, held.memory.get() + with * std::size_t{4}, 4);
          overwrite(&value, 4);
        }
        break;
      case 6:
        if (at < size) resize(message, held, at);
        break;
      default: resize(message, held, size + with); break;
    }
  }

  // Packets are given back before: a part of one is none.
  static void resize(RPCOLEMESSAGE& message, block& held, std::size_t size) {
    held.ledger.release_unconsumed({held.memory.get(), held.size});
    auto moved = std::make_unique<std::byte[]>(size);
    const std::size_t kept = std::min(size, held.size);
    if (kept != 0) std::memcpy(moved.get(), held.memory.get(), kept);
    held.memory = std::move(moved);
    held.size = size;
    message.Buffer = held.memory.get();
    message.cbBuffer = static_cast<ULONG>(size);
  }

  com_ptr<IRpcStubBuffer> stub_;
  input& changes_;
};

}  // namespace insula::fuzz
