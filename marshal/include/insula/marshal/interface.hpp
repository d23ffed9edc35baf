// SPDX-License-Identifier: MIT
//
// An interface is described once, after its declaration, in its own namespace:
//
//     struct IStore : IUnknown {
//       virtual HRESULT Read(std::uint32_t capacity, std::byte* buffer, std::uint32_t* read) = 0;
//       virtual HRESULT Find(const char* word, ICallback* sink, IResult** result) = 0;
//       virtual std::vector<std::string> words(const std::string& prefix) = 0;
//     };
//     INSULA_INTERFACE(IStore, IUnknown, "c0ffee00-0000-4000-8000-000000000001",
//         (Read, in("capacity"), out("buffer", size_is("capacity"), length_is("read")),
//                out("read")),
//         (Find),
//         (words));
//
// From that come the interface id, the proxy, the stub, the names in errors and logs, and
// interface_info. All methods that the interface adds to its base are listed, in the order of their
// declaration; overloaded names cannot be. What is said of a parameter: parameter_attributes.hpp.
// What need not be said, for the C++ type says it:
//
//   T, const T&, T&&                   [in]
//   const Char*                        [in], text
//   std::span<const T>, string_view    [in]; may show the message itself to the callee
//   J* (an interface)                  [in]
//   J** (an interface)                 [out]
//   T&                                 [in,out]
//   T*, const T*                       nothing: it must be described, as one element or as many as
//                                      another parameter says
//
// Raw pointers in structs must be described too: struct_fields.hpp.
//
// A method that returns HRESULT reports by it; its [out]
// values travel with failures too, and an exception that leaves it becomes RPC_E_SERVERFAULT. Any
// other method returns its value and throws: the exception becomes the HRESULT that
// hresult_from_exception says, and at the caller the exception itself (in the same process) or
// com_error. What has no ndr_codec does not compile. A method whose callers see more than what
// travels has a call_as (call_as.hpp). The library's own interfaces are described in
// standard_interfaces.hpp.
//
// The namespace may be inline or unnamed. An instance of a template is described under an alias:
//
//     using INumberBox = IBox<int>;
//     INSULA_INTERFACE(INumberBox, IUnknown, "c0ffee00-0000-4000-8000-000000000002", (Put));
//
// An interface has no virtual destructor, for a table of COM has no place for one. The targets that
// CMake installs switch -Wnon-virtual-dtor off therefore (-Wdelete-non-virtual-dtor stays); who
// wants it on gives each interface a protected destructor: `protected: ~IStore() = default;`.
#pragma once

#include <insula/marshal/detail/for_each.hpp>
#include <insula/marshal/detail/typed_proxy.hpp>
#include <insula/marshal/interface_registration.hpp>
#include <insula/marshal/parameter_attributes.hpp>

#include <algorithm>
#include <new>
#include <string_view>
#include <type_traits>

namespace insula::detail {

template <class I, class Methods>
using tables_of =
    method_tables<I, Methods, std::make_index_sequence<static_cast<std::size_t>(Methods::size)>>;

template <class I>
interface_proxy_base* create_typed_proxy(IUnknown* outer) noexcept {
  return new (std::nothrow) typed_proxy<I>(outer);
}

template <class I>
constexpr const interface_marshaler* base_marshaler_of();

template <class I>
struct INSULA_MODULE_LOCAL marshaler_table {
  using tables = typename description_of<I>::tables;

  static constexpr interface_marshaler marshaler{&tables::info, base_marshaler_of<I>(),
                                                 &create_typed_proxy<I>, tables::server};
};

template <class I>
constexpr const interface_marshaler* base_marshaler_of() {
  if constexpr (std::is_same_v<base_of_t<I>, IUnknown>) return nullptr;
  else return &marshaler_table<base_of_t<I>>::marshaler;
}

/// Whether the text is a name, with its namespaces or without.
consteval bool is_name(std::string_view text) {
  return text.find_first_of("<>") == text.npos;
}

/// Whether the text is one with which another name can begin.
consteval bool is_plain_name(std::string_view text) {
  return is_name(text) && text.find(':') == text.npos;
}

/// Whether the text is a whole type, and not the part of one before a comma.
consteval bool is_type(std::string_view text) {
  return std::ranges::count(text, '<') == std::ranges::count(text, '>');
}

/// Whether the id of I is found from elsewhere (by argument-dependent lookup).
template <class I>
consteval bool is_found() {
  return requires { insula_iid(std::type_identity<I>{}); };
}

template <class I>
inline constexpr bool has_described_base =
    std::is_same_v<base_of_t<I>, IUnknown> || described<base_of_t<I>>;

/// Whether a pointer to the base tells where I is.
template <class I>
concept derives_plainly = requires(base_of_t<I>* base) { static_cast<I*>(base); };

template <class I>
consteval bool can_register() {
  if constexpr (!has_described_base<I>) return false;
  else if constexpr (!description_of<I>::tables::travels) return false;
  else return !std::is_abstract_v<typed_proxy<I>>;
}

/// Does not compile, with the reason, unless the description can be used.
template <class I, class... Method>
constexpr void check_description(type_list<Method...>) {
  static_assert(has_described_base<I>,
                "Insula: the base interface has no description: put INSULA_INTERFACE after it, "
                "include insula/marshal/standard_interfaces.hpp for one of Insula's own, or derive "
                "from IUnknown");
  static_assert(derives_plainly<I>,
                "Insula: an interface derives from its base once and not virtually, for a table of "
                "COM has one part after the other");
  (check_method<Method>(), ...);
  if constexpr (has_described_base<I> && (true && ... && method_travels<Method>()))
    static_assert(!std::is_abstract_v<typed_proxy<I>>,
                  "Insula: the description leaves out a method of the interface, or names the "
                  "wrong base: a proxy would be abstract");
}

template <class I, class... Method>
void require_slots(type_list<Method...>) noexcept {
  [[maybe_unused]] std::size_t position = 0;
  [[maybe_unused]] const auto require = [&](auto pointer) {
    require_slot(description_of<I>::tables::info, position++, &pointer, sizeof pointer);
  };
  (require(Method::pointer), ...);
}

/// The registration of interface I in this module.
template <class I>
class registered {
 public:
  registered() noexcept : registration_(marshaler()) {
    using methods = typename description_of<I>::methods;
    check_description<I>(methods{});
    if constexpr (can_register<I>()) require_slots<I>(methods{});
  }

