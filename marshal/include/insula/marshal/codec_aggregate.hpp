// SPDX-License-Identifier: MIT
//
// Structs: every aggregate class without a codec of its own travels as an NDR structure of its
// fields (C706, 14.3.7), reached through Boost.PFR without a list of them; C arrays among them too.
//
// Not among these, so not marshalable without a codec of their own: classes with constructors,
// private or const fields, virtual functions or base classes, and unions. An empty struct is one
// byte, 0. Bit-fields, references and anonymous unions as fields do not compile. At most 100
// fields.
//
// A struct whose fields are blittable and leave no padding is blittable itself.
// Why Boost.PFR, and why in a public header: docs/decisions/aggregates-through-pfr.md
#pragma once

#include <insula/marshal/ndr_codec.hpp>
#include <insula/marshal/ndr_layout.hpp>
#include <insula/marshal/pointee_sweep.hpp>

#include <boost/pfr/core.hpp>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <type_traits>
#include <utility>

namespace insula {

namespace detail {

// Only asked whether they would do; they have bodies because compilers look for them all the same.
struct any_field {
  template <class T>
  operator T() const noexcept {
    std::terminate();
  }
};
template <class T>
struct any_base_of {
  template <class B>
    requires(std::is_base_of_v<B, T> && !std::is_same_v<B, T>)
  operator B() const noexcept {
    std::terminate();
  }
};
template <std::size_t>
using any_field_at = any_field;

template <class T>
concept plain_aggregate =
    requires { sizeof(T); } && std::is_class_v<T> && std::is_aggregate_v<T> &&
    !std::is_polymorphic_v<T> && requires { T{}; } && !requires { T{any_base_of<T>{}}; };

// Fields are counted by how many initialisers T{...} takes. An array takes as many as it has
// elements, for they may stand without braces of their own; `{}` initialises a whole field, and so
// tells how many: with `{}` in the place of fewer, too many follow. (Boost.PFR's own count leaves
// arrays uncorrected, and g++ 12 fails inside it for arrays of classes with destructors.)
template <class T, std::size_t... Any>
consteval bool takes(std::index_sequence<Any...>) {
  return requires { T{any_field_at<Any>{}...}; };
}
template <class T, std::size_t Count>
inline constexpr bool takes_initializers = takes<T>(std::make_index_sequence<Count>{});

// The most initialisers, known to be at least Low and less than High.
template <class T, std::size_t Low, std::size_t High>
consteval std::size_t most_initializers() {
  if constexpr (High - Low == 1) {
    return Low;
  } else {
    constexpr std::size_t middle = (Low + High) / 2;
    if constexpr (takes_initializers<T, middle>) return most_initializers<T, middle, High>();
    else return most_initializers<T, Low, middle>();
  }
}
template <class T, std::size_t Guess = 8>
consteval std::size_t initializer_count() {
  if constexpr (takes_initializers<T, Guess>) return initializer_count<T, Guess * 4>();
  else return most_initializers<T, 0, Guess>();
}

template <class T, std::size_t... Before, std::size_t... After>
consteval bool takes_braces(std::index_sequence<Before...>, std::index_sequence<After...>) {
  return requires { T{any_field_at<Before>{}..., {}, any_field_at<After>{}...}; };
}
template <class T, std::size_t Before, std::size_t After>
inline constexpr bool braces_at = takes_braces<T>(std::make_index_sequence<Before>{},
                                                  std::make_index_sequence<After>{});

template <class T, std::size_t All, std::size_t At, std::size_t Low, std::size_t High>
consteval std::size_t initializers_of_field() {
  if constexpr (Low == High) {
    return Low;
  } else {
    constexpr std::size_t middle = (Low + High) / 2;
    if constexpr (braces_at<T, At, All - At - middle>)
      return initializers_of_field<T, All, At, Low, middle>();
    else return initializers_of_field<T, All, At, middle + 1, High>();
  }
}

template <class T, std::size_t All, std::size_t At>
consteval std::size_t fields_from() {
  if constexpr (At == All) {
    return 0;
  } else if constexpr (braces_at<T, At, All - At - 1> || !braces_at<T, At, 0>) {
    return 1 + fields_from<T, All, At + 1>();
  } else {
    return 1 + fields_from<T, All, At + initializers_of_field<T, All, At, 2, All - At>()>();
  }
}

template <class T>
inline constexpr std::size_t field_count = fields_from<T, initializer_count<T>(), 0>();

// References to the fields. The public functions of Boost.PFR insist on its count.
template <class T>
constexpr auto fields_of(T& value) noexcept {
  return boost::pfr::detail::tie_as_tuple(value, boost::pfr::detail::size_t_<field_count<T>>{});
}
template <class T>
constexpr auto fields_of(const T& value) noexcept {
  return boost::pfr::detail::tie_as_tuple(value, boost::pfr::detail::size_t_<field_count<T>>{});
}

template <class T, class Index = std::make_index_sequence<field_count<T>>>
struct aggregate_fields;
template <class T, std::size_t... Index>
struct aggregate_fields<T, std::index_sequence<Index...>> {
  using tied = decltype(fields_of(std::declval<T&>()));
  template <std::size_t I>
  using field = std::remove_reference_t<decltype(boost::pfr::detail::sequence_tuple::get<I>(
      std::declval<tied&>()))>;

