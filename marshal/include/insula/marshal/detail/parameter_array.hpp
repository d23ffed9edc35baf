// SPDX-License-Identifier: MIT
//
// A pointer to as many elements as another parameter says (size_is), of which some travel
// (length_is, or for text all up to the terminator):
//
//   maximum count   4
//   offset          4   0; these two only with length_is or string
//   actual count    4
//   elements            then all that hangs below them
//
// Counts come twice, in the array and as arguments that the callee, or the caller, will trust. They
// must agree, whatever the bytes: nobody is entered with, or goes on with, counts that say more
// than the array has. Text has its terminator inside its buffer, which is never empty therefore.
//
// An [in] array that the callee may read in place lies in the message itself. No elements at a null
// pointer are fine.
#pragma once

#include <insula/marshal/detail/argument_reference.hpp>
#include <insula/marshal/detail/assign_in_place.hpp>
#include <insula/marshal/detail/parameter_base.hpp>
#include <insula/marshal/ndr_array.hpp>
#include <insula/marshal/parameter_attributes.hpp>

#include <cstdlib>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

namespace insula::detail {

/// No length_is.
struct whole_length {
  static constexpr bool varies = false;
  static constexpr bool is_text = false;
  static constexpr bool before_call = false;
  static constexpr bool after_call = false;
};
/// `Way` is that of the parameter that says the length: known before the call, told by the reply,
/// or both.
template <class Argument, direction Way>
struct said_length {
  static constexpr bool varies = true;
  static constexpr bool is_text = false;
  static constexpr bool before_call = Way != direction::out;
  static constexpr bool after_call = Way != direction::in;
  static constexpr bool known = before_call;
  static std::size_t after(void* const* settled) { return Argument::get(settled); }
  template <class T>
  static std::size_t get(const T*, std::size_t, void* const* all) {
    return Argument::get(all);
  }
};
struct text_length {
  static constexpr bool varies = true;
  static constexpr bool is_text = true;
  static constexpr bool before_call = false;
  static constexpr bool after_call = false;
  static constexpr bool known = true;
  template <class T>
  static std::size_t get(const T* text, std::size_t size, void* const*) {
    for (std::size_t i = 0; i != size; ++i)
      if (text[i] == T{}) return i + 1;
    refuse_to_write("text does not end within its buffer");
  }
};

template <class Length, class T>
void write_counted(ndr_writer& writer, const T* first, std::size_t size, std::size_t length) {
  if (length > size) refuse_to_write("more elements are to travel than the array has");
  writer.count(size);
  if constexpr (Length::varies) {
    writer.primitive(std::uint32_t{0});
    writer.count(length);
  }
  write_elements(writer, first, length);
  write_elements_deferred(writer, first, length);
}

struct element_counts {
  std::size_t size;
  std::size_t length;
};

template <class Length, class T>
element_counts read_counts(ndr_reader& reader) {
  if constexpr (Length::varies) {
    const auto size = reader.primitive<std::uint32_t>();
    const auto offset = reader.primitive<std::uint32_t>();
    const std::uint32_t length = reader.count(ndr_codec<T>::min_size);
    if (offset != 0 || length > size) ndr_reader::bad_data();
    return {size, length};
  } else {
    const std::uint32_t size = reader.count(ndr_codec<T>::min_size);
    return {size, size};
  }
}

template <class T>
void read_into(ndr_reader& reader, T* first, std::size_t count) {
  read_elements(reader, first, count);
  read_elements_deferred(reader, first, count);
}

template <class Length, class T>
void check_text([[maybe_unused]] const T* text, [[maybe_unused]] std::size_t length) {
  if constexpr (Length::is_text)
    if (length == 0 || text[length - 1] != T{}) ndr_reader::bad_data();
}

inline constexpr std::size_t large_buffer = std::size_t{64} * 1024;

inline void* lazy_zeros(ndr_reader& reader, std::size_t size) {
  std::unique_ptr<void, decltype(&std::free)> memory(std::calloc(size, 1), &std::free);
  if (!memory) throw std::bad_alloc();
  reader.on_destroy(
      +[](void* block) noexcept { std::free(block); }, memory.get());
  return memory.release();
}

template <class T, direction Way, pointer_kind Kind, class Count, class Length>
struct array_parameter : parameter_base {
  static constexpr bool sends = Way != direction::out;
  static constexpr bool returns = Way != direction::in;
  static constexpr bool nullable = Kind != pointer_kind::ref;
  static constexpr bool owns = ndr_codec<T>::has_deferred;
  static constexpr bool frees_pointees = returns && owns;
  static constexpr wire_size varying{4, 0, true};
  static constexpr wire_size request = sends || nullable ? varying : wire_size{};
  static constexpr wire_size reply = returns ? varying : wire_size{};

