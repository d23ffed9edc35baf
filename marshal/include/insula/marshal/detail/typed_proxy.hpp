// SPDX-License-Identifier: MIT
//
// The C++ class of a proxy: interface I at the bottom, on it the three methods of IUnknown, then
// one layer per described method, base interfaces first, each overriding that method.
//
// Overriders are marked cold, and what they call is not inlined into them: where a compiler sees no
// other class that implements the interface, it would guess that each call goes to a proxy, compare
// first and put the proxy's code beside the call (GCC's speculative devirtualisation), and calls
// inside an apartment would pay for it. It does not guess at cold functions.
#pragma once

#include <insula/marshal/call_as.hpp>
#include <insula/marshal/detail/interface_tables.hpp>
#include <insula/marshal/interface_proxy_base.hpp>

namespace insula::detail {

template <class I>
class typed_proxy;

template <class I>
class proxy_root : public I {
 public:
  [[gnu::cold]] HRESULT QueryInterface(REFIID iid, void** out) override {
    return insula_base().outer_query_interface(iid, out);
  }
  [[gnu::cold]] ULONG AddRef() override { return insula_base().outer_add_ref(); }
  [[gnu::cold]] ULONG Release() override { return insula_base().outer_release(); }

  // Named so that no interface has it: found in all layers.
  interface_proxy_base& insula_base() noexcept {
    return static_cast<typed_proxy<I>&>(*this);
  }

 protected:
  ~proxy_root() = default;
};

template <class Next, class Methods>
struct proxy_layers;
template <class Next>
struct proxy_layers<Next, type_list<>> {
  using type = Next;
};
template <class Next, class First, class... Rest>
struct proxy_layers<Next, type_list<First, Rest...>>
    : proxy_layers<typename First::template insula_layer<
                       Next, typename member_function<std::remove_const_t<decltype(
                                 First::pointer)>>::function>,
                   type_list<Rest...>> {};

template <class I, class Root>
consteval auto choose_layers() {
  if constexpr (std::is_same_v<I, IUnknown>) {
    return std::type_identity<Root>{};
  } else {
    using below = typename decltype(choose_layers<base_of_t<I>, Root>())::type;
    return std::type_identity<
        typename proxy_layers<below, typename description_of<I>::methods>::type>{};
  }
}

template <class I>
using proxy_layers_of = typename decltype(choose_layers<I, proxy_root<I>>())::type;

template <class I>
class typed_proxy final : public proxy_layers_of<I>, public interface_proxy_base {
 public:
  explicit typed_proxy(IUnknown* outer)
      : interface_proxy_base(outer, description_of<I>::tables::info, static_cast<I*>(this)) {}
  ~typed_proxy() override = default;
};

/// What the layer of Method calls. `Self` is the layer, const for a const method.
template <class Method, class R, class Self, class... A>
[[gnu::noinline]] R call_layer(Self& self, A&... arguments) {
  using tables = typename description_of<typename Method::interface_type>::tables;
  auto& layer = const_cast<std::remove_const_t<Self>&>(self);
  const auto remote = [&]() -> R {
    void* all[] = {address_of(arguments)..., nullptr};
    return call_through<R>(layer.insula_base(), tables::client[tables::template index_of<Method>()],
                           all);
  };
  if constexpr (requires { call_as<Method::pointer>::at_caller(remote, arguments...); })
    return call_as<Method::pointer>::at_caller(remote, arguments...);
  else return remote();
}

}  // namespace insula::detail
