// SPDX-License-Identifier: MIT
//
// What a struct's raw pointers point at, said once, after its declaration, in its namespace:
//
//     struct block {
//       std::uint32_t count;
//       float* samples;
//       block* next;
//     };
//     INSULA_FIELDS(block, (count), (samples, size_is("count")), (next, one));
//
//   size_is("count")    as many elements as that integer field says, which is listed too; or
//   size_is(1)          the number of the field (the first is 1). Null stands for no elements. On
//                       the wire a unique pointer to a conformant array
//   one unique          one element, or null
//   ref                 one element, never null
//   full                one element, or null, shared with other full pointers (pointer_kinds.hpp)
//
// Only raw pointers need a word, and text and interface pointers need none; a field may also be of
// a type that says it: one<T>, ref_ptr<T>, full_ptr<T>. A raw pointer without a word is refused
// where the struct is used in an interface, because it would travel as one element whatever it
// points at. The memory is treated as that of any raw pointer: an array that a callee makes or
// replaces comes from CoTaskMemAlloc.
#pragma once

#include <insula/marshal/codec_string.hpp>
#include <insula/marshal/detail/aggregate_fields.hpp>
#include <insula/marshal/detail/for_each.hpp>
#include <insula/marshal/parameter_attributes.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <tuple>
#include <type_traits>

namespace insula::detail {

/// One item of INSULA_FIELDS.
template <class S, class F>
struct described_field {
  using field = F;
  F S::*pointer;
  std::string_view name;
  parameter_attributes said;
};

template <class S, class F, class... Part>
constexpr described_field<S, F> describe_field(F S::*pointer, const char* name, Part... parts) {
  parameter_attributes said;
  for (const attribute_part& part : {attribute_part{}, attribute_part(parts)...}) part.apply(said);
  return {pointer, name, said};
}

template <class... Field>
constexpr std::tuple<Field...> list_fields(int, Field... fields) {
  return {fields...};
}

/// A struct with INSULA_FIELDS.
template <class S>
concept fields_described = requires { insula_fields(std::type_identity<S>{}); };

template <class S>
inline constexpr auto described_fields = insula_fields(std::type_identity<S>{});

template <class S>
inline constexpr std::size_t described_count =
    std::tuple_size_v<std::remove_const_t<decltype(described_fields<S>)>>;

/// Memory where an S could be: only addresses in it are compared, at compile time.
template <class S>
union place_of_fields {
  char nothing;
  S value;
  constexpr place_of_fields() noexcept : nothing() {}
  constexpr ~place_of_fields() {}
};
template <class S>
inline constexpr place_of_fields<S> fields_lie_in{};

inline constexpr std::size_t no_field = static_cast<std::size_t>(-1);

/// Which field of S, in the order of declaration, item `Item` of its list is.
template <class S, std::size_t Item, std::size_t I = 0>
consteval std::size_t position_of_item() {
  using item = std::tuple_element_t<Item, std::remove_const_t<decltype(described_fields<S>)>>;
  if constexpr (I == field_count<S>) {
    return no_field;
  } else if constexpr (!std::is_same_v<std::remove_const_t<field_at<S, I>>,
                                       std::remove_const_t<typename item::field>>) {
    return position_of_item<S, Item, I + 1>();
  } else {
    const S& value = fields_lie_in<S>.value;
    auto fields = fields_of(value);
    const void* const here = std::addressof(boost::pfr::detail::sequence_tuple::get<I>(fields));
    const void* const wanted = std::addressof(value.*(std::get<Item>(described_fields<S>).pointer));
    if (here == wanted) return I;
    return position_of_item<S, Item, I + 1>();
  }
}

/// The item of S's list that describes field `I`, or no_field.
template <class S, std::size_t I, std::size_t Item = 0>
consteval std::size_t item_of_position() {
  if constexpr (!fields_described<S>) return no_field;
  else if constexpr (Item == described_count<S>) return no_field;
  else if constexpr (position_of_item<S, Item>() == I) return Item;
  else return item_of_position<S, I, Item + 1>();
}

/// The field that `to` names, or no_field.
template <class S, std::size_t Item = 0>
consteval std::size_t find_field(parameter_reference to) {
  if (to.name == nullptr)
    return to.number >= 1 && static_cast<std::size_t>(to.number) <= field_count<S>
               ? static_cast<std::size_t>(to.number) - 1
               : no_field;
  if constexpr (Item == described_count<S>) {
    return no_field;
  } else {
    if (std::get<Item>(described_fields<S>).name == to.name) return position_of_item<S, Item>();
    return find_field<S, Item + 1>(to);
  }
}

enum class field_role : std::uint8_t { plain, one, ref, full, sized };

/// What is said of field `I` of S.
template <class S, std::size_t I>
struct field_words {
  static constexpr parameter_attributes said = [] {
    constexpr std::size_t item = item_of_position<S, I>();
    if constexpr (item == no_field) return parameter_attributes{};
    else return std::get<item>(described_fields<S>).said;
  }();
  static constexpr field_role role = said.size_is.said()                ? field_role::sized
                                     : !said.one && !said.kind_said     ? field_role::plain
                                     : said.kind == pointer_kind::full  ? field_role::full
                                     : said.one || said.kind == pointer_kind::unique
                                         ? field_role::one
                                         : field_role::ref;
  static constexpr std::size_t count_field = [] {
    if constexpr (role == field_role::sized) return find_field<S>(said.size_is);
    else return no_field;
  }();
};

template <class S, std::size_t I>
consteval bool is_count_field() {
  if constexpr (I == no_field) return true;  // refused in other words
  else
    return std::is_integral_v<field_at<S, I>> &&
           !std::is_same_v<std::remove_cv_t<field_at<S, I>>, bool>;
}

/// Does not compile, with the reason, unless the words said of field `I` fit it.
template <class S, std::size_t I>
struct checked_field {
  using words = field_words<S, I>;
  using field = std::remove_cv_t<field_at<S, I>>;
  static constexpr parameter_attributes said = words::said;
  static constexpr bool sized = words::role == field_role::sized;
  static constexpr bool plain = words::role == field_role::plain;

