// SPDX-License-Identifier: MIT
#include "interface_registry.hpp"

#include <insula/marshal/standard_interfaces.hpp>

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <string_view>

namespace insula {

namespace {

// The same interface may be written with its namespace in one place and without in another.
std::string_view unqualified(std::string_view name) noexcept {
  const std::size_t colon = name.rfind(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

/// Two interfaces under one id would get each other's proxies, and calls would land anywhere.
void require_same_interface(const interface_info& known, const interface_info& added) noexcept {
  const auto named = [](const method_info& method) { return std::string_view(method.name); };
  if (unqualified(known.name) == unqualified(added.name) &&
      std::ranges::equal(known.methods, added.methods, {}, named, named))
    return;
  const GUID& id = added.iid;
  std::fprintf(stderr,
               "insula: %s (%zu methods) is described with the id of %s (%zu methods), "
               "%08" PRIx32 "-%04x-%04x-...: give each interface an id of its own\n",
               added.name, added.methods.size(), known.name, known.methods.size(), id.Data1,
               static_cast<unsigned>(id.Data2), static_cast<unsigned>(id.Data3));
  std::abort();
}

}  // namespace

interface_registry& interface_registry::instance() noexcept {
  static interface_registry& all = *new interface_registry;
  return all;
}

void interface_registry::add(interface_registration& one) {
  const std::unique_lock lock(mutex_);
  interface_registration** at = &first_[one.marshaler_->info->iid];
  if (*at != nullptr) require_same_interface(*(*at)->marshaler_->info, *one.marshaler_->info);
  while (*at != nullptr) at = &(*at)->next_;
  *at = &one;
}

void interface_registry::remove(interface_registration& one) noexcept {
  const std::unique_lock lock(mutex_);
  const auto found = first_.find(one.marshaler_->info->iid);
  if (found == first_.end()) return;
  for (interface_registration** at = &found->second; *at != nullptr; at = &(*at)->next_) {
    if (*at != &one) continue;
    *at = one.next_;
    break;
  }
  if (found->second == nullptr) first_.erase(found);
}

const interface_marshaler* interface_registry::find(REFIID iid) noexcept {
  const std::shared_lock lock(mutex_);
  const auto found = first_.find(iid);
  return found == first_.end() ? nullptr : found->second->marshaler_;
}

const interface_marshaler* interface_registry::try_find(REFIID iid) noexcept {
  const std::shared_lock lock(mutex_, std::try_to_lock);
  if (!lock) return nullptr;
  const auto found = first_.find(iid);
  return found == first_.end() ? nullptr : found->second->marshaler_;
}

interface_registration::interface_registration(const interface_marshaler* marshaler) noexcept
    : marshaler_(marshaler) {
  if (marshaler_ != nullptr) interface_registry::instance().add(*this);
}

interface_registration::~interface_registration() {
  if (marshaler_ != nullptr) interface_registry::instance().remove(*this);
}

const interface_marshaler* find_interface_marshaler(REFIID iid) noexcept {
  return interface_registry::instance().find(iid);
}

const detail::server_method* interface_marshaler::method(std::uint32_t slot) const noexcept {
  for (const interface_marshaler* one = this; one != nullptr; one = one->base) {
    const std::uint32_t first = one->info->first_slot();
    if (slot >= first)
      return slot - first < one->methods.size() ? &one->methods[slot - first] : nullptr;
  }
  return nullptr;
}

namespace detail {

void require_slot(const interface_info& info, std::size_t position, const void* pointer,
                  std::size_t size) noexcept {
  struct {
    std::uintptr_t function;
    std::ptrdiff_t adjustment;
  } image{};
  const std::size_t slot = info.first_slot() + position;
  const char* name = info.methods[position].name;
  if (size == sizeof image) std::memcpy(&image, pointer, size);

  // A virtual function is marked by the lowest bit of one of the two words, which one depends on
  // the processor; the other bits say where the object's table has it.
#if defined(__arm__) || defined(__aarch64__)
  const bool is_virtual = (image.adjustment & 1) != 0;
  const std::size_t found = image.function / sizeof(void*);
#else
  const bool is_virtual = (image.function & 1) != 0;
  const std::size_t found = (image.function - 1) / sizeof(void*);
#endif
  if (size == sizeof image && is_virtual && found == slot) return;
  if (is_virtual)
    std::fprintf(stderr,
                 "insula: the description of %s has %s in entry %zu of the table of functions, the "
                 "interface has it in entry %zu: list the methods in the order of their "
                 "declaration, all of them\n",
                 info.name, name, slot, found);
  else
    std::fprintf(stderr, "insula: the description of %s names %s, which is not virtual\n",
                 info.name, name);
  std::abort();
}

}  // namespace detail
}  // namespace insula
