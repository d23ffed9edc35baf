// SPDX-License-Identifier: MIT
#include "proxy_manager.hpp"

#include "exported_interface.hpp"
#include "failure_text.hpp"
#include "marshal_tables.hpp"

#include <insula/core/contain.hpp>
#include <insula/core/error_info.hpp>
#include <insula/core/exception.hpp>
#include <insula/core/test_gate.hpp>
#include <insula/marshal/marshal_statistics.hpp>
#include <insula/marshal/proxy_stub_registry.hpp>

#include <algorithm>
#include <memory>
#include <utility>

namespace insula {

namespace {

constexpr std::string_view query_attempt = "QueryInterface";
constexpr std::string_view marshal_attempt = "CoMarshalInterface of a proxy";

std::atomic<std::size_t> live_managers{0};  // atomic: a statistic

/// Of a proxy that somebody else wrote it may throw.
void disconnect(IRpcProxyBuffer& proxy) noexcept {
  (void)detail::contain("IRpcProxyBuffer::Disconnect", "an interface proxy",
                        [&] { proxy.Disconnect(); });
}

}  // namespace

std::size_t live_proxy_managers() noexcept { return live_managers.load(std::memory_order_relaxed); }

proxy_manager::proxy_manager(object_exporter& importer, object_exporter& home, oid object,
                             com_ptr<stub_manager> remote)
    : importer_(&importer), home_(&home), object_(object), remote_(std::move(remote)) {
  live_managers.fetch_add(1, std::memory_order_relaxed);
}

proxy_manager::~proxy_manager() { live_managers.fetch_sub(1, std::memory_order_relaxed); }

// ---- Lifetime -----------------------------------------------------------------------------------

bool proxy_manager::try_add_ref() noexcept {
  ULONG seen = references_.load(std::memory_order_relaxed);
  while (seen != 0)
    if (references_.compare_exchange_weak(seen, seen + 1, std::memory_order_relaxed)) return true;
  return false;
}

ULONG proxy_manager::Release() {
  const ULONG left = references_.fetch_sub(1, std::memory_order_acq_rel) - 1;
  if (left == 0) end();
  return left;
}

void proxy_manager::end() noexcept {
  INSULA_TEST_GATE("proxy_manager.last_release");
  importer_->tables().imports.forget(*this);
  // Nobody finds this any more. Interface proxies may count on their outer object while they end.
  constexpr ULONG ending = 0x40000000;
  references_.store(ending, std::memory_order_relaxed);
  std::vector<interface_entry> interfaces;
  {
    mutex_lock lock(mutex_);
    interfaces.swap(interfaces_);
  }
  for (interface_entry& entry : interfaces) {
    if (entry.proxy != nullptr) disconnect(*entry.proxy);
    entry.proxy.reset();
    drop(entry.target.get(), entry.references);
  }
  delete this;
}

void proxy_manager::give_back() noexcept {
  std::size_t next = 0;
  while (true) {
    com_ptr<exported_interface> target;
    ULONG references = 0;
    {
      mutex_lock lock(mutex_);
      given_back_.store(true, std::memory_order_release);
      if (next == interfaces_.size()) return;
      target = interfaces_[next].target;
      references = std::exchange(interfaces_[next].references, 0);
      ++next;
    }
    drop(target.get(), references);
  }
}

void proxy_manager::drop(const exported_interface* target, ULONG references) noexcept {
  if (target != nullptr && references != 0)
    target->manager().drop_references(*target, references, true);
}

// ---- QueryInterface -----------------------------------------------------------------------------

HRESULT proxy_manager::check_usable(std::string_view attempt, REFIID iid) const {
  if (given_back_.load(std::memory_order_acquire))
    return set_error(CO_E_OBJNOTCONNECTED, text_importer_closed(attempt, iid, *importer_), iid);
  if (!importer_->is_current())
    return set_error(RPC_E_WRONG_THREAD, text_wrong_apartment(attempt, iid, *importer_), iid);
  return S_OK;
}

IUnknown* proxy_manager::find_imported(REFIID iid) {
  mutex_lock lock(mutex_);
  for (const interface_entry& entry : interfaces_)
    if (entry.iid == iid) return entry.pointer;
  return nullptr;
}

IUnknown* proxy_manager::find_local(REFIID iid) {
  if (iid == IID_IUnknown || iid == iid_of<IMultiQI>()) return identity();
  if (iid == iid_of<IInterfaceProxySource>()) return static_cast<IInterfaceProxySource*>(this);
  if (iid == iid_of<IStandardProxy>()) return static_cast<IStandardProxy*>(this);
  return find_imported(iid);
}

HRESULT proxy_manager::QueryInterface(REFIID iid, void** out) {
  if (out == nullptr) return E_POINTER;
  *out = nullptr;
  return abi_guard([&]() -> HRESULT {
    HRESULT code = check_usable(query_attempt, iid);
    if (FAILED(code)) return code;
    IUnknown* pointer = find_local(iid);
    if (pointer == nullptr) {
      // Whoever asks for ISupportErrorInfo wants to know of the error that is in the slot now.
      // Why: docs/decisions/asking-for-error-info-keeps-it.md
      const bool keeps_error = iid == iid_of<ISupportErrorInfo>();
      com_ptr<IErrorInfo> error;
      if (keeps_error) (void)GetErrorInfo(0, error.put());
      interface_request request{iid};
      code = fetch_one(query_attempt, request);
      if (keeps_error) (void)SetErrorInfo(0, error.get());
      if (FAILED(code)) return code;
      pointer = find_imported(iid);
    }
    AddRef();
    *out = pointer;
    return S_OK;
  });
}

HRESULT proxy_manager::QueryMultipleInterfaces(ULONG count, MULTI_QI* entries) {
  if (entries == nullptr || count == 0) return E_INVALIDARG;
  return abi_guard([&]() -> HRESULT {
    const std::span<MULTI_QI> asked(entries, count);
    std::vector<interface_request> requests;
    for (const MULTI_QI& entry : asked) {
      if (entry.pItf != nullptr) continue;
      if (entry.pIID == nullptr) return E_INVALIDARG;
      const HRESULT usable = check_usable("QueryMultipleInterfaces", *entry.pIID);
      if (FAILED(usable)) return usable;
      const auto same = [&](const interface_request& r) { return r.iid == *entry.pIID; };
      if (find_local(*entry.pIID) == nullptr && std::ranges::none_of(requests, same))
        requests.push_back({*entry.pIID});
    }
    HRESULT call = S_OK;
    if (!requests.empty()) call = fetch("QueryMultipleInterfaces", requests);

    ULONG wanted = 0;
    ULONG found = 0;
    for (MULTI_QI& entry : asked) {
      if (entry.pItf != nullptr) continue;
      ++wanted;
      entry.pItf = find_local(*entry.pIID);
      entry.hr = S_OK;
      if (entry.pItf != nullptr) {
        AddRef();
        ++found;
        continue;
      }
      const auto answer = std::ranges::find(requests, *entry.pIID, &interface_request::iid);
      entry.hr = answer != requests.end() ? answer->result : E_NOINTERFACE;
    }
    if (found == wanted) return S_OK;
    if (found != 0) return S_FALSE;
    return FAILED(call) ? call : E_NOINTERFACE;
  });
}

interface_proxy_base* proxy_manager::find(REFIID iid) {
  mutex_lock lock(mutex_);
  interface_proxy_base* derived = nullptr;
  for (const interface_entry& entry : interfaces_) {
    if (entry.typed == nullptr) continue;
    if (entry.iid == iid) return entry.typed;
    if (entry.typed->info().derives_from(iid)) derived = entry.typed;
  }
  return derived;
}

// ---- Interfaces that are not here yet -----------------------------------------------------------

namespace {

/// What an object is asked. Owns all that it needs: who asks may stop waiting while the object
/// answers. Interfaces that nobody takes are given back.
class question final : public exporter_work {
 public:
  question(com_ptr<stub_manager> remote, std::span<const interface_request> asked)
      : remote_(std::move(remote)), requests_(asked.begin(), asked.end()) {}
  ~question() override {
    for (const interface_request& request : requests_)
      if (request.found != nullptr)
        remote_->drop_references(*request.found, packet_references, true);
  }
  question(const question&) = delete;
  question& operator=(const question&) = delete;

