// SPDX-License-Identifier: MIT
#pragma once

#include "call_gate.hpp"
#include "object_reference.hpp"

#include <insula/core/com_ptr.hpp>
#include <insula/core/thread_safety.hpp>
#include <insula/marshal/external_connection.hpp>
#include <insula/marshal/object_exporter.hpp>

#include <atomic>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace insula {

class exported_interface;

/// What became of an attempt to take the references of a packet.
enum class packet_claim {
  taken,    // they are the caller's now
  used_up,  // the object is exported, but this packet was unmarshaled or released before
  gone,     // nothing is left to be had: the object is not exported any more
};

/// One interface that a client asks for, and the answer.
struct interface_request {
  IID iid{};
  HRESULT result = E_NOINTERFACE;
  com_ptr<exported_interface> found{};  // with `packet_references` references when found
  std::string failure{};                // why not, for a sentence
};

/// One exported object: holds it, counts who holds it from outside, has its interface stubs.
///
/// External references are those of packets and proxies, each to one interface; locks and holds
/// count beside them. When the last of all goes the manager *ends*: it never exports again, even if
/// its teardown inside the exporter is still to come; a later marshal makes a new manager with a
/// new oid. So a count once seen at zero stays there and nobody needs to look twice.
///
///     exporting --last reference gone, disconnect, exporter closes--> ended
///     ended     --inside the exporter, once-->                        torn down, out of the tables
///     torn down --last running call left-->                           object released
///
/// Counted; proxies, channels and the exporter's table keep it. The object is touched only inside
/// the exporter, during a `visit`. What it throws where nobody can be told (IExternalConnection,
/// Release, the Disconnect of a stub) goes to the log.
class stub_manager {
 public:
  /// From: inside `home`. `connection` may be null. Starts with one hold, the caller's.
  stub_manager(object_exporter& home, com_ptr<IUnknown> identity,
               com_ptr<IExternalConnection> connection);
  ~stub_manager();
  stub_manager(const stub_manager&) = delete;
  stub_manager& operator=(const stub_manager&) = delete;

  ULONG AddRef() noexcept { return references_.fetch_add(1, std::memory_order_relaxed) + 1; }
  ULONG Release() noexcept;

  [[nodiscard]] object_exporter& home() const noexcept { return *home_; }
  [[nodiscard]] oid id() const noexcept { return id_; }
  /// The object's address as a key; not for calling.
  [[nodiscard]] const IUnknown* key() const noexcept { return key_; }

  // ---- From any thread --------------------------------------------------------------------------

  /// Keeps the object exported until `drop_hold`. False when it has ended.
  [[nodiscard]] bool hold() noexcept;
  void drop_hold(bool last_release_closes) noexcept;

  /// Drops, at the end of a scope, the hold that the caller has.
  class held_export {
   public:
    explicit held_export(stub_manager& manager) noexcept : manager_(manager) {}
    ~held_export() { manager_.drop_hold(true); }
    held_export(const held_export&) = delete;
    held_export& operator=(const held_export&) = delete;

   private:
    stub_manager& manager_;
  };

  /// Adds the references of one more packet for somebody who already holds references to it.
  /// False when the object has ended.
  [[nodiscard]] bool add_packet(const exported_interface& target) noexcept;
  /// The same for a client that gets them at once, `taker`.
  [[nodiscard]] bool add_client(const exported_interface& target, oxid taker) noexcept;
  /// Takes over the references of one packet, on behalf of `taker`.
  [[nodiscard]] packet_claim claim_packet(const exported_interface& target, oxid taker) noexcept;
  /// Undoes `claim_packet`: the packet is good again.
  void return_packet(const exported_interface& target) noexcept;
  /// Gives `count` references back. What follows from the last one happens inside the exporter:
  /// here, if the calling thread is inside, else later. Runs your code only in the first case.
  void drop_references(const exported_interface& target, ULONG count,
                       bool last_release_closes) noexcept;

