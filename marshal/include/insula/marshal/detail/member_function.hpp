// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

namespace insula::detail {

/// What the description has instead of a pointer where a name stands for no method, or for several.
struct no_such_method {};

/// Taken apart: `function` keeps const and noexcept. What is no method has neither.
template <class Pointer>
struct member_function {
  using owner = void;
  using function = void;
};
template <class Function, class Class>
struct member_function<Function Class::*> {
  using owner = Class;
  using function = Function;
};

template <class... T>
struct type_list {
  static constexpr int size = static_cast<int>(sizeof...(T));
};

template <class... T>
struct list_after_first;
template <class First, class... Rest>
struct list_after_first<First, Rest...> {
  using type = type_list<Rest...>;
};
/// All but the first: macros can put a comma before each item, not between them.
template <class... T>
using list_after = typename list_after_first<T...>::type;

template <int Index, class... T>
struct type_at;
template <int Index, class First, class... Rest>
struct type_at<Index, First, Rest...> : type_at<Index - 1, Rest...> {};
template <class First, class... Rest>
struct type_at<0, First, Rest...> {
  using type = First;
};

/// Only what a proxy can override: no reference qualifiers, no volatile, no C variadics.
template <class Function>
struct function_signature {
  static constexpr bool known = false;
};
template <class R, class... P, bool NoExcept>
struct function_signature<R(P...) noexcept(NoExcept)> {
  static constexpr bool known = true;
  static constexpr bool is_noexcept = NoExcept;
  using result = R;
  using parameters = type_list<P...>;
  using plain = R(P...);
  template <int Index>
  using parameter = typename type_at<Index, P...>::type;
};
template <class R, class... P, bool NoExcept>
struct function_signature<R(P...) const noexcept(NoExcept)>
    : function_signature<R(P...) noexcept(NoExcept)> {};

}  // namespace insula::detail
