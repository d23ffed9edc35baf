// SPDX-License-Identifier: MIT
//
// std::map, std::set, their multi and unordered forms: as a std::vector of their elements would
// travel (codec_container.hpp), a map's element as a std::pair. In the container's own order.
// Refused on reading: one key twice in a container that holds each once.
#pragma once

#include <insula/marshal/codec_container.hpp>
#include <insula/marshal/codec_tuple.hpp>
#include <insula/marshal/ndr_array.hpp>
#include <insula/marshal/ndr_codec.hpp>
#include <insula/marshal/pointee_sweep.hpp>

#include <cstddef>
#include <map>
#include <memory>
#include <set>
#include <type_traits>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace insula {

namespace detail {

enum class keys { once, many };

// `Element` is what is read before it is put in: a key, or a pair whose key is not yet const.
template <class Container, class Element, keys Keys>
struct associative_codec : container_codec<Element> {
  using in_place_codec = ndr_codec<typename Container::value_type>;

  static void write(ndr_writer& writer, const Container&) {
    writer.primitive(writer.next_referent());
  }
  static void write_deferred(ndr_writer& writer, const Container& value) {
    const ndr_writer::nesting inside(writer);
    writer.count(value.size());
    writer.align(in_place_codec::alignment);
    for (const auto& one : value)
      in_place_codec::write(writer, one);
    if constexpr (in_place_codec::has_deferred)
      for (const auto& one : value)
        in_place_codec::write_deferred(writer, one);
  }

  static void read(ndr_reader& reader, Container&) { read_reference(reader); }
  static void read_deferred(ndr_reader& reader, Container& value) {
    const ndr_reader::nesting inside(reader);
    const std::size_t count = reader.count(ndr_codec<Element>::min_size);
    // A key goes in only when it is complete, which its pointees may come late for.
    const auto elements = std::make_unique<Element[]>(count);
    read_elements(reader, elements.get(), count);
    read_elements_deferred(reader, elements.get(), count);
    for (std::size_t i = 0; i != count; ++i)
      value.insert(std::move(elements[i]));
    if (Keys == keys::once && value.size() != count) ndr_reader::bad_data();
  }

  static void free(Container& value) noexcept {
    if constexpr (ndr_codec<Element>::has_deferred) {
      const pointee_sweep together;
      while (!value.empty()) {
        auto node = value.extract(value.begin());
        if constexpr (requires { node.mapped(); }) {
          free_one(node.key());
          free_one(node.mapped());
        } else {
          free_one(node.value());
        }
      }
    }
  }

 private:
  template <class T>
  static void free_one(T& value) noexcept {
    ndr_codec<T>::free(value);
  }
};

}  // namespace detail

template <class K, class V, class... More>
struct ndr_codec<std::map<K, V, More...>>
    : detail::associative_codec<std::map<K, V, More...>, std::pair<K, V>, detail::keys::once> {};
template <class K, class V, class... More>
struct ndr_codec<std::multimap<K, V, More...>>
    : detail::associative_codec<std::multimap<K, V, More...>, std::pair<K, V>, detail::keys::many> {
};
template <class K, class V, class... More>
struct ndr_codec<std::unordered_map<K, V, More...>>
    : detail::associative_codec<std::unordered_map<K, V, More...>, std::pair<K, V>,
                                detail::keys::once> {};
template <class K, class V, class... More>
struct ndr_codec<std::unordered_multimap<K, V, More...>>
    : detail::associative_codec<std::unordered_multimap<K, V, More...>, std::pair<K, V>,
                                detail::keys::many> {};

template <class K, class... More>
struct ndr_codec<std::set<K, More...>>
    : detail::associative_codec<std::set<K, More...>, K, detail::keys::once> {};
template <class K, class... More>
struct ndr_codec<std::multiset<K, More...>>
    : detail::associative_codec<std::multiset<K, More...>, K, detail::keys::many> {};
template <class K, class... More>
struct ndr_codec<std::unordered_set<K, More...>>
    : detail::associative_codec<std::unordered_set<K, More...>, K, detail::keys::once> {};
template <class K, class... More>
struct ndr_codec<std::unordered_multiset<K, More...>>
    : detail::associative_codec<std::unordered_multiset<K, More...>, K, detail::keys::many> {};

}  // namespace insula