  static constexpr bool writable = (true && ... && !std::is_const_v<field<Index>>);
  using parts = ndr_parts<std::remove_const_t<field<Index>>...>;
  using layout = ndr_layout<std::remove_const_t<field<Index>>...>;

  template <class Value, class Function>
  static void for_each(Value& value, Function function) {
    [[maybe_unused]] auto fields = fields_of(value);
    (function(boost::pfr::detail::sequence_tuple::get<Index>(fields)), ...);
  }
};

template <class T>
struct aggregate_codec {
  using fields = aggregate_fields<T>;
  using parts = typename fields::parts;
  static constexpr std::size_t alignment = fields::layout::alignment;
  static constexpr std::size_t min_size = fields::layout::min_size;
  static constexpr std::size_t fixed_size = fields::layout::fixed_size;
  static constexpr bool has_deferred = fields::layout::has_deferred;
  static constexpr bool blittable =
      fields::layout::is_image(sizeof(T)) && std::is_trivially_copyable_v<T>;

  static void write(ndr_writer& writer, const T& value) {
    writer.align(alignment);
    if constexpr (blittable) writer.bytes(&value, sizeof value);
    else fields::for_each(value, [&](const auto& f) { codec_for<decltype(f)>::write(writer, f); });
  }
  static void write_deferred(ndr_writer& writer, const T& value) {
    fields::for_each(value, [&](const auto& f) { write_deferred_part(writer, f); });
  }
  static void read(ndr_reader& reader, T& value) {
    reader.align(alignment);
    fields::for_each(value, [&](auto& f) { codec_for<decltype(f)>::read(reader, f); });
  }
  static void read_deferred(ndr_reader& reader, T& value) {
    fields::for_each(value, [&](auto& f) { read_deferred_part(reader, f); });
  }
  static void free(T& value) noexcept {
    if constexpr (has_deferred) {
      const pointee_sweep together;
      fields::for_each(value, [](auto& f) { codec_for<decltype(f)>::free(f); });
    }
  }

 private:
  template <class Reference>
  using codec_for = ndr_codec<std::remove_cvref_t<Reference>>;
};

template <class T>
struct empty_codec {
  static constexpr std::size_t alignment = 1;
  static constexpr std::size_t min_size = 1;
  static constexpr std::size_t fixed_size = 1;
  static constexpr bool has_deferred = false;
  static constexpr bool blittable = false;
  static void write(ndr_writer& writer, const T&) { writer.primitive(std::uint8_t{0}); }
  static void write_deferred(ndr_writer&, const T&) {}
  static void read(ndr_reader& reader, T&) { reader.bytes(1); }
  static void read_deferred(ndr_reader&, T&) {}
  static void free(T&) noexcept {}
};

struct no_codec {};

template <class T>
consteval auto choose_codec() {
  if constexpr (!plain_aggregate<T>) return std::type_identity<no_codec>{};
  else if constexpr (std::is_empty_v<T>) return std::type_identity<empty_codec<T>>{};
  else if constexpr (aggregate_fields<T>::writable) return std::type_identity<aggregate_codec<T>>{};
  else return std::type_identity<no_codec>{};
}

}  // namespace detail

template <class T, class Enable>
struct ndr_codec : decltype(detail::choose_codec<T>())::type {};

}  // namespace insula
