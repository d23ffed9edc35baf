// SPDX-License-Identifier: MIT
#pragma once

#include <insula/marshal/detail/server_method.hpp>
#include <insula/marshal/interface_info.hpp>
#include <insula/marshal/interface_proxy_base.hpp>

#include <cstddef>
#include <span>

namespace insula {

/// What a description brings to run time: names, and how to make proxies and serve requests.
struct interface_marshaler {
  const interface_info* info;
  /// Of the base interface; null when that is IUnknown.
  const interface_marshaler* base;
  /// A new proxy with one reference; null when there is no memory.
  interface_proxy_base* (*create_proxy)(IUnknown* outer) noexcept;
  /// Of the interface's own methods, in table order.
  std::span<const detail::server_method> methods;

  /// The method in this slot, own or inherited; null for those of IUnknown and past the end.
  [[nodiscard]] const detail::server_method* method(std::uint32_t slot) const noexcept;
};

/// One description in one module, findable by IID while it lives. INSULA_INTERFACE makes it.
/// The same interface may be described in several modules; another one with its id ends the program
/// with a sentence.
class interface_registration {
 public:
  /// Null registers nothing: a description that was refused at compile time has none.
  explicit interface_registration(const interface_marshaler* marshaler) noexcept;
  ~interface_registration();
  interface_registration(const interface_registration&) = delete;
  interface_registration& operator=(const interface_registration&) = delete;

 private:
  friend class interface_registry;
  const interface_marshaler* const marshaler_;  // fixed
  interface_registration* next_ = nullptr;      // behind the registry's lock
};

/// The marshaler of `iid` in this process, or null. From: any thread, before main too.
[[nodiscard]] const interface_marshaler* find_interface_marshaler(REFIID iid) noexcept;

namespace detail {

/// Ends the program with a sentence unless the `position`th method of the description is in the
/// `position`th entry that the interface adds to its base's table. `pointer` is a pointer to a
/// member function as the C++ ABI of Linux (Itanium) lays it out.
void require_slot(const interface_info& info, std::size_t position, const void* pointer,
                  std::size_t size) noexcept;

}  // namespace detail
}  // namespace insula
