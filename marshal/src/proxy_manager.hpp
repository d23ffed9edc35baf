// SPDX-License-Identifier: MIT
#pragma once

#include "object_reference.hpp"
#include "stub_manager.hpp"

#include <insula/core/com_ptr.hpp>
#include <insula/core/thread_safety.hpp>
#include <insula/marshal/interface_proxy_base.hpp>
#include <insula/marshal/multi_qi.hpp>
#include <insula/marshal/object_exporter.hpp>
#include <insula/marshal/rpc.hpp>

#include <atomic>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace insula {

class proxy_manager;

/// Answered by proxy managers alone: how marshaling tells a proxy from an object.
struct IStandardProxy : IUnknown {
  virtual proxy_manager& manager() noexcept = 0;
};

INSULA_IID(IStandardProxy, IUnknown, "5b1c3e0a-6f7c-4f0e-9d53-5a2f0c8e7b41")

/// An object of another exporter, as one importing exporter sees it: its identity there, one
/// interface proxy for each interface in use, and the references that keep the object alive.
///
/// QueryInterface answers only inside the importer. An interface that is already here costs
/// nothing; a new one costs one call to the object's exporter. The references are given back when
/// the last pointer goes, or when the importer closes.
class proxy_manager final : public IMultiQI, public IInterfaceProxySource, public IStandardProxy {
 public:
  /// Starts with one reference, the caller's. `remote` is null when the object is gone.
  proxy_manager(object_exporter& importer, object_exporter& home, oid object,
                com_ptr<stub_manager> remote);

  HRESULT QueryInterface(REFIID iid, void** out) override;
  ULONG AddRef() override { return references_.fetch_add(1, std::memory_order_relaxed) + 1; }
  ULONG Release() override;
  HRESULT QueryMultipleInterfaces(ULONG count, MULTI_QI* entries) override;
  interface_proxy_base* find(REFIID iid) override;
  proxy_manager& manager() noexcept override { return *this; }

  [[nodiscard]] object_exporter& home() const noexcept { return *home_; }
  [[nodiscard]] oid object() const noexcept { return object_; }
  /// The pointer that QueryInterface for IUnknown gives; not counted.
  [[nodiscard]] IUnknown* identity() noexcept { return static_cast<IMultiQI*>(this); }

  /// One more reference, if there is one at all. From: any thread.
  [[nodiscard]] bool try_add_ref() noexcept;

  /// Takes over `references` references to `target`, which is interface `iid`; makes the interface
  /// proxy if it is new. A null `target` is an interface of an object that is gone, and `id` its
  /// name. On failure the references stay the caller's.
  /// From: inside the importer. Waits: never.
  HRESULT add_interface(REFIID iid, const ipid& id, const com_ptr<exported_interface>& target,
                        ULONG references);

  /// True when the references to `target` are here already. From: any thread.
  [[nodiscard]] bool has_interface(const exported_interface& target) const noexcept;

  /// False when the object is gone, or the importer has given its references back.
  /// From: any thread.
  [[nodiscard]] bool connected() const noexcept {
    return !given_back_.load(std::memory_order_acquire) && remote_ != nullptr && !remote_->ended();
  }

  /// Makes a packet that names interface `iid` of the original object.
  /// From: inside the importer. Waits: only when the interface is not here yet.
  HRESULT make_packet(REFIID iid, object_reference* out);

  /// The importer closes: gives all references back. From: inside the importer. Waits: never.
  void give_back() noexcept;

  /// For the leak report. From: any thread.
  [[nodiscard]] std::string describe() const;

  proxy_manager* next_given_back = nullptr;  // owner: the importer that closes

 private:
  struct interface_entry {
    IID iid{};
    com_ptr<IRpcProxyBuffer> proxy{};       // null for IUnknown
    interface_proxy_base* typed = nullptr;  // `proxy`, if it is one of ours
    IUnknown* pointer = nullptr;            // not counted: part of `proxy`
    com_ptr<exported_interface> target{};   // null when the object was gone
    ULONG references = 0;
  };
  enum class merge { done, missing, other, closed };

  ~proxy_manager();

  HRESULT check_usable(std::string_view attempt, REFIID iid) const;
  IUnknown* find_local(REFIID iid);
  IUnknown* find_imported(REFIID iid);
  HRESULT fetch(std::string_view attempt, std::span<interface_request> requests);
  HRESULT fetch_one(std::string_view attempt, interface_request& request);
  HRESULT accept(std::string_view attempt, interface_request& request);
  HRESULT connect(REFIID iid, stub_endpoint& endpoint, interface_entry* entry);
  merge merge_locked(REFIID iid, const exported_interface* target, ULONG references) noexcept
      INSULA_REQUIRES(mutex_);
  void drop(const exported_interface* target, ULONG references) noexcept;
  void end() noexcept;

  const com_ptr<object_exporter> importer_;  // fixed
  const com_ptr<object_exporter> home_;      // fixed
  const oid object_;                         // fixed
  const com_ptr<stub_manager> remote_;       // fixed
  std::atomic<ULONG> references_{1};         // atomic: 0 is final, see try_add_ref
  std::atomic<bool> given_back_{false};      // atomic: set once, under the mutex

  mutable mutex mutex_;  // never held while anything foreign is called
  std::vector<interface_entry> interfaces_ INSULA_GUARDED_BY(mutex_);  // only grows
};

}  // namespace insula
