// SPDX-License-Identifier: MIT
#pragma once

#include <insula/marshal/detail/assign_in_place.hpp>
#include <insula/marshal/detail/parameter_base.hpp>
#include <insula/marshal/parameter_attributes.hpp>

namespace insula::detail {

/// T* to one T, and T&. On the wire a reference pointer is its pointee alone; unique and full
/// pointers have a referent id before it. A unique [out] pointer (not in the Microsoft tools) sends
/// the referent id in the request, so that the callee sees a null where the caller gave one.
template <class T, class Codec, direction Way, pointer_kind Kind, bool Reference>
struct pointer_parameter : parameter_base {
  static constexpr bool sends = Way != direction::out;
  static constexpr bool returns = Way != direction::in;
  static constexpr bool nullable = Kind != pointer_kind::ref;
  static constexpr wire_size nothing{};
  static constexpr wire_size pointee = size_of_codec<Codec>;
  static constexpr wire_size varying{4, 0, true};
  static constexpr wire_size request = nullable ? varying : sends ? pointee : nothing;
  static constexpr wire_size reply = !returns ? nothing : nullable ? varying : pointee;

  static T* target(void* own) noexcept {
    if constexpr (Reference) return static_cast<T*>(own);
    else return *static_cast<T**>(own);
  }

  static bool null_reference(void* own, void* const*) noexcept {
    return !nullable && target(own) == nullptr;
  }

  static void write_request(ndr_writer& writer, void* own, void* const*) {
    const T* from = target(own);
    if constexpr (Kind == pointer_kind::full) {
      bool is_new = false;
      writer.primitive(from == nullptr
                           ? std::uint32_t{0}
                           : writer.full_referent(from, &full_pointer_type<T>, &is_new));
      if (from == nullptr || !writer.claim_full_pointee(from, &full_pointer_type<T>)) return;
    } else if constexpr (nullable) {
      writer.primitive(from == nullptr ? std::uint32_t{0} : writer.next_referent());
      if (from == nullptr) return;
    }
    if constexpr (Way == direction::in_out) {
      const write_as_task_memory replaceable(writer);
      write_whole<Codec>(writer, *from);
    } else if constexpr (sends) {
      write_whole<Codec>(writer, *from);
    }
  }

  // The value of an [in,out] argument waits here; that of an [out] one goes to its destination.
  struct kept_arrival {
    T value{};
    T* pointer = &value;
  };
  using arrival =
      std::conditional_t<Way == direction::in_out, kept_arrival, parameter_base::arrival>;
  static constexpr bool frees_pointees = returns && Codec::has_deferred;

  static void* settled(void* own, [[maybe_unused]] arrival& held) noexcept {
    if constexpr (Way != direction::in_out) return own;
    else if (target(own) == nullptr) return own;
    else if constexpr (Reference) return &held.value;
    else return &held.pointer;
  }

  static void read_reply([[maybe_unused]] ndr_reader& reader, void* own, void* const*,
                         [[maybe_unused]] arrival& held) {
    if constexpr (!returns) {
      (void)own;
    } else if (T* to = target(own); to != nullptr) {
      if constexpr (Way == direction::in_out) {
        read_whole<Codec>(reader, held.value);
      } else {
        reset_value(*to);
        read_whole<Codec>(reader, *to);
      }
    }
  }
  static void adopt(void* own, [[maybe_unused]] arrival& held) noexcept {
    if constexpr (Way == direction::in_out) {
      T* to = target(own);
      if (to == nullptr) return;
      if constexpr (std::is_same_v<Codec, bstr_codec>) {
        bstr_codec::free(*to);
        *to = held.value;
      } else {
        assign_in_place(*to, held.value);
      }
    } else {
      (void)own;
    }
  }
  static void clear(void* own, void* const*) noexcept {
    if constexpr (Way == direction::out) {
      if (T* to = target(own); to != nullptr) reset_value(*to);
    } else {
      (void)own;
    }
  }

  struct place {
    T value{};
    T* pointer = Kind == pointer_kind::ref ? &value : nullptr;
    void* argument() noexcept {
      if constexpr (Reference) return &value;
      else return &pointer;
    }
  };

  static void read_request([[maybe_unused]] ndr_reader& reader, [[maybe_unused]] place& here,
                           void* const*) {
    if constexpr (nullable) {
      const auto referent = reader.primitive<std::uint32_t>();
      if (referent == 0) return;
      if constexpr (Kind == pointer_kind::full) {
        if (void* known = reader.full_pointee(referent, &full_pointer_type<T>)) {
          here.pointer = static_cast<T*>(known);
          return;
        }
        reader.remember_full_pointee(referent, &full_pointer_type<T>, &here.value);
      }
      here.pointer = &here.value;
    }
    if constexpr (Way == direction::in_out) {
      const read_as_task_memory replaceable(reader);
      read_whole<Codec>(reader, here.value);
    } else if constexpr (sends) {
      read_whole<Codec>(reader, here.value);
    }
  }
  static void write_reply([[maybe_unused]] ndr_writer& writer, [[maybe_unused]] place& here,
                          void* const*) {
    if constexpr (returns)
      if (here.pointer != nullptr) write_whole<Codec>(writer, here.value);
  }
  static void free_results([[maybe_unused]] place& here, void* const*) noexcept {
    if constexpr (returns) Codec::free(here.value);
  }
};

}  // namespace insula::detail
