// SPDX-License-Identifier: MIT
#include "library_copies.hpp"

#include "apartment_core.hpp"

#include <insula/core/log.hpp>
#include <insula/core/printable.hpp>

#include <link.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <exception>
#include <string_view>
#include <utility>

namespace insula {

/// The same for parts of modules that share one copy: where symbols are exported, those of the
/// module that was loaded first stand for all.
extern const char library_identity;
const char library_identity = 0;

namespace {

/// What a copy tells others, of whatever version: only ever extended at the end.
struct copy_record {
  const void* identity;
  /// Writes what the apartment of the calling thread is called; gives the length, 0 for none.
  std::size_t (*describe)(char* out, std::size_t room) noexcept;
};

std::size_t describe_here(char* out, std::size_t room) noexcept {
  const apartment_core* const here = current_apartment();
  if (here == nullptr) return 0;
  try {
    const std::string text = here->description();
    const std::size_t length = std::min(text.size(), room);
    std::memcpy(out, text.data(), length);
    return length;
  } catch (const std::exception&) {
    return 0;
  }
}

}  // namespace
}  // namespace insula

// Each module that has a copy carries a note, and it leads to the copy's record. A note is found
// although the module hides its symbols, and leaves nothing behind when the module goes.
extern "C" {
__attribute__((visibility("hidden"))) extern const insula::copy_record insula_copy_record;
__attribute__((used)) const insula::copy_record insula_copy_record = {&insula::library_identity,
                                                                      &insula::describe_here};
}
__asm__(
    ".pushsection .note.insula,\"a\",%note\n"
    ".balign 4\n"
    ".long 7\n"  // length of the name
    ".long 4\n"  // length of what follows it
    ".long 1\n"
    ".asciz \"Insula\"\n"
    ".balign 4\n"
    ".long insula_copy_record - .\n"
    ".popsection\n");

namespace insula {
namespace {

std::size_t aligned(std::size_t size, std::size_t to) noexcept { return (size + to - 1) / to * to; }

/// The record that the notes in `segment` lead to, or null.
const copy_record* record_in(const char* segment, std::size_t size,
                             std::size_t alignment) noexcept {
  constexpr std::string_view name("Insula", 7);
  const std::size_t to = alignment == 8 ? 8 : 4;
  while (size >= sizeof(ElfW(Nhdr))) {
    ElfW(Nhdr) head;
    std::memcpy(&head, segment, sizeof head);
    const std::size_t contents = sizeof head + aligned(head.n_namesz, to);
    const std::size_t whole = aligned(contents + head.n_descsz, to);
    if (head.n_namesz == name.size() && head.n_descsz == sizeof(std::int32_t) &&
        contents + head.n_descsz <= size &&
        std::string_view(segment + sizeof head, name.size()) == name) {
      std::int32_t distance = 0;
      std::memcpy(&distance, segment + contents, sizeof distance);
      return reinterpret_cast<const copy_record*>(segment + contents + distance);
    }
    if (whole >= size) break;
    segment += whole;
    size -= whole;
  }
  return nullptr;
}

struct search {
  // In: no module was loaded or unloaded since nothing was found.
  unsigned long long known_loads = 0;
  unsigned long long known_unloads = 0;
  // Out.
  bool unchanged = false;
  bool others = false;
  std::string apartment;  // of another copy, that the calling thread is in
  std::string module;     // which that copy is linked into
  std::string own_module;
};

std::string name_of(const dl_phdr_info& module) {
  const std::string_view name = module.dlpi_name != nullptr ? module.dlpi_name : "";
  return name.empty() ? "the program" : printable(name);
}

void look_into(const dl_phdr_info& module, search& found) {
  for (ElfW(Half) i = 0; i != module.dlpi_phnum; ++i) {
    const ElfW(Phdr)& header = module.dlpi_phdr[i];
    if (header.p_type != PT_NOTE) continue;
    // NOLINTNEXTLINE(performance-no-int-to-ptr): the loader gives numbers
    const auto* const segment = reinterpret_cast<const char*>(module.dlpi_addr + header.p_vaddr);
    const copy_record* const record = record_in(segment, header.p_memsz, header.p_align);
    if (record == nullptr) continue;
    if (record->identity == &library_identity) {
      if (record == &insula_copy_record) found.own_module = name_of(module);
      continue;
    }
    found.others = true;
    std::array<char, 256> text{};
    const std::size_t length = record->describe(text.data(), text.size());
    if (length == 0 || !found.apartment.empty()) continue;
    found.apartment = printable({text.data(), length});
    found.module = name_of(module);
  }
}

int visit(dl_phdr_info* module, std::size_t, void* given) noexcept {
  auto& found = *static_cast<search*>(given);
  if (found.known_loads == module->dlpi_adds && found.known_unloads == module->dlpi_subs) {
    found.unchanged = true;
    return 1;
  }
  try {
    look_into(*module, found);
    return 0;
  } catch (const std::exception&) {
    return 1;  // no memory: the next one who asks may have more luck
  }
}

int note_changes(dl_phdr_info* module, std::size_t, void* given) noexcept {
  *static_cast<std::pair<unsigned long long, unsigned long long>*>(given) = {module->dlpi_adds,
                                                                            module->dlpi_subs};
  return 1;
}

// Atomic: hints. How often modules had been loaded and unloaded when there was no other copy.
std::atomic<unsigned long long> alone_after_loads{0};
std::atomic<unsigned long long> alone_after_unloads{0};

}  // namespace

std::string apartment_of_another_copy() {
  search found;
  found.known_loads = alone_after_loads.load(std::memory_order_relaxed);
  found.known_unloads = alone_after_unloads.load(std::memory_order_relaxed);
  std::pair<unsigned long long, unsigned long long> changes;
  (void)::dl_iterate_phdr(&note_changes, &changes);
  (void)::dl_iterate_phdr(&visit, &found);
  if (found.unchanged) return {};
  if (!found.others) {
    alone_after_loads.store(changes.first, std::memory_order_relaxed);
    alone_after_unloads.store(changes.second, std::memory_order_relaxed);
  }
  if (found.apartment.empty()) return {};
  return "the calling thread is in " + found.apartment +
         " of another copy of Insula, linked into " + found.module +
         "; the one that is asked here is linked into " + found.own_module +
         ", and knows nothing of the other's apartments and objects. Link both with the shared "
         "libraries.";
}

void look_for_another_copy() noexcept {
  static constinit std::atomic<bool> told{false};
  if (told.load(std::memory_order_relaxed)) return;
  try {
    const std::string sentence = apartment_of_another_copy();
    if (!sentence.empty() && !told.exchange(true, std::memory_order_relaxed))
      log(log_level::error, sentence);
  } catch (const std::exception&) {
    // No memory for a sentence.
  }
}

}  // namespace insula
