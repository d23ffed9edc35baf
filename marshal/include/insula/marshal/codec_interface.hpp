// SPDX-License-Identifier: MIT
//
// Interface pointers, I* and com_ptr<I>, at any depth.
//
//   flat      referent id                  4   0 for null
//   deferred  length, as maximum count     4
//             length                       4
//             the packet (OBJREF)          length bytes
//
// that is, a unique pointer to MInterfacePointer (MS-DCOM 2.2.14). A raw I* that was read is
// counted and belongs to the reader (`call` memory) or, after `commit`, to the caller (`task`).
#pragma once

#include <insula/core/com_ptr.hpp>
#include <insula/core/unknown.hpp>
#include <insula/marshal/ndr_codec.hpp>
#include <insula/marshal/pointee_sweep.hpp>

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace insula {

/// A complete type derived from IUnknown.
template <class I>
concept ndr_interface = requires { sizeof(I); } && std::is_base_of_v<IUnknown, I>;

namespace detail {

struct interface_codec {
  static constexpr std::size_t alignment = 4;
  static constexpr std::size_t min_size = 4;
  static constexpr std::size_t fixed_size = 0;
  static constexpr bool has_deferred = true;
  static constexpr bool blittable = false;
};

inline void release_read_interface(void* object) noexcept {
  let_go(static_cast<IUnknown*>(object));
}

template <class I>
com_ptr<I> read_interface(ndr_reader& reader) {
  if (reader.take_referent() == 0) return {};
  void* object = nullptr;
  reader.interface_body(iid_of<I>(), &object);
  return com_ptr<I>(static_cast<I*>(object), take_ownership);
}

}  // namespace detail

template <class I>
  requires(ndr_interface<I> && has_iid<I>)
struct ndr_codec<I*> : detail::interface_codec {
  static void write(ndr_writer& writer, I* const& value) { writer.interface_referent(value); }
  static void write_deferred(ndr_writer& writer, I* const& value) {
    writer.interface_body(iid_of<I>(), value);
  }
  static void read(ndr_reader& reader, I*& value) {
    value = nullptr;
    reader.keep_referent(reader.primitive<std::uint32_t>());
  }
  static void read_deferred(ndr_reader& reader, I*& value) {
    com_ptr<I> object = detail::read_interface<I>(reader);
    if (!object) return;
    reader.on_destroy(&detail::release_read_interface, static_cast<IUnknown*>(object.get()));
    value = object.detach();
  }
  static void free(I*& value) noexcept { pointee_sweep::release(std::exchange(value, nullptr)); }
};

template <class I>
  requires(ndr_interface<I> && has_iid<I>)
struct ndr_codec<com_ptr<I>> : detail::interface_codec {
  static void write(ndr_writer& writer, const com_ptr<I>& value) {
    writer.interface_referent(value.get());
  }
  static void write_deferred(ndr_writer& writer, const com_ptr<I>& value) {
    writer.interface_body(iid_of<I>(), value.get());
  }
  static void read(ndr_reader& reader, com_ptr<I>&) {
    reader.keep_referent(reader.primitive<std::uint32_t>());
  }
  static void read_deferred(ndr_reader& reader, com_ptr<I>& value) {
    value = detail::read_interface<I>(reader);
  }
  static void free(com_ptr<I>&) noexcept {}
};

}  // namespace insula
