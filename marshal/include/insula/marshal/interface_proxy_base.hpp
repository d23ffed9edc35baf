// SPDX-License-Identifier: MIT
//
// Typed interface proxies as whoever holds them sees them.
//   interface_proxy_base      IRpcProxyBuffer of every described interface
//   IInterfaceProxySource     what a proxy manager answers so that its proxies can be found
//   find_interface_proxy      the proxy behind an interface pointer
#pragma once

#include <insula/core/com_ptr.hpp>
#include <insula/marshal/interface_info.hpp>
#include <insula/marshal/rpc.hpp>

#include <atomic>

namespace insula {

/// The interface proxy of one described interface: the IRpcProxyBuffer half, with the identity of
/// its own that an aggregated object has. The interface half delegates QueryInterface, AddRef and
/// Release to `outer`, or, without one, shares count and identity with this.
///
/// Connect and Disconnect must not run while another thread calls through the interface; a call
/// that is waiting on the same thread keeps its channel and ends normally.
class interface_proxy_base : public IRpcProxyBuffer {
 public:
  interface_proxy_base(const interface_proxy_base&) = delete;
  interface_proxy_base& operator=(const interface_proxy_base&) = delete;

  HRESULT QueryInterface(REFIID iid, void** out) override;
  ULONG AddRef() override;
  ULONG Release() override;

  /// Keeps a reference to `channel` until Disconnect, or the next Connect.
  HRESULT Connect(IRpcChannelBuffer* channel) override;
  void Disconnect() override;

  /// The interface that the proxy was made for.
  [[nodiscard]] const interface_info& info() const noexcept { return *info_; }
  /// Null when disconnected. Borrowed.
  [[nodiscard]] IRpcChannelBuffer* channel() const noexcept { return channel_.get(); }
  /// The interface pointer itself, not counted.
  [[nodiscard]] void* interface_pointer() const noexcept { return interface_; }

  // What the interface half does with the methods of IUnknown.
  HRESULT outer_query_interface(REFIID iid, void** out);
  ULONG outer_add_ref();
  ULONG outer_release();

 protected:
  interface_proxy_base(IUnknown* outer, const interface_info& info, void* interface) noexcept
      : outer_(outer), info_(&info), interface_(interface) {}
  virtual ~interface_proxy_base();

 private:
  std::atomic<ULONG> references_{1};     // atomic
  IUnknown* const outer_;                // fixed; not counted: the outer object owns this one
  com_ptr<IRpcChannelBuffer> channel_;   // owner
  const interface_info* const info_;     // fixed
  void* const interface_;                // fixed
};

/// Private to this library: a proxy manager answers QueryInterface for it, to those who look for a
/// typed proxy behind an interface pointer.
struct IInterfaceProxySource : IUnknown {
  /// The proxy of this object that serves `iid`: that interface's own, or one of an interface
  /// derived from it. Null when there is none. Borrowed, as long as the object lives.
  virtual interface_proxy_base* find(REFIID iid) = 0;
};

INSULA_IID(IInterfaceProxySource, IUnknown, "5c2f1b0e-7f0d-4c0a-9a2b-3f6e8d14c7a1")

/// The id by which an IRpcProxyBuffer says that it is an interface_proxy_base: `*out` is that
/// pointer. Only proxies of this library answer.
inline constexpr IID IID_interface_proxy_base = guid("0f6d1c42-6f0b-4a3e-8b1f-b9c6c5d2e7f3");

/// The typed proxy that `proxy` is, or null for a proxy from elsewhere. Borrowed.
[[nodiscard]] interface_proxy_base* typed_proxy_of(IRpcProxyBuffer* proxy);

/// S_OK for a proxy, S_FALSE for an object that is none. Fails: why the proxy cannot be used by the
/// calling code. Runs your code: QueryInterface of an object that is no proxy.
[[nodiscard]] HRESULT is_proxy(IUnknown* object);

/// The typed proxy that serves `iid` behind `object`, or null when `object` is no proxy, or one
/// without a typed proxy for that interface. Borrowed: valid as long as `object` is.
/// Runs your code: QueryInterface of an object that is no proxy.
[[nodiscard]] interface_proxy_base* find_interface_proxy(IUnknown* object, REFIID iid);
/// The same, valid as long as `*keeps`, which holds the object of the proxy that was found.
[[nodiscard]] interface_proxy_base* find_interface_proxy(IUnknown* object, REFIID iid,
                                                         com_ptr<IUnknown>* keeps);

}  // namespace insula
