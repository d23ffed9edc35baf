// SPDX-License-Identifier: MIT
#pragma once

#include <insula/core/contain.hpp>
#include <insula/core/unknown.hpp>
#include <insula/marshal/detail/argument_reference.hpp>
#include <insula/marshal/detail/parameter_base.hpp>
#include <insula/marshal/parameter_attributes.hpp>

#include <type_traits>
#include <utility>

namespace insula::detail {

/// J is void for a pointer whose interface another parameter names.
template <class J>
IUnknown* as_unknown(J* object) noexcept {
  if constexpr (std::is_void_v<J>) return static_cast<IUnknown*>(object);
  else return object;
}

/// One counted reference, given back unless taken.
template <class J>
struct held_interface {
  J* object = nullptr;

  held_interface() = default;
  held_interface(const held_interface&) = delete;
  held_interface& operator=(const held_interface&) = delete;
  ~held_interface() { release(); }

  void release() noexcept {
    if (J* last = std::exchange(object, nullptr); last != nullptr) let_go(as_unknown(last));
  }
  void read(ndr_reader& reader, REFIID iid) {
    if (reader.primitive<std::uint32_t>() == 0) return;
    void* read = nullptr;
    reader.interface_body(iid, &read);
    object = static_cast<J*>(read);
  }
};

template <class J>
void write_interface(ndr_writer& writer, REFIID iid, J* object) {
  writer.interface_referent(as_unknown(object));
  writer.interface_body(iid, as_unknown(object));
}

/// J*: [in].
template <class J, class Iid>
struct interface_parameter : parameter_base {
  static constexpr wire_size request{4, 0, true};

  static void write_request(ndr_writer& writer, void* own, void* const* all) {
    write_interface(writer, Iid::get(all), *static_cast<J**>(own));
  }

  struct place {
    held_interface<J> held;
    void* argument() noexcept { return &held.object; }
  };
  static void read_request(ndr_reader& reader, place& here, void* const* all) {
    here.held.read(reader, Iid::get(all));
  }
};

/// J** and void**: [out] and [in,out]. What an [out] destination holds before is never looked at;
/// what an [in,out] one holds is released once when the reply has come.
template <class J, direction Way, pointer_kind Kind, class Iid>
struct interface_pointer_parameter : parameter_base {
  static constexpr bool nullable = Kind != pointer_kind::ref;
  static constexpr bool sends = Way != direction::out;
  static constexpr wire_size varying{4, 0, true};
  static constexpr wire_size request = sends || nullable ? varying : wire_size{};
  static constexpr wire_size reply = varying;

  static J** target(void* own) noexcept { return *static_cast<J***>(own); }

  static bool null_reference(void* own, void* const*) noexcept {
    return !nullable && target(own) == nullptr;
  }
  static void write_request([[maybe_unused]] ndr_writer& writer, void* own,
                            [[maybe_unused]] void* const* all) {
    J** from = target(own);
    if constexpr (nullable)
      writer.primitive(from == nullptr ? std::uint32_t{0} : writer.next_referent());
    if constexpr (sends)
      if (from != nullptr) write_interface(writer, Iid::get(all), *from);
  }

  using arrival = held_interface<J>;

  static void read_reply(ndr_reader& reader, void* own, void* const* all, arrival& held) {
    if (target(own) != nullptr) held.read(reader, Iid::get(all));
  }
  static void adopt(void* own, arrival& held) noexcept {
    J** to = target(own);
    if (to == nullptr) return;
    if constexpr (sends) std::swap(*to, held.object);
    else *to = std::exchange(held.object, nullptr);
    held.release();
  }
  static void clear(void* own, void* const*) noexcept {
    if constexpr (!sends)
      if (J** to = target(own); to != nullptr) *to = nullptr;
  }

  struct place {
    held_interface<J> held;
    J** pointer = nullable ? nullptr : &held.object;
    void* argument() noexcept { return &pointer; }
  };
  static void read_request(ndr_reader& reader, place& here, void* const* all) {
    if constexpr (nullable) {
      if (reader.primitive<std::uint32_t>() == 0) return;
      here.pointer = &here.held.object;
    }
    if constexpr (sends) here.held.read(reader, Iid::get(all));
  }
  static void write_reply(ndr_writer& writer, place& here, void* const* all) {
    if (here.pointer != nullptr) write_interface(writer, Iid::get(all), here.held.object);
  }
};

}  // namespace insula::detail