  [[nodiscard]] com_ptr<exported_interface> find_interface(const ipid& id) const;
  [[nodiscard]] bool ended() const;
  /// For the leak report: "IFoo, IBar (10 references, last unmarshaled in ...)".
  [[nodiscard]] std::string describe_clients() const;
  [[nodiscard]] ULONG external_references() const;

  // ---- Inside the exporter ----------------------------------------------------------------------

  /// The interface with its stub, made if it is new, with the references of one packet that only
  /// the caller knows. On failure `*failure` is the reason for a sentence.
  /// Runs your code: QueryInterface, IExternalConnection.
  HRESULT export_interface(REFIID iid, com_ptr<exported_interface>* out, std::string* failure);
  /// The same for a client: `packet_references` references each, no packet.
  void answer(std::span<interface_request> requests) noexcept;
  /// The object's own interface, for a pointer that comes home. Runs your code.
  HRESULT query_object(REFIID iid, void** out);

  void lock_external() noexcept;
  void unlock_external(bool last_unlock_releases) noexcept;

  /// Ends at the wish of the object's owner; IExternalConnection is not told.
  void disconnect() noexcept;
  /// Ends because the exporter closes; IExternalConnection is told that nothing need close.
  void close() noexcept;

  /// Keeps the object alive for a scope; false when it was disconnected before. The caller holds a
  /// reference to the manager beyond the scope.
  class visit {
   public:
    explicit visit(stub_manager& manager) noexcept : manager_(manager), inside_(manager.enter()) {}
    ~visit() {
      if (inside_) manager_.leave();
    }
    visit(const visit&) = delete;
    visit& operator=(const visit&) = delete;
    explicit operator bool() const noexcept { return inside_; }

   private:
    stub_manager& manager_;
    const bool inside_;
  };

 private:
  struct interface_record {
    com_ptr<exported_interface> endpoint;
    ULONG references = 0;    // those of `packets` included
    ULONG packets = 0;       // not yet unmarshaled or released
    bool connected = false;  // IExternalConnection knows of it
    oxid taker{};            // who unmarshaled last
  };
  enum class ending { when_unused, by_owner, by_exporter };
  class conclusion;

  [[nodiscard]] bool enter() noexcept { return gate_.enter(); }
  void leave() noexcept {
    if (gate_.leave()) finish();
  }
  HRESULT find_or_make(REFIID iid, com_ptr<exported_interface>* out, std::string* failure);
  void tell_added() noexcept;
  HRESULT make_stub(REFIID iid, com_ptr<IRpcStubBuffer>* out, std::string* failure);
  [[nodiscard]] bool add_references(const exported_interface& target, ULONG packets) noexcept;
  void conclude(bool last_release_closes) noexcept;
  void settle(ending why, bool last_release_closes) noexcept;
  ULONG take_connections_locked(ending why) noexcept INSULA_REQUIRES(mutex_);
  void release_total_locked(ULONG count, bool* settle) noexcept INSULA_REQUIRES(mutex_);
  void finish() noexcept;

  const com_ptr<object_exporter> home_;      // fixed
  const oid id_;                             // fixed
  const IUnknown* const key_;                // fixed
  const bool wants_connections_;             // fixed
  com_ptr<IUnknown> identity_;               // owner: inside, during a visit
  com_ptr<IExternalConnection> connection_;  // owner: the same
  std::atomic<ULONG> references_{1};         // atomic: C++ lifetime of the manager itself
  call_gate gate_;                           // atomic

  mutable mutex mutex_;  // never held while anything foreign is called
  std::vector<interface_record> interfaces_ INSULA_GUARDED_BY(mutex_);
  ULONG total_ INSULA_GUARDED_BY(mutex_) = 1;  // references of all interfaces, locks and holds
  ULONG locks_ INSULA_GUARDED_BY(mutex_) = 0;
  bool locks_connected_ INSULA_GUARDED_BY(mutex_) = false;
  bool ended_ INSULA_GUARDED_BY(mutex_) = false;
  bool torn_down_ INSULA_GUARDED_BY(mutex_) = false;
};

}  // namespace insula
