// SPDX-License-Identifier: MIT
#include "stub_manager.hpp"

#include "exported_interface.hpp"
#include "failure_text.hpp"
#include "marshal_tables.hpp"
#include "unique_id.hpp"

#include <insula/core/contain.hpp>
#include <insula/core/error_info.hpp>
#include <insula/core/exception.hpp>
#include <insula/core/log.hpp>
#include <insula/core/test_gate.hpp>
#include <insula/marshal/marshal_statistics.hpp>
#include <insula/marshal/proxy_stub_registry.hpp>

#include <new>
#include <utility>

namespace insula {

namespace {

std::atomic<std::size_t> live_managers{0};  // atomic: a statistic

/// A new stub, which holds the object until it is disconnected: here, unless it is exported.
struct made_stub {
  made_stub() = default;
  ~made_stub() {
    if (stub != nullptr && !exported) disconnect_stub(*stub);
  }
  made_stub(const made_stub&) = delete;
  made_stub& operator=(const made_stub&) = delete;

  com_ptr<IRpcStubBuffer> stub;
  bool exported = false;
};

}  // namespace

std::size_t live_stub_managers() noexcept { return live_managers.load(std::memory_order_relaxed); }

/// Carries what follows from the last reference into the exporter.
class stub_manager::conclusion final : public exporter_work {
 public:
  conclusion(stub_manager& manager, bool last_release_closes)
      : manager_(&manager), last_release_closes_(last_release_closes) {}
  void run() noexcept override { manager_->settle(ending::when_unused, last_release_closes_); }

