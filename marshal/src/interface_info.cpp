// SPDX-License-Identifier: MIT
#include <insula/marshal/interface_info.hpp>
#include <insula/marshal/try_interface_info.hpp>

#include "interface_registry.hpp"

namespace insula {

const method_info* interface_info::method(std::uint32_t slot) const noexcept {
  for (const interface_info* one = this; one != nullptr; one = one->base) {
    const std::uint32_t first = one->first_slot();
    if (slot >= first)
      return slot - first < one->methods.size() ? &one->methods[slot - first] : nullptr;
  }
  return nullptr;
}

bool interface_info::derives_from(REFIID other) const noexcept {
  for (const interface_info* one = this; one != nullptr; one = one->base)
    if (one->iid == other) return true;
  return other == iid_of<IUnknown>();
}

const interface_info* find_interface_info(REFIID iid) noexcept {
  const interface_marshaler* found = find_interface_marshaler(iid);
  return found == nullptr ? nullptr : found->info;
}

const interface_info* try_find_interface_info(REFIID iid) noexcept {
  const interface_marshaler* found = interface_registry::instance().try_find(iid);
  return found == nullptr ? nullptr : found->info;
}

std::string interface_name(REFIID iid) {
  if (const interface_info* found = find_interface_info(iid)) return found->name;
  return iid == iid_of<IUnknown>() ? std::string("IUnknown") : to_string(iid);
}

std::string method_name(const interface_info& interface, std::uint32_t slot) {
  constexpr const char* inherited[] = {"QueryInterface", "AddRef", "Release"};
  std::string text = interface.name;
  if (slot < std::size(inherited)) return text + "::" + inherited[slot];
  const method_info* found = interface.method(slot);
  if (found == nullptr) return text + ", method " + std::to_string(slot);
  return text + "::" + found->name;
}

}  // namespace insula
