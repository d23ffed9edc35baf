// SPDX-License-Identifier: MIT
//
// The words of an interface description (interface.hpp), one item per parameter; some serve fields
// of structs too (struct_fields.hpp):
//
//   in out in_out           which way the value travels; `in("name", ...)` names the parameter
//   retval                  an [out] parameter that other languages see as the result
//   size_is("n"), size_is(2)
//                           the pointer is to an array of as many elements as that parameter
//                           says (a name, or the parameter's number; the first is 1). When that
//                           parameter is [out], this one is a T** and the callee makes the array
//                           with CoTaskMemAlloc
//   length_is("n")          of which so many elements travel
//   string                  characters up to the terminator, which lies in the buffer (size_is):
//                           a buffer without an element is refused
//   bstr                    the char16_t pointer is a BSTR
//   ref unique full         the pointer is never null (what it is when nothing is said), may be
//                           null (an [out] one too), may be null and shares its pointee with other
//                           full pointers
//   one                     one element: what a described pointer without size_is is to, said aloud
//   iid_is("iid")           the void or IUnknown pointer is to the interface that the (earlier)
//                           parameter names
//
// To C++ a parameter `int x[3]` is an `int*`: without size_is(3) one element travels. A reference,
// `const int (&x)[3]`, and std::array say their size themselves.
#pragma once

#include <insula/marshal/interface_info.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace insula {

enum class pointer_kind : std::uint8_t { ref, unique, full };

namespace detail {

struct parameter_reference {
  const char* name = nullptr;
  int number = 0;
  [[nodiscard]] constexpr bool said() const { return name != nullptr || number != 0; }
};

struct parameter_attributes {
  direction way = direction::unsaid;
  pointer_kind kind = pointer_kind::ref;
  bool retval = false;
  bool string = false;
  bool bstr = false;
  bool one = false;
  bool kind_said = false;
  const char* name = "";
  parameter_reference size_is;
  parameter_reference length_is;
  parameter_reference iid_is;
};

struct attribute_part {
  enum class what : std::uint8_t {
    nothing, name, retval, string, bstr, one, ref, unique, full, size_is, length_is, iid_is
  };
  what is = what::nothing;
  parameter_reference to;

  constexpr attribute_part() = default;
  constexpr attribute_part(const char* name) : is(what::name), to{name, 0} {}
  constexpr explicit attribute_part(what w, parameter_reference r = {}) : is(w), to(r) {}

  constexpr void apply(parameter_attributes& all) const {
    switch (is) {
      case what::nothing: break;
      case what::name: all.name = to.name; break;
      case what::retval: all.retval = true; break;
      case what::string: all.string = true; break;
      case what::bstr: all.bstr = true; break;
      case what::one: all.one = true; break;
      case what::ref: say(all, pointer_kind::ref); break;
      case what::unique: say(all, pointer_kind::unique); break;
      case what::full: say(all, pointer_kind::full); break;
      case what::size_is: all.size_is = to; break;
      case what::length_is: all.length_is = to; break;
      case what::iid_is: all.iid_is = to; break;
    }
  }

 private:
  static constexpr void say(parameter_attributes& all, pointer_kind kind) {
    all.kind = kind;
    all.kind_said = true;
  }
};

struct direction_word {
  direction way;
  using part = attribute_part;

  constexpr parameter_attributes operator()(part a = {}, part b = {}, part c = {}, part d = {},
                                            part e = {}, part f = {}) const {
    parameter_attributes all;
    all.way = way;
    for (const part& one : {a, b, c, d, e, f}) one.apply(all);
    return all;
  }
  constexpr operator parameter_attributes() const { return (*this)(); }
};

struct reference_word {
  attribute_part::what is;
  constexpr attribute_part operator()(const char* name) const {
    return attribute_part(is, {name, 0});
  }
  constexpr attribute_part operator()(int number) const {
    return attribute_part(is, {nullptr, number});
  }
};

/// What a method's description derives from, so that the words are found there and nowhere else.
struct attribute_words {
  static constexpr direction_word in{direction::in};
  static constexpr direction_word out{direction::out};
  static constexpr direction_word in_out{direction::in_out};
  static constexpr attribute_part retval{attribute_part::what::retval};
  static constexpr attribute_part string{attribute_part::what::string};
  static constexpr attribute_part bstr{attribute_part::what::bstr};
  static constexpr attribute_part one{attribute_part::what::one};
  static constexpr attribute_part ref{attribute_part::what::ref};
  static constexpr attribute_part unique{attribute_part::what::unique};
  static constexpr attribute_part full{attribute_part::what::full};
  static constexpr reference_word size_is{attribute_part::what::size_is};
  static constexpr reference_word length_is{attribute_part::what::length_is};
  static constexpr reference_word iid_is{attribute_part::what::iid_is};
};

/// The items of one method.
template <std::size_t Count>
struct attribute_list {
  static constexpr int count = static_cast<int>(Count);
  parameter_attributes items[Count + 1];

  template <class... Item>
  constexpr attribute_list(const Item&... all) : items{all..., {}} {}

  /// Index of the parameter that `to` names among `parameters`, or -1.
  [[nodiscard]] constexpr int find(parameter_reference to, int parameters) const {
    if (to.name == nullptr) return to.number >= 1 && to.number <= parameters ? to.number - 1 : -1;
    for (int i = 0; i < count && i < parameters; ++i)
      if (std::string_view(items[i].name) == to.name) return i;
    return -1;
  }
};
template <class... Item>
attribute_list(const Item&...) -> attribute_list<sizeof...(Item)>;

}  // namespace detail
}  // namespace insula
