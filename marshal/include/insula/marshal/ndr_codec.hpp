// SPDX-License-Identifier: MIT
//
// How a C++ type travels, and which types can.
//   ndr_codec<T>       writes and reads a T; specialise it for a type of your own
//   ndr_parts<T...>    the types that a codec leans on
//   marshalable<T>     true when T and everything in it has a codec
//   ndr_culprit_t<T>   the type that has none
//   ndr_in_only<T>     true when T can be an argument, not a result
#pragma once

#include <insula/marshal/ndr_error.hpp>
#include <insula/marshal/ndr_reader.hpp>
#include <insula/marshal/ndr_writer.hpp>

#include <cstddef>
#include <type_traits>

namespace insula {

/// How a C++ type travels: one specialisation per type or family of types.
///
/// A specialisation for `T` has
///
///     using parts = ndr_parts<...>;                // types inside T; may be left out for none
///     static constexpr std::size_t alignment;      // NDR alignment of the flat part: 1, 2, 4, 8
///     static constexpr std::size_t min_size;       // least bytes the flat part takes (>= 1)
///     static constexpr std::size_t fixed_size;     // exact bytes of the flat part, from its own
///                                                  //   alignment on, when that never varies and
///                                                  //   there is no deferred part; else 0
///     static constexpr bool has_deferred;          // pointees follow the construct that holds it
///     static constexpr bool blittable;             // memory image == little-endian wire image,
///                                                  //   and every image is a valid T
///     static constexpr bool in_only = true;        // a view: not for results; may be left out
///     static void write(ndr_writer&, const T&);            // flat part
///     static void write_deferred(ndr_writer&, const T&);   // pointees, in order; if has_deferred
///     static void read(ndr_reader&, T&);                   // into a default-constructed T
///     static void read_deferred(ndr_reader&, T&);          // of the same object
///     static void free(T&) noexcept;               // task memory and raw interface pointers that
///                                                  //   a T filled by `read` (task memory) or by a
///                                                  //   callee owns; a type that cleans up after
///                                                  //   itself: nothing
///
/// Flat parts and deferred parts go in the same order, the flat part of the whole construct first
/// (C706, 14.3.12). Types without a codec of their own are aggregates, written field by field
/// (codec_aggregate.hpp), or refused at compile time: see `marshalable`.
template <class T, class Enable = void>
struct ndr_codec;

template <class... T>
struct ndr_parts {};

namespace detail {

// Asks for a function, for asking for a constant may compute it, from types that have no codec.
template <class T>
concept has_codec = requires {
  &ndr_codec<T>::read;
};

template <class T>
struct codec_parts {
  using type = ndr_parts<>;
};
template <class T>
  requires requires { typename ndr_codec<T>::parts; }
struct codec_parts<T> {
  using type = typename ndr_codec<T>::parts;
};

template <class T, class... Seen>
struct culprit;

template <class Parts, class... Seen>
struct culprit_among {
  using type = void;
};
template <class First, class... Rest, class... Seen>
struct culprit_among<ndr_parts<First, Rest...>, Seen...> {
  using first = typename culprit<std::remove_cv_t<First>, Seen...>::type;
  using type =
      typename std::conditional_t<std::is_void_v<first>, culprit_among<ndr_parts<Rest...>, Seen...>,
                                  std::type_identity<first>>::type;
};

// A type met again inside itself (a tree, a list) is judged where it was met first.
template <class T, class... Seen>
struct culprit {
  static consteval auto find() {
    if constexpr ((std::is_same_v<T, Seen> || ...)) return std::type_identity<void>{};
    else if constexpr (!has_codec<T>) return std::type_identity<T>{};
    else return culprit_among<typename codec_parts<T>::type, T, Seen...>{};
  }
  using type = typename decltype(find())::type;
};

template <class T>
consteval bool codec_in_only() {
  if constexpr (requires { ndr_codec<T>::in_only; }) return ndr_codec<T>::in_only;
  else return false;
}

template <class T, class... Seen>
consteval bool holds_in_only();

template <class... Seen, class... Parts>
consteval bool any_in_only(ndr_parts<Parts...>) {
  return (holds_in_only<std::remove_cv_t<Parts>, Seen...>() || ...);
}

template <class T, class... Seen>
consteval bool holds_in_only() {
  if constexpr ((std::is_same_v<T, Seen> || ...)) return false;
  else if constexpr (codec_in_only<T>()) return true;
  else return any_in_only<T, Seen...>(typename codec_parts<T>::type{});
}

}  // namespace detail

/// The innermost type without a codec that keeps T from travelling, or void when there is none.
/// (void itself and functions have no codec: as a pointee they show up as the pointer.)
template <class T>
using ndr_culprit_t = typename detail::culprit<std::remove_cv_t<T>>::type;

/// True when a codec for T exists, and for everything that T is made of.
template <class T>
concept marshalable = std::is_void_v<ndr_culprit_t<T>>;

/// True for a marshalable T that is a view of somebody's memory, or holds one: fine for [in].
template <class T>
inline constexpr bool ndr_in_only = detail::holds_in_only<std::remove_cv_t<T>>();

namespace detail {

// Of one part among several: a codec without deferred parts need not have these functions.
template <class T>
void write_deferred_part(ndr_writer& writer, const T& value) {
  if constexpr (ndr_codec<T>::has_deferred) ndr_codec<T>::write_deferred(writer, value);
}
template <class T>
void read_deferred_part(ndr_reader& reader, T& value) {
  if constexpr (ndr_codec<T>::has_deferred) ndr_codec<T>::read_deferred(reader, value);
}

}  // namespace detail
}  // namespace insula
