// SPDX-License-Identifier: MIT
//
// What marshal needs from the place where objects live. The floor above derives its apartments from
// `object_exporter`; marshal's own tests use a trivial one.
#pragma once

#include <insula/core/com_ptr.hpp>
#include <insula/core/function_ref.hpp>
#include <insula/marshal/objref.hpp>
#include <insula/marshal/rpc.hpp>

#include <atomic>
#include <cstddef>
#include <memory>
#include <string>

namespace insula {

class marshal_tables;
class stub_endpoint;

/// Work that an exporter runs once, or destroys without running when it has closed.
class exporter_work {
 public:
  virtual ~exporter_work() = default;
  virtual void run() noexcept = 0;

  /// For the exporter that the work was posted to, to queue it in: work that exists can be posted
  /// without more memory.
  struct queue_place {
    alignas(void*) std::byte bytes[96];
  };
  [[nodiscard]] queue_place& place() noexcept { return place_; }

 private:
  queue_place place_;
};

/// An object exporter (MS-DCOM 1.3.3): a place where objects live and from which they are exported.
/// Counted by AddRef and Release; what was imported from it keeps it alive after it has closed.
class object_exporter {
 public:
  object_exporter(const object_exporter&) = delete;
  object_exporter& operator=(const object_exporter&) = delete;

  ULONG AddRef() noexcept { return references_.fetch_add(1, std::memory_order_relaxed) + 1; }
  ULONG Release() noexcept;

  /// Names this exporter in object references; never used again in the life of the process.
  [[nodiscard]] oxid id() const noexcept { return id_; }

  /// Marshal's own tables of this exporter. Any thread.
  [[nodiscard]] marshal_tables& tables() noexcept { return *tables_; }

  /// True when the calling thread is inside: a raw pointer to an object of this exporter may be
  /// used here. From: any thread. Waits: never.
  [[nodiscard]] virtual bool is_current() const noexcept = 0;

  /// For sentences in errors and logs: kind, name, thread. From: any thread.
  [[nodiscard]] virtual std::string description() const = 0;

  /// Makes the channel that carries calls made in `importer` to `target`, an interface of an object
  /// of this exporter. From: inside `importer`. Waits: never.
  virtual HRESULT connect(object_exporter& importer, stub_endpoint& target,
                          IRpcChannelBuffer** channel) = 0;

  /// Runs `work` inside this exporter, in order with the calls made from the calling thread's
  /// exporter, and waits as a call waits. `work` must not throw.
  /// Fails, with a sentence: RPC_E_DISCONNECTED, without running it, after the exporter has closed;
  /// what the floor above ends waits with, before or after running it.
  virtual HRESULT call(function_ref<void()> work) = 0;

  /// The same for work that owns all that it uses: the wait may end while it runs. It is then let
  /// go of on the thread that runs it, when it has.
  virtual HRESULT call_owned(std::shared_ptr<exporter_work> work);

  /// Runs `work` inside this exporter later, in order with the calls made from the calling thread's
  /// exporter, and returns at once. False, and `work` destroyed here, after it has closed.
  virtual bool post(std::unique_ptr<exporter_work> work) noexcept = 0;

 protected:
  /// Makes the exporter findable by its id.
  object_exporter();
  virtual ~object_exporter();

  /// Staged close, called by the derived class inside the exporter, each step once, in this order,
  /// before the last reference can go. Both report what was still held to the log.
  ///
  /// `close_exports`: packets that name this exporter are worth nothing, nothing more is exported,
  /// and every exported object is disconnected and released here (while `is_current` still holds).
  /// IExternalConnection is told with last_release_closes false. Runs your code.
  /// `release_imports`: every imported reference is given back and nothing more is imported.
  /// Proxies that are still held answer QueryInterface with CO_E_OBJNOTCONNECTED and can be
  /// released. Waits: neither does.
  void close_exports();
  void release_imports();

 private:
  friend com_ptr<object_exporter> find_exporter(oxid id) noexcept;
  bool try_add_ref() noexcept;

  std::atomic<ULONG> references_{1};              // atomic: 0 is final
  const oxid id_;                                 // fixed
  const std::unique_ptr<marshal_tables> tables_;  // fixed
};

/// The exporter that the calling thread is inside, or null. Set by the floor above through
/// `set_current_exporter_source`; before that, null everywhere.
[[nodiscard]] object_exporter* current_exporter() noexcept;

/// Installs the function that answers `current_exporter`. From: any thread, before any use.
void set_current_exporter_source(object_exporter* (*source)() noexcept) noexcept;

/// The exporter with this id, or null when it has closed or never was.
[[nodiscard]] com_ptr<object_exporter> find_exporter(oxid id) noexcept;

}  // namespace insula
