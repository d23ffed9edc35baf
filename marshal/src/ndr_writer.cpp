// SPDX-License-Identifier: MIT
#include <insula/marshal/ndr_writer.hpp>

#include <insula/marshal/interface_packet.hpp>
#include <insula/marshal/ndr_error.hpp>

#include <map>
#include <tuple>
#include <utility>

namespace insula {

struct ndr_writer::full_pointers {
  struct entry {
    std::uint32_t referent;
    bool claimed = false;
  };
  // By pointee, type, and whether its receiver may free it.
  std::map<std::tuple<const void*, const void*, bool>, entry> known;
};

void ndr_writer::forget_full_pointers() noexcept { delete full_; }

void ndr_writer::overflow() {
  refuse_to_write("the message does not fit: it is larger than it was counted, or than 4 GB");
}

void ndr_writer::too_deep() {
  refuse_to_write(
      "pointers nest deeper than 512 levels: a long list or a cycle of plain pointers "
      "does not travel; use a container, or full_ptr for a cycle");
}

std::uint32_t ndr_writer::full_referent(const void* pointee, const void* type, bool* is_new) {
  if (full_ == nullptr) full_ = new full_pointers;
  const auto [at, inserted] =
      full_->known.try_emplace({pointee, type, replaceable_}, full_pointers::entry{0});
  if (inserted) at->second.referent = next_referent();
  *is_new = inserted;
  return at->second.referent;
}

bool ndr_writer::claim_full_pointee(const void* pointee, const void* type) {
  bool is_new = false;
  (void)full_referent(pointee, type, &is_new);
  return !std::exchange(full_->known.find({pointee, type, replaceable_})->second.claimed, true);
}

void ndr_writer::interface_body(REFIID iid, IUnknown* object) {
  if (object == nullptr) return;
  align(4);
  if (counting()) {
    size_ += 8 + interface_packet_size_max(iid, object);
    return;
  }
  need(8);
  std::byte* const counts = data_ + size_;
  const std::span<std::byte> room(counts + 8, capacity_ - size_ - 8);
  std::size_t written = 0;
  const HRESULT code = write_interface_packet(iid, object, room, &written);
  if (FAILED(code)) throw ndr_error(code, "an interface pointer could not be marshaled");
  if (ledger_ != nullptr) {
    try {
      ledger_->add(static_cast<std::uint32_t>(size_ + 8));
    } catch (...) {
      (void)release_interface_packet(room.first(written));
      throw;
    }
  }
  const auto length = static_cast<std::uint32_t>(written);
  std::memcpy(counts, &length, sizeof length);
  std::memcpy(counts + 4, &length, sizeof length);
  size_ += 8 + written;
}

}  // namespace insula
