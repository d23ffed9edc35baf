// SPDX-License-Identifier: MIT
#include "trivial_exporter.hpp"

#include <insula/core/implements.hpp>
#include <insula/marshal/packet_ledger.hpp>
#include <insula/marshal/rpc.hpp>
#include <insula/marshal/stub_endpoint.hpp>

#include <cstddef>
#include <span>

namespace insula {

namespace {

thread_local trivial_exporter* current = nullptr;

object_exporter* current_trivial_exporter() noexcept { return current; }

/// One message and the packets in it.
struct message_memory {
  explicit message_memory(ULONG wanted)
      : bytes(new (std::align_val_t{16}) std::byte[wanted == 0 ? 1 : wanted]), size(wanted) {}
  ~message_memory() {
    packets.release_unconsumed({bytes, size});
    ::operator delete[](bytes, std::align_val_t{16});
  }
  message_memory(const message_memory&) = delete;
  message_memory& operator=(const message_memory&) = delete;

  std::byte* const bytes;
  const ULONG size;
  packet_ledger packets;
};

void put_memory(RPCOLEMESSAGE* message, std::unique_ptr<message_memory> memory) {
  message->Buffer = memory->bytes;
  message->cbBuffer = memory->size;
  message->reserved2[0] = &memory->packets;
  message->reserved1 = memory.release();
}

std::unique_ptr<message_memory> take_memory(RPCOLEMESSAGE* message) {
  std::unique_ptr<message_memory> memory(static_cast<message_memory*>(message->reserved1));
  message->Buffer = nullptr;
  message->reserved1 = nullptr;
  message->reserved2[0] = nullptr;
  return memory;
}

/// What a stub sees: it gives a buffer for the reply and nothing else.
class reply_channel final : public implements<reply_channel, IRpcChannelBuffer> {
 public:
  HRESULT GetBuffer(RPCOLEMESSAGE* message, REFIID) override {
    put_memory(message, std::make_unique<message_memory>(message->cbBuffer));
    return S_OK;
  }
  HRESULT SendReceive(RPCOLEMESSAGE*, ULONG*) override { return E_UNEXPECTED; }
  HRESULT FreeBuffer(RPCOLEMESSAGE* message) override {
    take_memory(message);
    return S_OK;
  }
  HRESULT GetDestCtx(DWORD* context, void** data) override {
    *context = MSHCTX_INPROC;
    if (data != nullptr) *data = nullptr;
    return S_OK;
  }
  HRESULT IsConnected() override { return S_OK; }
};

}  // namespace

/// Delivers a call by entering the object's exporter.
class trivial_channel final : public implements<trivial_channel, IRpcChannelBuffer> {
 public:
  trivial_channel(object_exporter& importer, trivial_exporter& home, stub_endpoint& target)
      : importer_(&importer), home_(&home), target_(&target) {}

  HRESULT GetBuffer(RPCOLEMESSAGE* message, REFIID) override {
    if (static_cast<trivial_exporter&>(*importer_).closed()) return CO_E_OBJNOTCONNECTED;
    if (current == nullptr) return CO_E_NOTINITIALIZED;
    if (!importer_->is_current()) return RPC_E_WRONG_THREAD;
    if (IsConnected() != S_OK) return RPC_E_DISCONNECTED;
    put_memory(message, std::make_unique<message_memory>(message->cbBuffer));
    return S_OK;
  }

  HRESULT SendReceive(RPCOLEMESSAGE* message, ULONG*) override {
    const std::unique_ptr<message_memory> request(static_cast<message_memory*>(message->reserved1));
    HRESULT code = RPC_E_DISCONNECTED;
    if (!home_->closed()) {
      const trivial_exporter::enter inside(*home_);
      home_->calls_.fetch_add(1);
      message->cbBuffer = request->size;
      code = target_->invoke(message, make<reply_channel>().get());
    }
    if (FAILED(code)) {
      if (message->reserved1 != request.get()) take_memory(message);
      message->Buffer = nullptr;
      message->reserved1 = nullptr;
    }
    return code;
  }

  HRESULT FreeBuffer(RPCOLEMESSAGE* message) override {
    take_memory(message);
    return S_OK;
  }

  HRESULT GetDestCtx(DWORD* context, void** data) override {
    *context = MSHCTX_INPROC;
    if (data != nullptr) *data = nullptr;
    return S_OK;
  }

  HRESULT IsConnected() override {
    return !home_->closed() && target_->connected() ? S_OK : S_FALSE;
  }

 private:
  const com_ptr<object_exporter> importer_;  // fixed
  const com_ptr<trivial_exporter> home_;     // fixed
  const com_ptr<stub_endpoint> target_;      // fixed
};

trivial_exporter::trivial_exporter(std::string name) : name_(std::move(name)) {
  set_current_exporter_source(&current_trivial_exporter);
}

trivial_exporter::enter::enter(trivial_exporter& exporter) : enter(&exporter) {}
trivial_exporter::enter::enter(trivial_exporter* exporter)
    : before_(std::exchange(current, exporter)) {}
trivial_exporter::enter::~enter() { current = before_; }

bool trivial_exporter::is_current() const noexcept { return current == this; }

HRESULT trivial_exporter::connect(object_exporter& importer, stub_endpoint& target,
                                  IRpcChannelBuffer** channel) {
  if (FAILED(refusal_.load())) return refusal_.load();
  *channel = make<trivial_channel>(importer, *this, target).detach();
  return S_OK;
}

HRESULT trivial_exporter::call(function_ref<void()> work) {
  if (closed()) return RPC_E_DISCONNECTED;
  calls_.fetch_add(1);
  const enter inside(*this);
  work();
  return S_OK;
}

bool trivial_exporter::post(std::unique_ptr<exporter_work> work) noexcept {
  if (closed()) return false;
  if (holds_posts_.load()) {
    mutex_lock lock(mutex_);
    posts_.push_back(std::move(work));
    return true;
  }
  const enter inside(*this);
  work->run();
  return true;
}

int trivial_exporter::run_posts() {
  std::deque<std::unique_ptr<exporter_work>> ready;
  {
    mutex_lock lock(mutex_);
    ready.swap(posts_);
  }
  const enter inside(*this);
  for (const auto& work : ready)
    work->run();
  return static_cast<int>(ready.size());
}

int trivial_exporter::waiting_posts() const {
  mutex_lock lock(mutex_);
  return static_cast<int>(posts_.size());
}

void trivial_exporter::close() {
  {
    const enter inside(*this);
    close_exports();
    release_imports();
  }
  closed_.store(true);
  std::deque<std::unique_ptr<exporter_work>> never;
  mutex_lock lock(mutex_);
  never.swap(posts_);
  lock.unlock();
}

}  // namespace insula