 private:
  static const interface_marshaler* marshaler() noexcept {
    if constexpr (can_register<I>()) return &marshaler_table<I>::marshaler;
    else return nullptr;
  }
  interface_registration registration_;
};

}  // namespace insula::detail

/// Describes interface `I`, which derives from `Base`: id, then one parenthesised item per method,
/// `(Method, parameter...)`. Once per interface, at namespace scope.
#define INSULA_INTERFACE(I, Base, iid, ...)                                                        \
  static_assert(::insula::detail::is_name(#I) && ::insula::detail::is_type(#Base),                 \
                "Insula: describe an instance of a template under a name of its own, an alias "    \
                "(using INumberBox = IBox<int>): " #I " is no name, or " #Base " no type");        \
  INSULA_IID(I, Base, iid)                                                                         \
  INSULA_DESCRIBE(I, __VA_ARGS__)

/// The same for an interface that has its id from INSULA_IID, in the namespace of the interface.
#define INSULA_DESCRIBE(I, ...)                                                                    \
  static_assert(::insula::detail::is_found<I>() && ::insula::detail::is_plain_name(#I),            \
                "Insula: " #I " must be described in the namespace that declares it (an instance " \
                "of a template: in that of the template or of an argument), by a name without "    \
                "its namespace (what a class declares: under an alias)");                          \
  struct I##_description {                                                                         \
    using described_interface = I;                                                                 \
    static constexpr const char* name = #I;                                                        \
    INSULA_EACH(INSULA_DESCRIBE_METHOD, __VA_ARGS__)                                               \
    using methods =                                                                                \
        ::insula::detail::list_after<void INSULA_EACH(INSULA_METHOD_TYPE, __VA_ARGS__)>;           \
    using tables = ::insula::detail::tables_of<I, methods>;                                        \
  };                                                                                               \
  [[maybe_unused]] constexpr I##_description insula_description(                                   \
      ::std::type_identity<I>) noexcept {                                                          \
    return {};                                                                                     \
  }                                                                                                \
  [[gnu::visibility("hidden")]] inline const ::insula::detail::registered<I> insula_registered_##I

#define INSULA_METHOD_TYPE(item) , INSULA_METHOD_TYPE_OF item
#define INSULA_METHOD_TYPE_OF(method, ...) method_##method

#define INSULA_DESCRIBE_METHOD(item) INSULA_DESCRIBE_METHOD_OF item
#define INSULA_DESCRIBE_METHOD_OF(method, ...)                                                     \
  struct method_##method : ::insula::detail::attribute_words {                                     \
    using interface_type = described_interface;                                                    \
    static constexpr const char* name = #method;                                                   \
    template <class InsulaI, class = void>                                                         \
    struct insula_found {                                                                          \
      static constexpr ::insula::detail::no_such_method value{};                                   \
    };                                                                                             \
    template <class InsulaI>                                                                       \
    struct insula_found<InsulaI, ::std::void_t<decltype(&InsulaI::method)>> {                      \
      static constexpr auto value = &InsulaI::method;                                              \
    };                                                                                             \
    static constexpr auto pointer = insula_found<described_interface>::value;                      \
    static constexpr ::insula::detail::attribute_list attributes{__VA_ARGS__};                     \
    template <class InsulaNext, class InsulaFunction>                                              \
    struct insula_layer;                                                                           \
    template <class InsulaNext, class InsulaR, class... InsulaP, bool InsulaN>                     \
    struct insula_layer<InsulaNext, InsulaR(InsulaP...) noexcept(InsulaN)> : InsulaNext {          \
      [[gnu::cold]] InsulaR method(InsulaP... insula_p) noexcept(InsulaN) override {               \
        return ::insula::detail::call_layer<method_##method, InsulaR>(*this, insula_p...);         \
      }                                                                                            \
                                                                                                   \
     protected:                                                                                    \
      ~insula_layer() = default;                                                                   \
    };                                                                                             \
    template <class InsulaNext, class InsulaR, class... InsulaP, bool InsulaN>                     \
    struct insula_layer<InsulaNext, InsulaR(InsulaP...) const noexcept(InsulaN)> : InsulaNext {    \
      [[gnu::cold]] InsulaR method(InsulaP... insula_p) const noexcept(InsulaN) override {         \
        return ::insula::detail::call_layer<method_##method, InsulaR>(*this, insula_p...);         \
      }                                                                                            \
                                                                                                   \
     protected:                                                                                    \
      ~insula_layer() = default;                                                                   \
    };                                                                                             \
  };
