// SPDX-License-Identifier: MIT
//
// What every interface starts with, and how an interface gets its name.
//   IUnknown       identity, lifetime, other interfaces
//   INSULA_IID     gives an interface its id and says what it derives from
//   iid_of<I>()    the id of an interface, at compile time
//   base_of_t<I>   the interface it derives from
#pragma once

#include <insula/core/guid.hpp>
#include <insula/core/hresult.hpp>
#include <insula/core/types.hpp>

#include <type_traits>

namespace insula {

/// The root of all interfaces. Its table has three entries and no destructor, as COM lays it out
/// (Microsoft reference, "IUnknown (unknwn.h)"). An interface derives from one other interface,
/// adds pure virtual functions and no data.
struct IUnknown {
  /// `*out` becomes a counted pointer to the interface `iid` of this object, or null.
  /// Fails: E_NOINTERFACE, E_POINTER.
  virtual HRESULT QueryInterface(REFIID iid, void** out) = 0;
  /// One more reference. The result is for diagnostics.
  virtual ULONG AddRef() = 0;
  /// One reference less; the last one ends the object. The result is for diagnostics.
  virtual ULONG Release() = 0;

 protected:
  ~IUnknown() = default;
};

/// Names an interface: `INSULA_IID(IStack, IUnknown, "6f2…")`, after its declaration, in its own
/// namespace, without a semicolon. `Base` is what it derives from directly.
#define INSULA_IID(I, Base, text)                                                          \
  [[maybe_unused]] constexpr ::insula::GUID insula_iid(::std::type_identity<I>) noexcept { \
    return ::insula::guid(text);                                                           \
  }                                                                                        \
  [[maybe_unused]] constexpr ::std::type_identity<Base> insula_base(                       \
      ::std::type_identity<I>) noexcept {                                                  \
    return {};                                                                             \
  }                                                                                        \
  static_assert(::std::is_base_of_v<Base, I> && !::std::is_same_v<Base, I>,                \
                #I " does not derive from " #Base ", which INSULA_IID names as its base"); \
  static_assert(sizeof(I) == sizeof(void*), #I " holds data: an interface has only functions");

[[maybe_unused]] constexpr GUID insula_iid(std::type_identity<IUnknown>) noexcept {
  return guid("00000000-0000-0000-c000-000000000046");
}

/// True when INSULA_IID names exactly I. What I derives from does not count.
template <class I>
concept has_iid = requires {
  insula_iid(std::type_identity<I>{});
};

namespace detail {

template <class I>
consteval GUID checked_iid() {
  static_assert(has_iid<I>,
                "this interface has no id: put INSULA_IID(Interface, Base, \"...\") after its "
                "declaration (the id of its base is not its own)");
  if constexpr (has_iid<I>) return insula_iid(std::type_identity<I>{});
  else return GUID{};
}

}  // namespace detail

template <class I>
inline constexpr GUID iid_of_v = detail::checked_iid<I>();

/// The id of interface I.
template <class I>
constexpr const GUID& iid_of() noexcept {
  return iid_of_v<I>;
}

/// The interface that I derives from, as INSULA_IID said. IUnknown has none.
template <class I>
using base_of_t = typename decltype(insula_base(std::type_identity<I>{}))::type;

inline constexpr const IID& IID_IUnknown = iid_of_v<IUnknown>;

}  // namespace insula