  static constexpr std::size_t most_elements = ndr_writer::max_size / sizeof(T);

  static T* target(void* own) noexcept { return *static_cast<T**>(own); }

  static bool null_reference(void* own, void* const* all) noexcept {
    return !nullable && target(own) == nullptr && (Length::is_text || Count::get_or_zero(all) != 0);
  }
  static void write_request([[maybe_unused]] ndr_writer& writer, void* own, void* const* all) {
    const T* from = target(own);
    if constexpr (nullable)
      writer.primitive(from == nullptr ? std::uint32_t{0} : writer.next_referent());
    if constexpr (sends) {
      if (nullable && from == nullptr) return;
      const std::size_t size = Count::get(all);
      std::size_t length = size;
      if constexpr (Length::varies)
        if constexpr (Length::known) length = Length::get(from, size, all);
      if constexpr (returns && owns) {
        const write_as_task_memory replaceable(writer);
        write_counted<Length>(writer, from, size, length);
      } else {
        write_counted<Length>(writer, from, size, length);
      }
    }
  }

  // Elements with pointees wait here for the end of the reply; others go where they belong.
  struct counted_arrival {
    bool present = false;
    std::size_t length = 0;
  };
  struct kept_arrival : counted_arrival {
    std::unique_ptr<T[]> elements;
  };
  static constexpr bool keeps = Way == direction::in_out && owns;
  using arrival = std::conditional_t<keeps, kept_arrival, counted_arrival>;

  static void read_reply([[maybe_unused]] ndr_reader& reader, void* own, void* const* all,
                         [[maybe_unused]] arrival& held) {
    T* to = target(own);
    if constexpr (returns) {
      if (nullable && to == nullptr) return;
      const element_counts counts = read_counts<Length, T>(reader);
      if (counts.size != Count::get(all)) ndr_reader::bad_data();
      held.present = true;
      held.length = counts.length;
      if constexpr (keeps) {
        held.elements = std::make_unique<T[]>(counts.length);
        to = held.elements.get();
      } else if constexpr (owns) {
        for (std::size_t i = 0; i != counts.length; ++i) reset_value(to[i]);
      }
      read_into(reader, to, counts.length);
      check_text<Length>(to, counts.length);
    }
  }
  static void check_reply([[maybe_unused]] void* const* settled,
                          [[maybe_unused]] const arrival& held) {
    if constexpr (returns && Length::after_call)
      if (held.present && Length::after(settled) != held.length) ndr_reader::bad_data();
  }
  static void adopt(void* own, [[maybe_unused]] arrival& held) noexcept {
    [[maybe_unused]] T* to = target(own);
    if constexpr (keeps)
      for (std::size_t i = 0; i != held.length; ++i) assign_in_place(to[i], held.elements[i]);
  }
  static void clear(void* own, [[maybe_unused]] void* const* all) noexcept {
    if constexpr (Way == direction::out) {
      T* to = target(own);
      const std::size_t size = Count::get_or_zero(all);
      // A count that no message can hold was refused: it says nothing about the buffer.
      if (to == nullptr || size > most_elements) return;
      for (std::size_t i = 0; i != size; ++i) reset_value(to[i]);
    }
  }

  struct place {
    T* elements = nullptr;
    std::size_t size = 0;
    std::size_t length = 0;  // that arrived
    bool present = !nullable;
    alignas(T) std::byte no_elements[sizeof(T)];  // something to point at
    void* argument() noexcept { return &elements; }
  };

