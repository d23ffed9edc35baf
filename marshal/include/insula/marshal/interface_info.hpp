// SPDX-License-Identifier: MIT
//
// What is known of an interface at run time: names for logs and errors, methods by slot.
//   interface_info, method_info, parameter_info    one described interface
//   find_interface_info                            by id
//   interface_name                                 for sentences
#pragma once

#include <insula/core/unknown.hpp>

#include <cstdint>
#include <span>
#include <string>

namespace insula {

/// Where a parameter's value travels. `unsaid`: neither the C++ type nor the description tells.
enum class direction : std::uint8_t { unsaid, in, out, in_out };

struct parameter_info {
  const char* name;  // empty when the description gives none
  direction way;
  bool is_retval;
};

struct method_info {
  const char* name;
  /// Entry in the interface's table of functions; QueryInterface is 0. RPCOLEMESSAGE::iMethod.
  std::uint32_t slot;
  std::span<const parameter_info> parameters;
  /// False for a method that returns a value (or nothing) and throws.
  bool returns_hresult;
};

struct interface_info {
  IID iid;
  const char* name;
  /// Null when the base is IUnknown.
  const interface_info* base;
  /// Those that the interface adds to its base, in table order.
  std::span<const method_info> methods;

  /// Slot of the first method that is not the base's.
  [[nodiscard]] std::uint32_t first_slot() const noexcept {
    return base == nullptr ? 3 : base->end_slot();
  }
  [[nodiscard]] std::uint32_t end_slot() const noexcept {
    return first_slot() + static_cast<std::uint32_t>(methods.size());
  }
  /// The method in this slot, own or inherited; null for the three of IUnknown and past the end.
  [[nodiscard]] const method_info* method(std::uint32_t slot) const noexcept;
  /// True for its own id, those of the interfaces it derives from, and IUnknown's.
  [[nodiscard]] bool derives_from(REFIID other) const noexcept;
};

/// The description of `iid` in this process, or null. It lives as long as the module that has it.
/// From: any thread, before main too.
[[nodiscard]] const interface_info* find_interface_info(REFIID iid) noexcept;

/// The name of a described interface, or "IUnknown", or the id as text.
[[nodiscard]] std::string interface_name(REFIID iid);

/// "IStore::Read", or "IStore, method 7" when there is no such method.
[[nodiscard]] std::string method_name(const interface_info& interface, std::uint32_t slot);

}  // namespace insula
