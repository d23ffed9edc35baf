// SPDX-License-Identifier: MIT
//
// What a description turns into: tables of constants, one set per interface and module.
#pragma once

#include <insula/marshal/detail/client_method.hpp>
#include <insula/marshal/detail/method_check.hpp>
#include <insula/marshal/detail/server_method.hpp>
#include <insula/marshal/interface_info.hpp>

#include <array>
#include <cstring>
#include <type_traits>
#include <utility>

// A module must be able to unload: its tables are its own. (Visible ones would be shared by name
// with other modules, which pins the first module that has them.)
#define INSULA_MODULE_LOCAL [[gnu::visibility("hidden")]]

namespace insula::detail {

/// An interface with INSULA_INTERFACE.
template <class I>
concept described = requires { insula_description(std::type_identity<I>{}); };

template <class I>
using description_of = decltype(insula_description(std::type_identity<I>{}));

template <class I>
consteval std::uint32_t first_slot_of() {
  if constexpr (std::is_same_v<I, IUnknown>) return 0;
  else if constexpr (std::is_same_v<base_of_t<I>, IUnknown>) return 3;
  else
    return first_slot_of<base_of_t<I>>() +
           static_cast<std::uint32_t>(description_of<base_of_t<I>>::methods::size);
}

template <class Method, int Index>
constexpr parameter_info info_of_parameter() {
  constexpr direction way = way_of<Method, Index>();
  if constexpr (Index >= Method::attributes.count) {
    return {"", way, false};
  } else {
    constexpr const parameter_attributes& said = Method::attributes.items[Index];
    return {said.name, way, said.retval};
  }
}

template <class Method, class Index>
struct INSULA_MODULE_LOCAL parameter_table;
template <class Method, int... Index>
struct INSULA_MODULE_LOCAL parameter_table<Method, std::integer_sequence<int, Index...>> {
  static constexpr parameter_info all[] = {info_of_parameter<Method, Index>()...,
                                           parameter_info{"", direction::in, false}};
  static constexpr std::span<const parameter_info> span{all, sizeof...(Index)};
};

template <class Method>
using parameter_table_of =
    parameter_table<Method,
                    std::make_integer_sequence<int, signature_of<Method>::parameters::size>>;

template <class I>
constexpr const interface_info* base_info_of() {
  if constexpr (std::is_same_v<base_of_t<I>, IUnknown>) return nullptr;
  else return &description_of<base_of_t<I>>::tables::info;
}

template <class I, class Methods, class Index>
struct INSULA_MODULE_LOCAL method_tables;

template <class I, class... Method, std::size_t... Index>
struct INSULA_MODULE_LOCAL
    method_tables<I, type_list<Method...>, std::index_sequence<Index...>> {
  /// Whether all methods can be marshaled; if not, nothing else of this may be used.
  static constexpr bool travels = (true && ... && method_travels<Method>());
  static constexpr std::uint32_t first = first_slot_of<I>();

  static constexpr std::array<method_info, sizeof...(Method)> infos{
      method_info{Method::name, first + static_cast<std::uint32_t>(Index),
                  parameter_table_of<Method>::span,
                  std::is_same_v<typename signature_of<Method>::result, HRESULT>}...};

  static constexpr interface_info info{iid_of<I>(), description_of<I>::name, base_info_of<I>(),
                                       infos};

  template <class M, std::size_t N>
  static constexpr client_method client_entry{
      &info,
      &infos[N],
      client_functions_of<M>::request_size,
      client_functions_of<M>::asked_again,
      &client_functions_of<M>::null_reference,
      &client_functions_of<M>::write_request,
      &client_functions_of<M>::read_reply,
      &client_functions_of<M>::clear,
  };
  static constexpr std::array<client_method, sizeof...(Method)> client{
      client_entry<Method, Index>...};

  template <class M, std::size_t N>
  static constexpr server_method server_entry{
      &info,
      &infos[N],
      server_functions_of<M>::reply_size,
      {&server_functions_of<M>::read_request, &server_functions_of<M>::call,
       &server_functions_of<M>::write_reply, &server_functions_of<M>::free_results},
      &server_functions_of<M>::serve,
  };
  static constexpr std::array<server_method, sizeof...(Method)> server{
      server_entry<Method, Index>...};

  /// Calls `visit.operator()<Method>(index)` for each.
  template <class Visit>
  static void for_each(Visit visit) {
    (visit.template operator()<Method>(Index), ...);
  }

  /// Index of Method in the interface's own list.
  template <class M>
  static consteval std::size_t index_of() {
    std::size_t found = 0;
    (void)(... || (std::is_same_v<M, Method> || (++found, false)));
    return found;
  }
};

}  // namespace insula::detail