 private:
  com_ptr<stub_manager> manager_;  // fixed
  bool last_release_closes_;       // fixed
};

stub_manager::stub_manager(object_exporter& home, com_ptr<IUnknown> identity,
                           com_ptr<IExternalConnection> connection)
    : home_(&home),
      id_(static_cast<oid>(next_unique_id())),
      key_(identity.get()),
      wants_connections_(connection != nullptr),
      identity_(std::move(identity)),
      connection_(std::move(connection)) {
  live_managers.fetch_add(1, std::memory_order_relaxed);
}

stub_manager::~stub_manager() { live_managers.fetch_sub(1, std::memory_order_relaxed); }

ULONG stub_manager::Release() noexcept {
  const ULONG left = references_.fetch_sub(1, std::memory_order_acq_rel) - 1;
  if (left == 0) delete this;
  return left;
}

// ---- References ---------------------------------------------------------------------------------

bool stub_manager::hold() noexcept {
  mutex_lock lock(mutex_);
  if (ended_) return false;
  ++total_;
  return true;
}

void stub_manager::drop_hold(bool last_release_closes) noexcept {
  bool settle = false;
  {
    mutex_lock lock(mutex_);
    release_total_locked(1, &settle);
  }
  if (settle) conclude(last_release_closes);
}

void stub_manager::release_total_locked(ULONG count, bool* settle) noexcept {
  total_ -= count;
  if (total_ != 0 || ended_) return;
  ended_ = true;
  *settle = true;
}

bool stub_manager::add_references(const exported_interface& target, ULONG packets) noexcept {
  mutex_lock lock(mutex_);
  if (ended_) return false;
  interface_record& record = interfaces_[target.index()];
  record.references += packet_references;
  record.packets += packets;
  total_ += packet_references;
  if (!wants_connections_ || record.connected) return true;
  // Only the first reference comes here, and that is made inside the exporter.
  record.connected = true;
  lock.unlock();
  tell_added();
  return true;
}

void stub_manager::tell_added() noexcept {
  (void)detail::contain("IExternalConnection::AddConnection", "an exported object",
                        [this] { connection_->AddConnection(EXTCONN_STRONG, 0); });
}

bool stub_manager::add_packet(const exported_interface& target) noexcept {
  return add_references(target, 1);
}

bool stub_manager::add_client(const exported_interface& target, oxid taker) noexcept {
  return add_packet(target) && claim_packet(target, taker) == packet_claim::taken;
}

packet_claim stub_manager::claim_packet(const exported_interface& target, oxid taker) noexcept {
  mutex_lock lock(mutex_);
  if (ended_) return packet_claim::gone;
  interface_record& record = interfaces_[target.index()];
  if (record.packets == 0) return packet_claim::used_up;
  --record.packets;
  record.taker = taker;
  return packet_claim::taken;
}

void stub_manager::return_packet(const exported_interface& target) noexcept {
  mutex_lock lock(mutex_);
  if (!ended_) ++interfaces_[target.index()].packets;
}

void stub_manager::drop_references(const exported_interface& target, ULONG count,
                                   bool last_release_closes) noexcept {
  bool settle = false;
  {
    mutex_lock lock(mutex_);
    // A finished manager has forgotten its interfaces; nobody is owed anything there.
    if (target.index() >= interfaces_.size()) return;
    interface_record& record = interfaces_[target.index()];
    record.references -= count;
    settle = record.connected && record.references == 0 && !torn_down_;
    release_total_locked(count, &settle);
  }
  if (settle) conclude(last_release_closes);
}

/// Brings about, inside the exporter, what the lost references mean.
void stub_manager::conclude(bool last_release_closes) noexcept {
  INSULA_TEST_GATE("stub_manager.unused");
  if (home_->is_current()) return settle(ending::when_unused, last_release_closes);
  try {
    // A closed exporter has torn everything down itself.
    (void)home_->post(std::make_unique<conclusion>(*this, last_release_closes));
  } catch (const std::bad_alloc&) {
    log(log_level::error,
        "no memory to release an exported object: it stays until its apartment "
        "closes");
  }
}

// ---- Interfaces ---------------------------------------------------------------------------------

com_ptr<exported_interface> stub_manager::find_interface(const ipid& id) const {
  mutex_lock lock(mutex_);
  for (const interface_record& record : interfaces_)
    if (record.endpoint->id() == id) return record.endpoint;
  return nullptr;
}

HRESULT stub_manager::export_interface(REFIID iid, com_ptr<exported_interface>* out,
                                       std::string* failure) {
  const HRESULT code = find_or_make(iid, out, failure);
  if (FAILED(code)) return code;
  const visit inside(*this);
  return inside && add_references(**out, 1) ? S_OK : RPC_E_DISCONNECTED;
}

void stub_manager::answer(std::span<interface_request> requests) noexcept {
  for (interface_request& request : requests) {
    request.result = abi_guard([&]() -> HRESULT {
      const HRESULT code = find_or_make(request.iid, &request.found, &request.failure);
      if (FAILED(code)) return code;
      const visit inside(*this);
      return inside && add_references(*request.found, 0) ? S_OK : RPC_E_DISCONNECTED;
    });
    if (SUCCEEDED(request.result)) continue;
    request.found.reset();
    // What was said here on the way belongs to the client, who is told through the request.
    (void)SetErrorInfo(0, nullptr);
  }
}

HRESULT stub_manager::find_or_make(REFIID iid, com_ptr<exported_interface>* out,
                                   std::string* failure) {
  const auto find_locked = [&]() INSULA_REQUIRES(mutex_) {
    for (const interface_record& record : interfaces_)
      if (record.endpoint->iid() == iid) *out = record.endpoint;
    return *out != nullptr;
  };
  {
    mutex_lock lock(mutex_);
    if (find_locked()) return S_OK;
  }
  made_stub made;
  if (iid != IID_IUnknown) {
    const HRESULT code = make_stub(iid, &made.stub, failure);
    if (FAILED(code)) return code;
  }
  INSULA_TEST_GATE("stub_manager.stub_made");
  com_ptr<IRpcStubBuffer> stub = made.stub;
  mutex_lock lock(mutex_);
  if (ended_) return RPC_E_DISCONNECTED;
  // Or another thread of this apartment was first; its stub is the one.
  if (!find_locked()) {
    interfaces_.reserve(interfaces_.size() + 1);
    *out = com_ptr<exported_interface>(
        new exported_interface(*this, interfaces_.size(), iid, std::move(stub)), take_ownership);
    interfaces_.push_back({*out});
    made.exported = true;
  }
  return S_OK;
}

HRESULT stub_manager::make_stub(REFIID iid, com_ptr<IRpcStubBuffer>* out, std::string* failure) {
  const visit inside(*this);
  if (!inside) return RPC_E_DISCONNECTED;
  // Asked first, so that an object without the interface is told from one nobody can marshal.
  com_ptr<IUnknown> pointer;
  HRESULT code = query_interface(identity_.get(), &pointer, iid);
  if (FAILED(code)) {
    *failure = text_object_lacks(iid);
    return code;
  }
  com_ptr<IPSFactoryBuffer> factory;
  if (FAILED(find_ps_factory(iid, factory.put()))) {
    *failure = text_no_marshaler(iid);
    return E_NOINTERFACE;
  }
  code = factory->CreateStub(iid, identity_.get(), out->put());
  if (FAILED(code)) *failure = text_no_stub(iid, code);
  return code;
}

HRESULT stub_manager::query_object(REFIID iid, void** out) {
  *out = nullptr;
  const visit inside(*this);
  if (!inside) return CO_E_OBJNOTCONNECTED;
  void* found = nullptr;
  const HRESULT code = identity_->QueryInterface(iid, &found);
  if (SUCCEEDED(code)) *out = found;
  return code;
}

// ---- Locks --------------------------------------------------------------------------------------

void stub_manager::lock_external() noexcept {
  const visit inside(*this);
  if (!inside) return;
  bool tell = false;
  {
    mutex_lock lock(mutex_);
    if (!ended_) {
      ++locks_;
      ++total_;
      tell = wants_connections_ && !locks_connected_;
      if (tell) locks_connected_ = true;
    }
  }
  if (tell) tell_added();
}

void stub_manager::unlock_external(bool last_unlock_releases) noexcept {
  bool settle = false;
  {
    mutex_lock lock(mutex_);
    if (locks_ == 0) return;
    --locks_;
    settle = locks_ == 0 && locks_connected_;
    release_total_locked(1, &settle);
  }
  if (settle) conclude(last_unlock_releases);
}

// ---- The end ------------------------------------------------------------------------------------

void stub_manager::disconnect() noexcept { settle(ending::by_owner, false); }

void stub_manager::close() noexcept { settle(ending::by_exporter, false); }

/// How many connections IExternalConnection must be told to release.
ULONG stub_manager::take_connections_locked(ending why) noexcept {
  if (why == ending::by_owner || torn_down_) return 0;
  ULONG count = 0;
  for (interface_record& record : interfaces_) {
    if (!record.connected || (record.references != 0 && why != ending::by_exporter)) continue;
    record.connected = false;
    ++count;
  }
  if (locks_connected_ && (locks_ == 0 || why == ending::by_exporter)) {
    locks_connected_ = false;
    ++count;
  }
  return count;
}

void stub_manager::settle(ending why, bool last_release_closes) noexcept {
  const visit inside(*this);
  if (!inside) return;
  ULONG lost = 0;
  bool tear_down = false;
  {
    mutex_lock lock(mutex_);
    if (why != ending::when_unused) ended_ = true;
    lost = take_connections_locked(why);
    tear_down = ended_ && !std::exchange(torn_down_, ended_);
  }
  for (; lost != 0; --lost)
    (void)detail::contain("IExternalConnection::ReleaseConnection", "an exported object", [&] {
      connection_->ReleaseConnection(EXTCONN_STRONG, 0, last_release_closes ? 1 : 0);
    });
  if (tear_down) {
    home_->tables().exports.forget(*this);
    // Never empty yet: this function itself is inside.
    (void)gate_.close();
  }
}

void stub_manager::finish() noexcept {
  std::vector<interface_record> interfaces;
  {
    mutex_lock lock(mutex_);
    interfaces.swap(interfaces_);
  }
  for (const interface_record& record : interfaces)
    record.endpoint->disconnect();
  connection_.reset();
  identity_.reset();
}

// ---- For the leak report ------------------------------------------------------------------------

bool stub_manager::ended() const {
  mutex_lock lock(mutex_);
  return ended_;
}

ULONG stub_manager::external_references() const {
  mutex_lock lock(mutex_);
  return ended_ ? 0 : total_;
}

std::string stub_manager::describe_clients() const {
  std::vector<interface_record> interfaces;
  ULONG locks = 0;
  {
    mutex_lock lock(mutex_);
    interfaces = interfaces_;
    locks = locks_;
  }
  std::string text;
  for (const interface_record& record : interfaces) {
    if (record.references == 0) continue;
    if (!text.empty()) text += "; ";
    text += text_held_interface(record.endpoint->iid(), record.references, record.packets,
                                find_exporter(record.taker).get());
  }
  if (locks != 0) text += (text.empty() ? "" : "; ") + std::to_string(locks) + " locks";
  return text;
}

}  // namespace insula