  static void read_request([[maybe_unused]] ndr_reader& reader, [[maybe_unused]] place& here,
                           void* const*) {
    if constexpr (nullable) {
      if (reader.primitive<std::uint32_t>() == 0) return;
      here.present = true;
    }
    if constexpr (sends) {
      const element_counts counts = read_counts<Length, T>(reader);
      here.size = counts.size;
      here.length = counts.length;
      if (counts.length == counts.size && !(owns && Way == direction::in_out)) {
        here.elements = const_cast<T*>(read_array_in_place<T>(reader, counts.size).data());
      } else {
        here.elements = make(reader, counts.size);
        if constexpr (Way == direction::in_out) {
          const read_as_task_memory replaceable(reader);
          read_into(reader, here.elements, counts.length);
        } else {
          read_into(reader, here.elements, counts.length);
        }
      }
      check_text<Length>(here.elements, counts.length);
    }
  }
  static void prepare(ndr_reader& reader, place& here, void* const* all) {
    if (!here.present) return;
    const std::size_t size = Count::get(all);
    if constexpr (!sends) {
      here.size = size;
      here.elements = make(reader, size);
    }
    if (here.size != size || (Length::is_text && size == 0)) ndr_reader::bad_data();
    if constexpr (Length::before_call) {
      const std::size_t length = Length::get(here.elements, size, all);
      if (length > size || (sends && length != here.length)) ndr_reader::bad_data();
    }
    if (size == 0) here.elements = reinterpret_cast<T*>(here.no_elements);
  }
  static void write_reply([[maybe_unused]] ndr_writer& writer, place& here,
                          [[maybe_unused]] void* const* all) {
    if (!returns || !here.present) return;
    std::size_t length = here.size;
    if constexpr (Length::varies) length = Length::get(here.elements, here.size, all);
    write_counted<Length>(writer, here.elements, here.size, length);
  }
  static void free_results(place& here, [[maybe_unused]] void* const* all) noexcept {
    if constexpr (returns && !ndr_codec<T>::blittable)
      for (std::size_t i = 0; i != here.size; ++i) ndr_codec<T>::free(here.elements[i]);
  }

 private:
  // The caller only says how many: what could never come back is not made, and a large buffer takes
  // no memory before the callee writes to it.
  static T* make(ndr_reader& reader, std::size_t size) {
    if (size > most_elements) ndr_reader::bad_data();
    if constexpr (std::is_trivially_default_constructible_v<T> &&
                  std::is_trivially_destructible_v<T>)
      if (size > large_buffer / sizeof(T))
        return static_cast<T*>(lazy_zeros(reader, size * sizeof(T)));
    return make_elements<T>(reader, size);
  }
};

/// T** whose count is an [out] parameter: the callee allocates the array with CoTaskMemAlloc, the
/// caller frees it. A unique pointer to a conformant array.
template <class T, class Count>
struct callee_array_parameter : parameter_base {
  static constexpr wire_size reply{4, 0, true};
  static constexpr bool frees_pointees = ndr_codec<T>::has_deferred;

  static T** target(void* own) noexcept { return *static_cast<T***>(own); }

  static bool null_reference(void* own, void* const*) noexcept { return target(own) == nullptr; }

  struct arrival {
    bool present = false;
    std::size_t size = 0;
  };
  static void read_reply(ndr_reader& reader, void* own, void* const*, arrival& held) {
    T*& to = *target(own);
    to = nullptr;
    held.present = reader.primitive<std::uint32_t>() != 0;
    if (!held.present) return;
    held.size = reader.count(ndr_codec<T>::min_size);
    to = make_elements<T>(reader, held.size);
    const ndr_reader::nesting inside(reader);
    read_into(reader, to, held.size);
  }
  static void check_reply(void* const* settled, const arrival& held) {
    if (held.size != (held.present ? Count::get(settled) : 0)) ndr_reader::bad_data();
  }
  static void clear(void* own, void* const*) noexcept {
    if (target(own) != nullptr) *target(own) = nullptr;
  }

  struct place {
    T* items = nullptr;
    T** pointer = &items;
    void* argument() noexcept { return &pointer; }
  };
  static void write_reply(ndr_writer& writer, place& here, void* const* all) {
    const std::size_t size = Count::get(all);
    if (here.items == nullptr) {
      if (size != 0) refuse_to_write("a count of elements comes without the elements");
      writer.primitive(std::uint32_t{0});
      return;
    }
    writer.primitive(writer.next_referent());
    write_counted<whole_length>(writer, here.items, size, size);
  }
  static void free_results(place& here, [[maybe_unused]] void* const* all) noexcept {
    if (here.items == nullptr) return;
    for (std::size_t i = 0, n = Count::get_or_zero(all); i != n; ++i)
      ndr_codec<T>::free(here.items[i]);
    CoTaskMemFree(std::exchange(here.items, nullptr));
  }
};

}  // namespace insula::detail