  static_assert(!said.string && !said.bstr && !said.retval && !said.length_is.said() &&
                    !said.iid_is.said(),
                "Insula: of a field can be said: size_is, one, unique, ref or full");
  static_assert(plain || std::is_pointer_v<field>,
                "Insula: size_is, one, unique, ref and full are for raw pointers: this field is "
                "none");
  static_assert(!sized || words::count_field != no_field,
                "Insula: size_is names no field: list the field that holds the count too");
  static_assert(!sized || is_count_field<S, words::count_field>(),
                "Insula: size_is names a field that is no integer");
  static_assert(!sized || (!said.one && !said.kind_said),
                "Insula: a pointer that size_is describes is to an array: it is not one element");
  static_assert(sized || plain ||
                    !ndr_character<std::remove_cv_t<std::remove_pointer_t<field>>>,
                "Insula: a pointer to characters is text, which needs no word, or an array with "
                "size_is");
};

template <class S>
struct checked_fields {
  static_assert(plain_aggregate<S>,
                "Insula: INSULA_FIELDS is for plain structs (public fields, no base class)");
};

template <class S>
consteval bool check_fields() {
  (void)sizeof(checked_fields<S>);
  if constexpr (plain_aggregate<S>)
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      ((void)sizeof(checked_field<S, I>), ...);
    }(std::make_index_sequence<field_count<S>>{});
  return true;
}

}  // namespace insula::detail

/// Says of struct `S` what its raw pointers point at: one parenthesised item per field,
/// `(field, word...)`. Once per struct, at namespace scope, before anything else uses it.
#define INSULA_FIELDS(S, ...)                                                                      \
  [[maybe_unused]] constexpr auto insula_fields(::std::type_identity<S>) noexcept {                \
    using insula_struct = S;                                                                       \
    struct insula_words : ::insula::detail::attribute_words {                                      \
      static constexpr auto list() noexcept {                                                      \
        return ::insula::detail::list_fields(0 INSULA_EACH(INSULA_DESCRIBE_FIELD, __VA_ARGS__));   \
      }                                                                                            \
    };                                                                                             \
    return insula_words::list();                                                                   \
  }                                                                                                \
  static_assert(::insula::detail::check_fields<S>())

#define INSULA_DESCRIBE_FIELD(item) INSULA_DESCRIBE_FIELD_OF item
#define INSULA_DESCRIBE_FIELD_OF(field, ...)                                                       \
  , ::insula::detail::describe_field(&insula_struct::field, #field __VA_OPT__(, ) __VA_ARGS__)