  void run() noexcept override { remote_->answer(requests_); }

  /// After it has run.
  void take_answers(std::span<interface_request> into) noexcept {
    std::ranges::move(requests_, into.begin());
    requests_.clear();
  }

 private:
  const com_ptr<stub_manager> remote_;
  std::vector<interface_request> requests_;
};

}  // namespace

/// Asks the object for interfaces, all in one call, and takes those that it has. Fails only when
/// the object could not be asked; each request has its own result in any case.
HRESULT proxy_manager::fetch(std::string_view attempt, std::span<interface_request> requests) {
  HRESULT code = RPC_E_DISCONNECTED;
  if (remote_ != nullptr && !remote_->ended()) {
    const auto asked = std::make_shared<question>(remote_, requests);
    code = home_->call_owned(asked);
    if (SUCCEEDED(code)) asked->take_answers(requests);
  }
  for (interface_request& request : requests) {
    if (FAILED(code)) request.result = code;
    request.result = accept(attempt, request);
  }
  return code;
}

HRESULT proxy_manager::fetch_one(std::string_view attempt, interface_request& request) {
  const HRESULT code = fetch(attempt, {&request, 1});
  return FAILED(code) ? code : request.result;
}

/// Turns one answer into an interface proxy, or into the sentence that says why there is none.
HRESULT proxy_manager::accept(std::string_view attempt, interface_request& request) {
  if (SUCCEEDED(request.result)) {
    // Factories are anybody's code: what they throw must not take the references along.
    const HRESULT code = abi_guard([&] {
      return add_interface(request.iid, request.found->id(), request.found, packet_references);
    });
    if (FAILED(code)) drop(request.found.get(), packet_references);
    return code;
  }
  if (request.result == RPC_E_DISCONNECTED)
    return set_error(RPC_E_DISCONNECTED, text_object_gone(request.iid, *home_), request.iid);
  // Whoever refused the call as a whole has explained it already.
  if (request.failure.empty()) return request.result;
  return set_error(request.result, text_failed(attempt, request.iid, home_.get(), request.failure),
                   request.iid);
}

proxy_manager::merge proxy_manager::merge_locked(REFIID iid, const exported_interface* target,
                                                 ULONG references) noexcept {
  if (given_back_.load(std::memory_order_relaxed)) return merge::closed;
  for (interface_entry& entry : interfaces_) {
    if (entry.iid != iid) continue;
    if (entry.target.get() != target) return merge::other;
    entry.references += references;
    return merge::done;
  }
  return merge::missing;
}

HRESULT proxy_manager::add_interface(REFIID iid, const ipid& id,
                                     const com_ptr<exported_interface>& target, ULONG references) {
  interface_entry entry{.iid = iid, .target = target, .references = references};
  merge merged = merge::missing;
  {
    mutex_lock lock(mutex_);
    merged = merge_locked(iid, target.get(), references);
  }
  if (merged == merge::missing) {
    com_ptr<stub_endpoint> endpoint = target;
    if (endpoint == nullptr) endpoint.attach(new disconnected_endpoint(*home_, iid, id));
    const HRESULT code = connect(iid, *endpoint, &entry);
    if (FAILED(code)) return code;

    INSULA_TEST_GATE("proxy_manager.proxy_made");
    mutex_lock lock(mutex_);
    merged = merge_locked(iid, target.get(), references);
    if (merged == merge::missing) {
      interfaces_.push_back(std::move(entry));
      return S_OK;
    }
  }
  // Another thread of this apartment was first; its interface proxy is the one.
  if (entry.proxy != nullptr) disconnect(*entry.proxy);
  if (merged == merge::closed) return check_usable("Unmarshaling", iid);
  // A packet that came after the object was cut off finds the interface bound while it was there.
  if (merged == merge::other) drop(target.get(), references);
  return S_OK;
}

bool proxy_manager::has_interface(const exported_interface& target) const noexcept {
  mutex_lock lock(mutex_);
  return std::ranges::any_of(interfaces_, [&](const interface_entry& entry) {
    return entry.target.get() == &target;
  });
}

HRESULT proxy_manager::connect(REFIID iid, stub_endpoint& endpoint, interface_entry* entry) {
  if (iid == IID_IUnknown) {
    entry->pointer = identity();
    return S_OK;
  }
  com_ptr<IPSFactoryBuffer> factory;
  if (FAILED(find_ps_factory(iid, factory.put())))
    return set_error(E_NOINTERFACE,
                     text_failed("Making a proxy", iid, home_.get(), text_no_marshaler(iid)), iid);
  void* pointer = nullptr;
  HRESULT code = factory->CreateProxy(identity(), iid, entry->proxy.put(), &pointer);
  if (FAILED(code))
    return set_error(
        code, text_failed("Making a proxy", iid, home_.get(), text_no_proxy(iid, code)), iid);
  entry->pointer = static_cast<IUnknown*>(pointer);
  // The pointer counts its outer object, which is this: kept, it would hold this for ever.
  detail::let_go(entry->pointer);
  entry->typed = typed_proxy_of(entry->proxy.get());
  com_ptr<IRpcChannelBuffer> channel;
  code = home_->connect(*importer_, endpoint, channel.put());
  if (SUCCEEDED(code)) code = entry->proxy->Connect(channel.get());
  return code;
}

// ---- Marshaling a proxy -------------------------------------------------------------------------

HRESULT proxy_manager::make_packet(REFIID iid, object_reference* out) {
  HRESULT code = check_usable(marshal_attempt, iid);
  if (FAILED(code)) return code;
  const auto find_target = [&] {
    mutex_lock lock(mutex_);
    const auto found = std::ranges::find(interfaces_, iid, &interface_entry::iid);
    return found == interfaces_.end() ? com_ptr<exported_interface>() : found->target;
  };
  com_ptr<exported_interface> target = find_target();
  if (target == nullptr) {
    interface_request request{iid};
    code = fetch_one(marshal_attempt, request);
    if (FAILED(code)) return code;
    target = find_target();
  }
  // The references held here keep the object exported meanwhile, unless its owner cut it off.
  if (target == nullptr || !target->manager().add_packet(*target))
    return set_error(RPC_E_DISCONNECTED, text_object_gone(iid, *home_), iid);
  *out = {iid, home_->id(), object_, target->id()};
  return S_OK;
}

std::string proxy_manager::describe() const {
  std::string text;
  {
    mutex_lock lock(mutex_);
    for (const interface_entry& entry : interfaces_) {
      if (!text.empty()) text += "; ";
      text += text_held_interface(entry.iid, entry.references, 0, nullptr);
    }
  }
  return text + " of " + home_->description();
}

}  // namespace insula
